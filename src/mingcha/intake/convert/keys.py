"""Pseudonyms of many numbers at once, and the clear values behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from mingcha.intake.convert.sheet import Sheet, whole

#: Clear values for the vault: kind (person, account, phone, cert), keys, values; repeats are possible.
Clear = tuple[str, pa.Array, pa.Array]
#: Takes clear values away; several threads may give at once.
Seal = Callable[[str, pa.Array, pa.Array], None]
_NUMBERS = "mingcha_numbers"
#: Fewer numbers are turned in Python: a statement costs more to prepare.
_FEW = 200


def pseudonyms(sheet: Sheet, domain: str, numbers: pa.Array) -> pa.Array:
    """The pseudonym of each number; NULL stays NULL. domain: person, account, phone, certificate."""
    there = numbers.drop_null() if numbers.null_count else numbers
    made = _made(sheet, domain, there)
    if not numbers.null_count:
        return made
    return pc.replace_with_mask(pa.nulls(len(numbers), pa.int64()), numbers.is_valid(), made)


def _made(sheet: Sheet, domain: str, numbers: pa.Array) -> pa.Array:
    if len(numbers) <= _FEW:
        make = getattr(sheet.keys, f"{domain}_of")
        return pa.array([make(number) for number in numbers.to_pylist()], pa.int64())
    sheet.con.register(_NUMBERS, pa.table({"number": numbers}))
    try:
        table = sheet.table(f"SELECT {getattr(sheet.keys, domain)('number')} AS key FROM {_NUMBERS}")
    finally:
        sheet.con.unregister(_NUMBERS)
    return whole(table["key"])


class Secrets:
    """Collects clear values of the rows that are kept. kept: by row; set before anything is added but tables."""

    def __init__(self) -> None:
        self.kept: pa.Array = pa.array([], pa.bool_())
        self._uses: dict[tuple[str, int], tuple[pa.Array, pa.Array, list[pa.Array]]] = {}
        self._found: dict[str, list[tuple[pa.Array, pa.Array]]] = {}

    def add(self, kind: str, at: pa.Array, keys: pa.Array, values: pa.Array) -> None:
        """Of cells: at tells which of them stands in each row."""
        uses = self._uses.setdefault((kind, id(keys)), (keys, values, []))
        uses[2].append(at)

    def add_rows(self, kind: str, rows: pa.Array, keys: pa.Array, values: pa.Array) -> None:
        """Of single rows, by their place."""
        kept = self.kept.take(rows)
        self.add_all(kind, keys.filter(kept), values.filter(kept))

    def add_all(self, kind: str, keys: pa.Array, values: pa.Array) -> None:
        """Of whatever rows."""
        self._found.setdefault(kind, []).append((keys, values))

    def clear(self) -> list[Clear]:
        """All that was collected, each kind once."""
        found = {kind: list(pairs) for kind, pairs in self._found.items()}
        for (kind, _), use in self._uses.items():
            found.setdefault(kind, []).append(self._used(*use))
        return [
            (kind, *(pa.concat_arrays(arrays) for arrays in zip(*pairs, strict=True))) for kind, pairs in found.items()
        ]

    def _used(self, keys: pa.Array, values: pa.Array, places: Sequence[pa.Array]) -> tuple[pa.Array, pa.Array]:
        if pc.all(self.kept).as_py():
            # no row was refused: each cell stands in one of them
            return (keys, values) if not keys.null_count else (keys.drop_null(), values.filter(keys.is_valid()))
        at = pa.chunked_array([place.filter(self.kept) for place in places], pa.int32())
        used = pc.unique(at).drop_null()
        keys, values = keys.take(used), values.take(used)
        there = keys.is_valid()
        return keys.filter(there), values.filter(there)
