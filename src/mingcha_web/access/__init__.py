"""Who may do what (权限): accounts, roles, the policy table, scopes."""
