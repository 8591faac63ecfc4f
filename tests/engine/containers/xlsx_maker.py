"""Makes .xlsx books out of hand-written XML, and reads one both ways."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.engine.containers.container_files import Read, read_here

from mingcha.intake.containers.readers import books
from mingcha.intake.containers.readers.plain_xlsx import PlainBook
from mingcha.intake.containers.sink import Sink

_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def sheet_xml(rows: str, before: str = "", behind: str = "") -> str:
    """A sheet's part around its rows."""
    return f'{_DECLARED}<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{behind}</worksheet>'


def styles_xml(*codes: str) -> str:
    """A part of styles: 0 General, then one for each format code."""
    formats = "".join(f'<numFmt numFmtId="{164 + n}" formatCode="{code}"/>' for n, code in enumerate(codes))
    cells = "".join(f'<xf numFmtId="{164 + n}" xfId="0"/>' for n in range(len(codes)))
    return (
        f'{_DECLARED}<styleSheet xmlns="{_MAIN}"><numFmts count="{len(codes)}">{formats}</numFmts>'
        f'<cellXfs count="{len(codes) + 1}"><xf numFmtId="0" xfId="0"/>{cells}</cellXfs></styleSheet>'
    )


def strings_xml(items: str) -> str:
    """A part of shared strings around its <si> elements."""
    return f'{_DECLARED}<sst xmlns="{_MAIN}" count="9" uniqueCount="9">{items}</sst>'


def book(sheets: dict[str, str], styles: str | None = None, strings: str | None = None, is_1904: bool = False) -> bytes:
    """A book of these sheets: name → the whole part."""
    told = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, start=1))
    links = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    parts = {f"xl/worksheets/sheet{n}.xml": part for n, part in enumerate(sheets.values(), start=1)}
    for key, kind, name, part in (
        ("rId901", "styles", "styles.xml", styles),
        ("rId902", "sharedStrings", "sharedStrings.xml", strings),
    ):
        if part is not None:
            links.append((key, kind, name))
            parts[f"xl/{name}"] = part
    begin = '<workbookPr date1904="1"/>' if is_1904 else ""
    parts["[Content_Types].xml"] = f'<Types xmlns="{_PACKAGE}/content-types"/>'
    parts["_rels/.rels"] = _relations([("rId1", "officeDocument", "xl/workbook.xml")])
    parts["xl/workbook.xml"] = (
        f'{_DECLARED}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">{begin}<sheets>{told}</sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = _relations(links)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return file.getvalue()


def _relations(links: list[tuple[str, str, str]]) -> str:
    parts = "".join(f'<Relationship Id="{key}" Type="{_LINKS}/{kind}" Target="{to}"/>' for key, kind, to in links)
    return f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">{parts}</Relationships>'


@dataclass
class BothWays:
    """What the quick and the patient way made of a book, and which sheets went the quick way to their end."""

    quick: Read
    patient: Read
    plain: list[int]

    def assert_same(self) -> None:
        """Every event, and every cell's row, text and kind."""
        assert self.quick.events == self.patient.events
        assert (self.quick.error is None) == (self.patient.error is None)
        for number in range(len(self.quick.sheets)):
            quick, patient = self.quick.table(number), self.patient.table(number)
            assert quick.schema == patient.schema
            assert quick.to_pylist() == patient.to_pylist()


def read_both_ways(path: Path, staging: Path) -> BothWays:
    """Reads a book as the product does, then with the quick way shut."""
    plain: list[int] = []
    read = PlainBook.read

    def watched(self: PlainBook, index: int, sink: Sink) -> bool:
        done = read(self, index, sink)
        if done:
            plain.append(index)
        return done

    def shut(*_: Any) -> None:
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PlainBook, "read", watched)
        quick = read_here(path, staging / "quick")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(books, "open_plain", shut)
        patient = read_here(path, staging / "patient")
    return BothWays(quick, patient, plain)
