"""Pages of uploads, by topic."""
