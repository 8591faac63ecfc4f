"""Comparison runs, rule pages and policy parameters (比对)."""
