"""The generator's own model of a county: places, families, programmes, offices' knowledge of them."""
