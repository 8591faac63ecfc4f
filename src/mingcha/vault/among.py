"""Whether numbers of which many are known already are worth looking for among these."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

#: Where a lesser share of a sample is known, numbers are not looked for: that costs half of taking them as new.
HARDLY_ANY = 0.1
_SAMPLE = 500


def share_among(known: pa.Array, asked: pa.Array) -> float:
    """The share of a sample, taken from the whole length of what is asked, that is known; neither has repeats."""
    if not len(known) or not len(asked):
        return 0.0
    sample = asked.take(pa.arange(0, len(asked), max(1, len(asked) // _SAMPLE)))
    return float((pc.sum(pc.is_in(known, value_set=sample)).as_py() or 0) / len(sample))
