"""What every page shares: frame, tables, filters, charts (界面)."""
