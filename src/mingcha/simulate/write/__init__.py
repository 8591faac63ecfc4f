"""Writers: from a table as an office thinks of it to the cells and the container it ends up in."""
