"""Mingcha 明察: compares the files offices exchange and shows, with evidence, what needs a look."""

import os

__version__ = "0.1.0"

# Arrow's own allocators keep what was freed: of a county's intake some 240 MiB that the rules then lack. The system's
# gives it back, at no measurable cost. Arrow looks once, when it is first loaded.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
