"""Findings, their evidence and the warnings of higher offices (疑点)."""
