"""From the container to its reader. A reader and its libraries are loaded with the first file that needs them: a
process reads few kinds of file, and who waits for it waits for all it loads.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import cast

from mingcha.intake.containers.sink import Sink, Source
from mingcha.intake.containers.sniff import Container, sniff

_READERS: dict[Container, str] = {
    Container.BIFF: "biff.read_biff",
    Container.HTML: "html.read_html",
    Container.SPREADSHEETML: "spreadsheetml.read_spreadsheetml",
    Container.DBF: "dbf.read_dbf",
    Container.TEXT: "delimited.read_delimited",
}


def read_source(source: Source, sink: Sink) -> None:
    """Finds out what the file is and reads it. Raises Unreadable, OSError, MemoryError."""
    container = sniff(source)
    sink.container = container.value
    name = _READERS.get(container)
    if name is None:
        read_book = cast(Callable[[Source, Sink, Container], None], _loaded("books.read_book"))
        read_book(source, sink, container)
    else:
        reader = cast(Callable[[Source, Sink], None], _loaded(name))
        reader(source, sink)


def _loaded(name: str) -> object:
    module, _, function = name.partition(".")
    return getattr(importlib.import_module(f"{__package__}.{module}"), function)
