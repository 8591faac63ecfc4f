"""findings.xlsx: the findings for people who work in a spreadsheet program."""

from mingcha.outputs.workbook.book import write_workbook
from mingcha.outputs.workbook.names import SheetNames

__all__ = ["SheetNames", "write_workbook"]
