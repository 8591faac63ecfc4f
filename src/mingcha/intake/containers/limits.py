"""What one file may cost, and why: a damaged or hostile file must not take the machine with it.

None of these is policy; each is generous against what offices send (a county's yearly payment book has some 40 MB).
"""

from __future__ import annotations

import os
from dataclasses import dataclass

MIB = 1 << 20
GIB = 1 << 30

MAX_FILE_BYTES = 2 * GIB
"""A larger file is no spreadsheet a clerk can open; hashing it alone would take minutes on an office disk."""

MAX_UNPACKED_BYTES = 4 * GIB
"""Sum of all parts of a zipped book, unpacked. A full sheet (1,048,576 rows × 30 columns) unpacks to some 1.5 GB."""

MAX_RATIO = 250
"""Unpacked to packed. Real sheets lie at 8 to 20, a million rows of equal styled blanks at some 100, a bomb near
1,000."""

RATIO_COUNTS_FROM = 64 * MIB
"""Below this size even the worst ratio harms nobody, so a small sheet of equal rows is not refused."""

MAX_COLUMNS = 1024
"""Wide payment sheets have some hundred columns. A stray cell at XFD must not make 16,384 columns for every row."""

DENSE_CELLS = 40_000_000
"""python-calamine holds a sheet as a full rectangle, 32 bytes a cell: 1.3 GB. Larger ones are read row by row."""

BATCH_ROWS = 20_000
BATCH_CELLS = 1_000_000
"""One record batch holds at most so much, so that memory stays flat whatever the sheet's width."""

MAX_LINES_PER_RECORD = 200
"""A quoted cell of a text file with more line breaks is an unclosed quote, not a cell."""

MAX_CELL_CHARS = 1_000_000
"""Excel's own limit is 32,767; a longer text cell is damage."""

MAX_RESTARTS = 3
"""How many sheets of one book may end the reader before the rest of the book is given up."""

AHEAD = 2
"""Books read ahead of the consumer, and so workers: more would only fill the staging folder."""


@dataclass(frozen=True)
class Limits:
    """What a worker may use for one file.

    memory_bytes        address space beyond what the worker has once started (POSIX)
    seconds             for any file, on a slow and busy machine
    seconds_per_mib     on top, for each MiB of the file; packed sheets take some 0.3 s
    """

    memory_bytes: int = 3 * GIB
    seconds: float = 90.0
    seconds_per_mib: float = 6.0

    def time_for(self, size: int) -> float:
        """Seconds that a file of so many bytes may take."""
        return self.seconds + self.seconds_per_mib * size / MIB

    def memory_for_this_machine(self) -> int:
        """The limit of memory, at most half of what the machine has: two workers run side by side."""
        try:
            physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        except (AttributeError, ValueError, OSError):  # Windows has no sysconf, some systems not these names
            return self.memory_bytes
        return min(self.memory_bytes, max(physical // 2, GIB // 2))
