"""Clear numbers and original files under authenticated encryption (AES-256-GCM).

Numbers lie in segments, one a snapshot: pages of sorted keys, each page sealed on its own, so that revealing a few
persons opens a few pages. A segment is a Parquet file of sealed pages; only kind and key range stand in the open, and
keys are pseudonyms. Each page is bound to its segment, kind and number: pages cannot be swapped unnoticed.

Rows come a stretch at a time and are sealed at once: what is in clear is never kept, and ranges of pages overlap.
"""

from __future__ import annotations

import math
import os
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet as pq
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mingcha.errors import WorkspaceError
from mingcha.vault.among import HARDLY_ANY, share_among

PAGE_ROWS = 4096  # some 130 KiB in clear: small enough to open for one person, large enough to seal a million fast
NONCE_BYTES = 12
CHUNK_BYTES = 1 << 20
KINDS = ("person", "account", "phone", "cert")
#: Where more than this share of a stretch's numbers is new, looking for them among earlier ones was in vain.
_MOSTLY_NEW = 0.8
#: So many times in a row, and it is given up.
_PATIENCE = 4
_NO_KEYS = pa.array([], pa.int64())
#: A segment up to this size is read in one go, whether or not a page of it is needed.
_READ_AT_ONCE = 1 << 20
#: Pages are searched for all keys again until no more than this share of them is missing.
_STILL_MISSING = 0.8

_SEGMENT = pa.schema(
    [
        ("kind", pa.string()),
        ("first_key", pa.int64()),
        ("last_key", pa.int64()),
        ("nonce", pa.binary(NONCE_BYTES)),
        ("sealed", pa.binary()),
    ]
)


class Vault:
    """The vault of a workspace. folder holds segments and originals; sealing is a 32-byte key."""

    def __init__(self, folder: Path, sealing: bytes) -> None:
        self._folder = folder
        self._cipher = AESGCM(sealing)

    @contextmanager
    def segment(self, path: Path, name: str) -> Iterator[Segment]:
        """A segment to which the clear numbers of one snapshot are given; it lies in path when the block ends well.

        name     the segment's name, bound into every page
        """
        made = Segment(name, self._cipher, path)
        try:
            yield made
        except BaseException:
            made.close()
            path.unlink(missing_ok=True)
            raise
        made.close()

    def write_segment(self, path: Path, name: str, secrets: pa.Table) -> None:
        """Seals the clear numbers of one snapshot into path, as ``segment``.

        secrets  columns kind (person, account, phone, cert), key BIGINT, value text; order and repeats do not matter
        """
        with self.segment(path, name) as segment:
            for kind in KINDS:
                rows = secrets.filter(pc.equal(secrets["kind"], kind)).combine_chunks()
                for batch in rows.to_batches():
                    segment.add(kind, batch["key"], batch["value"])

    def reveal(
        self,
        kind: str,
        keys: Iterable[int],
        segments: Iterable[str],
        *,
        place: Callable[[Path], Path] = lambda path: path,
    ) -> dict[int, str]:
        """Clear values of the keys, from the named segments; keys that none of them holds are left out.

        place   where a segment lies now: ``Change.staged`` for those of a run that is not committed
        Raises WorkspaceError if a page was changed or belongs elsewhere.
        """
        missing = set(keys)
        wanted = sorted(missing)
        found: dict[int, str] = {}
        for name in segments:
            if not missing:
                break
            for page in self._pages_with(name, kind, wanted, place(self.segment_path(name))):
                hits = page.filter(pc.is_in(page["key"], value_set=pa.array(wanted, pa.int64())))
                here = hits["key"].to_pylist()
                found.update(zip(here, hits["value"].to_pylist(), strict=True))
                missing.difference_update(here)
            # now and then: sorting anew after every segment costs more than it saves
            if len(missing) < _STILL_MISSING * len(wanted):
                wanted = sorted(missing)
        return found

    def _pages_with(self, name: str, kind: str, wanted: list[int], path: Path) -> Iterator[pa.Table]:
        segment = pq.ParquetFile(path, memory_map=False)
        # a thread of its own costs more than so little takes to read
        boxes = segment.read(use_threads=False) if path.stat().st_size <= _READ_AT_ONCE else None
        ranges = ["kind", "first_key", "last_key"]
        index = segment.read(columns=ranges) if boxes is None else boxes.select(ranges)
        pages = enumerate(index.to_pylist())
        needed = [i for i, page in pages if page["kind"] == kind and _any_between(wanted, page)]
        if not needed:
            return
        if boxes is None:
            boxes = segment.read(columns=["nonce", "sealed"])
        for i in needed:
            nonce, sealed = boxes["nonce"][i].as_py(), boxes["sealed"][i].as_py()
            try:
                yield _unpack(self._cipher.decrypt(nonce, sealed, _bound(name, kind, i)))
            except InvalidTag as error:
                raise WorkspaceError(
                    "保险箱的一页校验不通过，内容可能被改动，或密钥不是这个工作区的。",
                    remedy="请从备份恢复工作区的 vault 文件夹。",
                    code="vault.tampered",
                ) from error

    def segment_path(self, name: str) -> Path:
        """Where the named segment lies."""
        return self._folder / "segments" / f"{name}.parquet"

    def original_path(self, sha256: str) -> Path:
        """Where the sealed original with that content lies."""
        return self._folder / "originals" / f"{sha256}.sealed"

    def seal_file(self, source: Path, target: Path) -> None:
        """Seals a file chunk by chunk; each chunk is bound to its number and to being the last or not."""
        with source.open("rb") as clear, target.open("wb") as out:
            number, chunk = 0, clear.read(CHUNK_BYTES)
            while True:
                following = clear.read(CHUNK_BYTES)
                nonce = os.urandom(NONCE_BYTES)
                box = self._cipher.encrypt(nonce, chunk, _bound("file", "end" if not following else "more", number))
                out.write(len(box).to_bytes(4, "big") + nonce)
                out.write(box)
                if not following:
                    return
                number, chunk = number + 1, following

    def open_file(self, sealed: Path) -> Iterator[bytes]:
        """The clear chunks of a sealed file. Raises WorkspaceError if it was cut short or changed."""
        with sealed.open("rb") as boxes:
            number = 0
            head = boxes.read(4 + NONCE_BYTES)
            while head:
                box = boxes.read(int.from_bytes(head[:4], "big"))
                head_next = boxes.read(4 + NONCE_BYTES)
                bound = _bound("file", "more" if head_next else "end", number)
                try:
                    yield self._cipher.decrypt(head[4:], box, bound)
                except InvalidTag as error:
                    raise WorkspaceError("原件的密封被破坏或不完整。", code="vault.tampered") from error
                head, number = head_next, number + 1


