"""Files that offices hand in, read in the background (数据报送)."""
