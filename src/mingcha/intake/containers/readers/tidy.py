"""The quick way for text files as programs write them: no quotation marks, every line of the same width.

pyarrow reads these several times faster than Python's csv module; at the first line of another width it gives up,
and the patient reader begins anew.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.csv

from mingcha.intake.containers.limits import MAX_COLUMNS, MIB
from mingcha.intake.containers.sink import SheetFacts, Sink, Source
from mingcha.intake.containers.text import Encoding

_BLOCK = 4 * MIB
_CODECS = {"utf-8": "utf8", "gb18030": "gb18030"}


def is_tidy(sample: Sequence[str], encoding: Encoding, delimiter: str, width: int) -> bool:
    """Whether the quick way is worth a try."""
    return (
        encoding.codec in _CODECS
        and not encoding.has_nul
        and not encoding.has_quote
        and width <= MAX_COLUMNS
        and all(line.count(delimiter) == width - 1 for line in sample)
    )


def read_tidy(source: Source, sink: Sink, encoding: Encoding, delimiter: str, width: int) -> bool:
    """Reads the file as one sheet; False, with nothing kept, if it is not tidy after all."""
    names = [f"c{index}" for index in range(width)]
    read = pa.csv.ReadOptions(use_threads=True, block_size=_BLOCK, column_names=names, encoding=_CODECS[encoding.codec])
    parse = pa.csv.ParseOptions(
        delimiter=delimiter, quote_char=False, double_quote=False, escape_char=False, ignore_empty_lines=False
    )
    convert = pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    try:
        with (
            sink.sheet(SheetFacts("")) as writer,
            source.path.open("rb") as file,
            pa.csv.open_csv(file, read_options=read, parse_options=parse, convert_options=convert) as batches,
        ):
            row = 1
            for batch in batches:
                writer.add_text_batch(range(row, row + batch.num_rows), batch)
                row += batch.num_rows
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return False
    return True
