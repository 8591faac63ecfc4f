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
import pyarrow.csv

from mingcha.intake.containers.cells import text_column_arrays
from mingcha.intake.containers.limits import MAX_COLUMNS, MIB
from mingcha.intake.containers.sink import SheetFacts, Sink, Source

_PIECE = 4 * MIB
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


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces of whole lines. A line end is the same byte in both encodings and no part of a character."""
    rest = b""
    while read := file.read(_PIECE):
        end = read.rfind(b"\n") + 1
        if end:
            yield rest + read[:end]
        elif len(read) == _PIECE:
            raise _NotTidy  # no such line stands in a table
        rest = read[end:] if end else rest + read
    if rest:
        yield rest


@dataclass(frozen=True)
class _Form:
    """How the file's lines are read."""

    codec: str
    delimiter: str
    width: int

    def read(self, piece: bytes) -> tuple[int, Columns]:
        """How many rows a piece has, and its columns as text and kind."""
        if b'"' in piece or b"\0" in piece or piece.startswith(_MARK):
            raise _NotTidy
        text = piece if self.codec != "gb18030" else piece.decode(self.codec).encode()
        # checked as a whole: cell by cell it would take a third of the reading
        pa.array([text], pa.binary()).cast(pa.string())
        names = [f"c{index}" for index in range(self.width)]
        table = pa.csv.read_csv(
            pa.BufferReader(text),
            pa.csv.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=names),
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
        return batch.num_rows, [text_column_arrays(column.view(pa.string())) for column in batch.columns]
