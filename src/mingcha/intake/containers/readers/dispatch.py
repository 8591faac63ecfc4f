"""From the container to its reader."""

from __future__ import annotations

from collections.abc import Callable

from mingcha.intake.containers.readers.biff import read_biff
from mingcha.intake.containers.readers.books import read_book
from mingcha.intake.containers.readers.dbf import read_dbf
from mingcha.intake.containers.readers.delimited import read_delimited
from mingcha.intake.containers.readers.html import read_html
from mingcha.intake.containers.readers.spreadsheetml import read_spreadsheetml
from mingcha.intake.containers.sink import Sink, Source
from mingcha.intake.containers.sniff import Container, sniff

_READERS: dict[Container, Callable[[Source, Sink], None]] = {
    Container.BIFF: read_biff,
    Container.HTML: read_html,
    Container.SPREADSHEETML: read_spreadsheetml,
    Container.DBF: read_dbf,
    Container.TEXT: read_delimited,
}


def read_source(source: Source, sink: Sink) -> None:
    """Finds out what the file is and reads it. Raises Unreadable, OSError, MemoryError."""
    container = sniff(source)
    sink.container = container.value
    reader = _READERS.get(container)
    if reader is None:
        read_book(source, sink, container)
    else:
        reader(source, sink)
