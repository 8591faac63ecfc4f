"""Readers of whole columns: each gives the SQL that turns cells as written into typed values."""
