"""Pages of cases and clues."""
