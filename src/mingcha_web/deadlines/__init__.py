"""Working days and limits (期限)."""
