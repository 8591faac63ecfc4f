"""What the reader library makes of a few cells, asked by way of a small book made for them in memory.

The quick way through .xlsx sheets knows plain texts and plain numbers; dates, entities, rich text and the like it
asks for once each, so that it gives what the patient way would, whatever the library's version.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import cast

import pyarrow as pa
import python_calamine as calamine

from mingcha.intake.containers.cells import column_arrays

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = f'<Types xmlns="{_PACKAGE}/content-types"/>'
_BOOK = f"""<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">%s\
<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"""
_ROOT = f"""<Relationships xmlns="{_PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
_PARTS = f"""<Relationships xmlns="{_PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>\
<Relationship Id="rId2" Type="{_LINKS}/styles" Target="styles.xml"/></Relationships>"""
_STYLES = f'<styleSheet xmlns="{_MAIN}"></styleSheet>'.encode()
_MAX_KNOWN = 500_000
_DECLARED = re.compile(rb"<\?xml [^<>]*\?>")
_ENCODING = re.compile(rb"""encoding=["']([^"']*)["']""")


class NotPlain(Exception):
    """The quick way is not sure of something: the patient way must read the sheet."""


def refuse_other_encodings(part: bytes) -> None:
    """Raises NotPlain if a part of a book declares an encoding that is not UTF-8."""
    declared = _DECLARED.match(part.removeprefix(b"\xef\xbb\xbf"))
    encoding = _ENCODING.search(declared.group()) if declared else None
    if encoding is not None and encoding.group(1).lower() not in (b"utf-8", b"utf8"):
        raise NotPlain


class Library:
    """Asks the reader library. styles is the book's own part of that name, if it has one."""

    def __init__(self, styles: bytes | None, *, is_1904: bool) -> None:
        self._styles = styles or _STYLES
        self._book = _BOOK % ('<workbookPr date1904="1"/>' if is_1904 else "")
        self._known: dict[bytes, object] = {}

    def arrays(self, cells: Sequence[bytes]) -> tuple[pa.Array, pa.Array]:
        """Texts and kinds of cells.

        cells   the XML of each from behind its place to its end: b'" s="1"><v>45000</v></c>'
        Raises NotPlain where the library refuses one of them.
        """
        if len(self._known) > _MAX_KNOWN:
            self._known.clear()
        new = [cell for cell in dict.fromkeys(cells) if cell not in self._known]
        if new:
            self._known.update(zip(new, self._ask(new), strict=True))
        return column_arrays([self._known[cell] for cell in cells])

    def _ask(self, cells: Sequence[bytes]) -> list[object]:
        rows = b"".join(b'<row r="%d"><c r="A%d%s</row>' % (n, n, cell) for n, cell in enumerate(cells, start=1))
        try:
            with calamine.load_workbook(self._package(rows)) as book:
                sheet = book.get_sheet_by_index(0)
                lines = [] if sheet.start is None else list(cast("Iterable[list[object]]", sheet.iter_rows()))
        except calamine.CalamineError as error:
            raise NotPlain from error
        if len(lines) != len(cells) or any(len(line) != 1 for line in lines):
            raise NotPlain
        return [line[0] for line in lines]

    def _package(self, rows: bytes) -> io.BytesIO:
        sheet = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (_MAIN.encode(), rows)
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as package:
            package.writestr("[Content_Types].xml", _TYPES)
            package.writestr("_rels/.rels", _ROOT)
            package.writestr("xl/workbook.xml", self._book)
            package.writestr("xl/_rels/workbook.xml.rels", _PARTS)
            package.writestr("xl/styles.xml", self._styles)
            package.writestr("xl/worksheets/sheet1.xml", sheet)
        file.seek(0)
        return file
