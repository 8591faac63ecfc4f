"""The workbench (工作台): carries findings from the comparison to a closed case, for every role, in the browser."""
