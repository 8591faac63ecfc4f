"""Clear numbers and original files under authenticated encryption (AES-256-GCM).

Numbers lie in segments, one a snapshot: pages of sorted keys, each page sealed on its own, so that revealing a few
persons opens a few pages. A segment is a Parquet file of sealed pages; only kind and key range stand in the open, and
keys are pseudonyms. Each page is bound to its segment, kind and number: pages cannot be swapped unnoticed.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet as pq
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mingcha.errors import WorkspaceError

PAGE_ROWS = 4096  # some 130 KiB in clear: small enough to open for one person, large enough to seal a million fast
NONCE_BYTES = 12
CHUNK_BYTES = 1 << 20
KINDS = ("person", "account", "phone", "cert")

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

    def write_segment(self, path: Path, name: str, secrets: pa.Table) -> None:
        """Seals the clear numbers of one snapshot into path.

        secrets  columns kind (person, account, phone, cert), key BIGINT, value text; order and repeats do not matter
        name     the segment's name, bound into every page
        """
        pages = list(self._seal_pages(name, secrets))
        pq.write_table(pa.Table.from_pylist(pages, schema=_SEGMENT), path, compression="none")

    def _seal_pages(self, name: str, secrets: pa.Table) -> Iterator[dict[str, object]]:
        number = 0
        for kind in KINDS:
            rows = secrets.filter(pc.equal(secrets["kind"], kind)).select(["key", "value"])
            rows = rows.group_by(["key"]).aggregate([("value", "min")]).rename_columns(["key", "value"])
            rows = rows.sort_by("key").combine_chunks()
            for start in range(0, rows.num_rows, PAGE_ROWS):
                page = rows.slice(start, PAGE_ROWS)
                nonce = os.urandom(NONCE_BYTES)
                sealed = self._cipher.encrypt(nonce, _pack(page), _bound(name, kind, number))
                keys = page["key"]
                yield {
                    "kind": kind,
                    "first_key": keys[0].as_py(),
                    "last_key": keys[-1].as_py(),
                    "nonce": nonce,
                    "sealed": sealed,
                }
                number += 1

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
        wanted = pa.array(sorted(set(keys)), pa.int64())
        found: dict[int, str] = {}
        for name in segments:
            if not len(wanted):
                break
            here: list[pa.Array] = []
            for page in self._pages_with(name, kind, wanted, place(self.segment_path(name))):
                hits = page.filter(pc.is_in(page["key"], value_set=wanted))
                found.update(zip(hits["key"].to_pylist(), hits["value"].to_pylist(), strict=True))
                here += hits["key"].chunks
            if here:
                wanted = wanted.filter(pc.invert(pc.is_in(wanted, value_set=pa.concat_arrays(here))))
        return found

    def _pages_with(self, name: str, kind: str, wanted: pa.Array, path: Path) -> Iterator[pa.Table]:
        segment = pq.ParquetFile(path, memory_map=False)
        index = segment.read(columns=["kind", "first_key", "last_key"]).to_pylist()
        numbers = wanted.to_pylist()
        needed = [i for i, page in enumerate(index) if page["kind"] == kind and _any_between(numbers, page)]
        if not needed:
            return
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
                out.write(len(box).to_bytes(4, "big") + nonce + box)
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


def _bound(name: str, kind: str, number: int) -> bytes:
    return f"{name}|{kind}|{number}".encode()


def _any_between(sorted_numbers: list[int], page: dict[str, int]) -> bool:
    at = bisect_left(sorted_numbers, page["first_key"])
    return at < len(sorted_numbers) and sorted_numbers[at] <= page["last_key"]


def _pack(page: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, page.schema) as writer:
        writer.write_table(page)
    return bytes(sink.getvalue())


def _unpack(data: bytes) -> pa.Table:
    return pa.ipc.open_stream(data).read_all()
