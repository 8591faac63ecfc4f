"""The audit log (操作日志): what was read, written, exported and refused, in a chain that shows any change."""
