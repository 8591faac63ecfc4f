"""What recognition works with: catalogue, divisions, mapping files, remembered mappings."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mingcha.datasets import Catalogue, load_catalogue
from mingcha.intake.recognise.lexicon import Lexicon, load_lexicon
from mingcha.intake.recognise.mapping_file import MappingEntry, entry_from, entry_to, read_mapping_files
from mingcha.intake.recognise.titles import load_signs
from mingcha.values.divisions import Divisions, load_divisions


@dataclass
class Context:
    """Everything that the reading of a sheet depends on besides the sheet.

    entries      of the folder's mapping files, the nearest file's first
    remembered   header fingerprint → entry of an earlier run
    learned      header fingerprint → entry: mapping-file entries that met a sheet in this run
    """

    catalogue: Catalogue
    divisions: Divisions
    lexicon: Lexicon
    entries: tuple[MappingEntry, ...] = ()
    remembered: Mapping[str, MappingEntry] = field(default_factory=dict)
    learned: dict[str, MappingEntry] = field(default_factory=dict)

    def learn(self, fingerprint: str, entry: MappingEntry) -> None:
        """Notes that an entry of a mapping file was used for headers of this fingerprint."""
        self.learned[fingerprint] = entry

    def to_remember(self) -> dict[str, dict[str, Any]]:
        """Fingerprint → JSON-able mapping, of the mappings used in this run: call after the last sheet."""
        return {fingerprint: entry_to(entry) for fingerprint, entry in sorted(self.learned.items())}

    def state(self) -> str:
        """A digest of all mappings in force: equal state, equal reading. A mapping that moves from file to memory
        does not change it."""
        parts = {_digest(entry) for entry in (*self.entries, *self.remembered.values())}
        return hashlib.sha256("".join(sorted(parts)).encode()).hexdigest()[:16]


def _digest(entry: MappingEntry) -> str:
    facts = {key: value for key, value in entry_to(entry).items() if key != "source"}
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def build_context(folder: Path, remembered: Mapping[str, Any] | None = None) -> Context:
    """The context of a compared folder.

    remembered   as a workspace keeps them: fingerprint → what to_remember gave; entries that no longer fit the
                 catalogue are left out
    Raises UsageError where a mapping file is not well formed.
    """
    with _nothing_collected():
        return _build(folder, remembered)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """All that is loaded here stays: to look for garbage among it, again and again, was a fifth of the loading."""
    was_collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collected:
            gc.enable()


def _build(folder: Path, remembered: Mapping[str, Any] | None) -> Context:
    catalogue = load_catalogue()
    load_signs()  # wanted with the first sheet: here it is read while the process that reads files starts up
    kept = {fingerprint: entry_from(raw, catalogue) for fingerprint, raw in (remembered or {}).items()}
    return Context(
        catalogue=catalogue,
        divisions=load_divisions(),
        lexicon=load_lexicon(),
        entries=read_mapping_files(folder, catalogue),
        remembered={fingerprint: entry for fingerprint, entry in kept.items() if entry is not None},
    )
