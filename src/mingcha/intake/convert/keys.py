"""Pseudonyms of many numbers at once, and the clear values behind them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from mingcha.intake.convert.sheet import Sheet, standing, whole
from mingcha.vault.among import HARDLY_ANY, share_among

#: Clear values for the vault: kind (person, account, phone, cert), keys, values; repeats are possible.
Clear = tuple[str, pa.Array, pa.Array]
#: Takes clear values away; several threads may give at once.
Seal = Callable[[str, pa.Array, pa.Array], None]
_NUMBERS = "mingcha_numbers"
#: Fewer numbers are turned in Python: a statement costs more to prepare.
_FEW = 200
#: Where more than this share of a stretch's numbers is new, looking for them among earlier ones was in vain.
_MOSTLY_NEW = 0.8
#: The first stretches of a sheet are typed at once and know nothing of each other.
_PATIENCE = 4


def pseudonyms(sheet: Sheet, domain: str, numbers: pa.Array) -> pa.Array:
    """The pseudonym of each number; NULL stays NULL. domain: person, account, phone, certificate."""
    there = numbers.drop_null() if numbers.null_count else numbers
    made = _made(sheet, domain, there)
    if not numbers.null_count:
        return made
    return pc.replace_with_mask(pa.nulls(len(numbers), pa.int64()), numbers.is_valid(), made)


def _made(sheet: Sheet, domain: str, numbers: pa.Array) -> pa.Array:
    if domain == "person" and sheet.keys.turns_in_blocks:
        return sheet.keys.persons(numbers)
    if len(numbers) <= _FEW:
        make = getattr(sheet.keys, f"{domain}_of")
        return pa.array([make(number) for number in numbers.to_pylist()], pa.int64())
    sheet.con.register(_NUMBERS, pa.table({"number": numbers}))
    try:
        table = sheet.table(f"SELECT {getattr(sheet.keys, domain)('number')} AS key FROM {_NUMBERS}")
    finally:
        sheet.con.unregister(_NUMBERS)
    return whole(table["key"])


class Known:
    """Pseudonyms made for the stretches of a sheet so far: payments name the same persons every month.

    Where most numbers are new several times in a row they are no longer looked for: a register names nobody twice.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[str, tuple[pa.Array, pa.Array]] = {}
        self._in_vain: Counter[str] = Counter()

    def pseudonyms(self, sheet: Sheet, domain: str, numbers: pa.Array) -> pa.Array:
        """As the function; several threads may ask at once."""
        is_cheap = domain == "person" and sheet.keys.turns_in_blocks
        if is_cheap or not sheet.is_long or self._in_vain[domain] >= _PATIENCE:
            return pseudonyms(sheet, domain, numbers)
        with self._lock:
            known, keys = self._made.get(domain, (pa.array([], pa.string()), pa.array([], pa.int64())))
        if share_among(known, numbers) < HARDLY_ANY:
            made = pseudonyms(sheet, domain, numbers)
            self._keep(domain, numbers.drop_null(), made.drop_null(), is_mostly_new=True)
            return made
        place = pc.index_in(numbers, value_set=known)
        is_new = pc.and_(place.is_null(), numbers.is_valid())
        new = numbers.filter(is_new)
        made = pseudonyms(sheet, domain, new)
        self._keep(domain, new, made, is_mostly_new=len(new) > _MOSTLY_NEW * len(numbers))
        return pc.replace_with_mask(keys.take(place), is_new, made)

    def _keep(self, domain: str, numbers: pa.Array, keys: pa.Array, *, is_mostly_new: bool) -> None:
        with self._lock:
            self._in_vain[domain] = self._in_vain[domain] + 1 if is_mostly_new else 0
            if self._in_vain[domain] >= _PATIENCE:
                self._made.pop(domain, None)
                return
            before = self._made.get(domain)
            pairs = [(numbers, keys)] if before is None else [before, (numbers, keys)]
            texts, made = (pa.concat_arrays(arrays) for arrays in zip(*pairs, strict=True))
            self._made[domain] = texts, made


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
        """Of the cells that stand in a row that is kept."""
        used = keys.is_valid()
        if not pc.all(self.kept).as_py():
            stands = [standing(place.filter(self.kept), len(keys)) for place in places]
            used = pc.and_(used, reduce(pc.or_, stands))
        return keys.filter(used), values.filter(used)
