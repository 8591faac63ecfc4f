"""The quick way for text files as programs write them: no quotation marks, every line of the same width.

pyarrow reads these several times faster than Python's csv module, and pieces of whole lines are read side by side; at
the first line of another width, a quotation mark or bytes of another encoding it gives up, and the patient reader
begins anew. So nothing has to be known of the file beforehand but what its first lines say.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from mingcha.intake.containers.cells import text_column_arrays
from mingcha.intake.containers.limits import MAX_COLUMNS, MIB
from mingcha.intake.containers.sink import SheetFacts, Sink, Source
from mingcha.intake.model import CellKind

#: A piece and its columns should stay near the processor: of double the size, reading takes a third longer.
_PIECE = 2 * MIB
#: Pieces read side by side: the process that converts waits for the first rows, so that its core is free.
_AT_ONCE = 2
_MARK = "\ufeff".encode()

Columns = list[tuple[pa.Array, pa.Array]]


class _NotTidy(Exception):
    """Something only the patient reader can say."""


def is_tidy(sample: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether the quick way is worth a try."""
    return width <= MAX_COLUMNS and all(line.count(delimiter) == width - 1 for line in sample)


def read_tidy(source: Source, sink: Sink, codec: str, delimiter: str, width: int) -> bool:
    """Reads the file as one sheet; False, with nothing kept, if it is not tidy after all.

    codec  utf-8, utf-8-sig (with a mark) or gb18030
    """
    form = _Form(codec, delimiter, width)
    try:
        with (
            sink.sheet(SheetFacts("")) as writer,
            source.path.open("rb") as file,
            closing(_read_side_by_side(form, file)) as pieces,
        ):
            if codec == "utf-8-sig":
                file.seek(len(_MARK))
            row = 1
            for count, columns in pieces:
                writer.add_arrays(pa.arange(row, row + count).cast(pa.int32()), columns)
                row += count
    except (_NotTidy, pa.ArrowInvalid, UnicodeDecodeError):
        return False
    return True


def _read_side_by_side(form: _Form, file: IO[bytes]) -> Generator[tuple[int, Columns], None, None]:
    """The rows of each piece, in order; no more pieces are held than are under way."""
    waiting: deque[Future[tuple[int, Columns]]] = deque()
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for piece in _pieces(file):
            if len(waiting) > _AT_ONCE:
                yield waiting.popleft().result()
            waiting.append(threads.submit(form.read, piece))
        while waiting:
            yield waiting.popleft().result()


def _pieces(file: IO[bytes]) -> Iterator[bytearray]:
    """The file in pieces of whole lines. A line end is the same byte in both encodings and no part of a character."""
    rest = b""
    while True:
        piece = bytearray(len(rest) + _PIECE)
        piece[: len(rest)] = rest
        with memoryview(piece) as room:
            read = file.readinto(room[len(rest) :])  # type: ignore[attr-defined]  # of a file opened for bytes
        del piece[len(rest) + read :]
        if not read:
            break
        end = piece.rfind(b"\n", len(rest)) + 1
        if end:
            rest = bytes(piece[end:])
            del piece[end:]
            yield piece
        elif read == _PIECE:
            raise _NotTidy  # no such line stands in a table
        else:
            rest = bytes(piece)
    if rest:
        yield bytearray(rest)


@dataclass(frozen=True)
class _Form:
    """How the file's lines are read."""

    codec: str
    delimiter: str
    width: int

    def read(self, piece: bytearray) -> tuple[int, Columns]:
        """How many rows a piece has, and its columns as text and kind."""
        if b'"' in piece or b"\0" in piece or piece.startswith(_MARK):
            raise _NotTidy
        text = piece if self.codec != "gb18030" else piece.decode(self.codec).encode()
        held = pa.py_buffer(text)
        # checked as a whole: cell by cell it would take a third of the reading
        pa.Array.from_buffers(pa.binary(), 1, [None, _ends(held), held]).cast(pa.string())
        names = [f"c{index}" for index in range(self.width)]
        table = pa.csv.read_csv(
            pa.BufferReader(held),
            pa.csv.ReadOptions(use_threads=False, block_size=held.size + 1, column_names=names),
            pa.csv.ParseOptions(
                delimiter=self.delimiter, quote_char=False, double_quote=False, escape_char=False,
                ignore_empty_lines=False,
            ),
            # empty cells come as NULL, which is how they are kept
            pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.binary()), null_values=[""], strings_can_be_null=True
            ),
        )  # fmt: skip
        batch = table.combine_chunks().to_batches()[0]
        arrays_of = _plain_arrays if _is_plain(text) else text_column_arrays
        return batch.num_rows, [arrays_of(column.view(pa.string())) for column in batch.columns]


def _ends(text: pa.Buffer) -> pa.Buffer:
    """Where a text begins and ends."""
    return pa.array([0, text.size], pa.int32()).buffers()[1]


#: First bytes of signs that are white space, or begin a formula; the ends of lines stand in no cell.
_ODD = (
    *(bytes([sign]) for sign in range(0x21) if chr(sign).isspace() and chr(sign) not in "\r\n"),
    *(b"=", b"\xc2", b"\xe1", b"\xe2", b"\xe3"),
)


def _is_plain(text: bytes | bytearray) -> bool:
    """Whether no cell can begin with white space or an equals sign: the text has none. Cell by cell this is dearer."""
    return not any(sign in text for sign in _ODD)


def _plain_arrays(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """As ``text_column_arrays``, of cells without white space, the empty ones NULL."""
    if not texts.null_count:
        return texts, pa.repeat(_TEXT, len(texts))
    return texts, pc.if_else(texts.is_valid(), _TEXT, _EMPTY)


_TEXT, _EMPTY = (pa.scalar(int(kind), pa.int8()) for kind in (CellKind.TEXT, CellKind.EMPTY))