class Segment:
    """The pages of one segment while rows come; several threads may add at once. Close it.

    A number that comes again is left out where many do (the payments of a year); where few do, each page they would
    be looked for in costs more than it saves. Pages are written down as soon as it is their turn: at the end there is
    nothing left that a whole list would be waiting for.
    """

    def __init__(self, name: str, cipher: AESGCM, path: Path) -> None:
        self._name = name
        self._cipher = cipher
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._ready: dict[int, dict[str, object]] = {}
        self._written = 0
        self._count = 0
        self._seen: dict[str, pa.Array] = {}
        self._in_vain: Counter[str] = Counter()
        # what is sealed repeats nowhere and is looked up by nothing: a dictionary of it would be built for nothing
        self._file = pq.ParquetWriter(
            path, _SEGMENT, compression="none", use_dictionary=["kind"], write_statistics=False
        )

    def add(self, kind: str, keys: pa.Array, values: pa.Array) -> None:
        """Seals clear values and forgets them. kind: person, account, phone, cert; order and repeats do not matter."""
        if not len(keys):
            return
        order = pc.sort_indices(keys)
        keys = keys.take(order)
        is_other = pc.not_equal(keys.slice(1), keys.slice(0, len(keys) - 1))
        is_first = pa.concat_arrays([pa.array([True]), is_other])
        if not pc.all(is_first).as_py():
            order, keys = order.filter(is_first), keys.filter(is_first)
        with self._lock:
            is_new = self._is_new(kind, keys)
            if is_new is not None:
                order, keys = order.filter(is_new), keys.filter(is_new)
            first = self._count
            self._count += math.ceil(len(keys) / PAGE_ROWS)
        rows = pa.record_batch([keys, values.take(order)], ["key", "value"])
        starts = enumerate(range(0, len(keys), PAGE_ROWS), first)
        self._write({number: self._sealed(kind, number, rows.slice(start, PAGE_ROWS)) for number, start in starts})

    def _write(self, pages: dict[int, dict[str, object]]) -> None:
        """Writes down all pages that come next: their place in the file is their number."""
        with self._turn:
            self._ready |= pages
            following = []
            while self._written in self._ready:
                following.append(self._ready.pop(self._written))
                self._written += 1
            if following:
                self._file.write_table(pa.Table.from_pylist(following, schema=_SEGMENT))

    def _is_new(self, kind: str, keys: pa.Array) -> pa.Array | None:
        """Which of the keys no page holds yet; None: they are not looked for."""
        if self._in_vain[kind] >= _PATIENCE:
            return None
        seen = self._seen.get(kind, _NO_KEYS)
        is_new = None if share_among(seen, keys) < HARDLY_ANY else pc.invert(pc.is_in(keys, value_set=seen))
        in_vain = is_new is None or pc.sum(is_new).as_py() > _MOSTLY_NEW * len(keys)
        self._in_vain[kind] = self._in_vain[kind] + 1 if in_vain else 0
        gone = self._in_vain[kind] >= _PATIENCE
        new = keys if is_new is None else keys.filter(is_new)
        self._seen[kind] = _NO_KEYS if gone else pa.concat_arrays([seen, new])
        return is_new

    def _sealed(self, kind: str, number: int, page: pa.RecordBatch) -> dict[str, object]:
        nonce = os.urandom(NONCE_BYTES)
        return {
            "kind": kind,
            "first_key": page["key"][0].as_py(),
            "last_key": page["key"][-1].as_py(),
            "nonce": nonce,
            "sealed": self._cipher.encrypt(nonce, _pack(page), _bound(self._name, kind, number)),
        }

    def close(self) -> None:
        """Ends the file, once nothing is added any more."""
        self._file.close()


def _bound(name: str, kind: str, number: int) -> bytes:
    return f"{name}|{kind}|{number}".encode()


def _any_between(sorted_numbers: list[int], page: dict[str, int]) -> bool:
    at = bisect_left(sorted_numbers, page["first_key"])
    return at < len(sorted_numbers) and sorted_numbers[at] <= page["last_key"]


def _pack(page: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, page.schema) as writer:
        writer.write_batch(page)
    return bytes(sink.getvalue())


def _unpack(data: bytes) -> pa.Table:
    return pa.ipc.open_stream(data).read_all()
