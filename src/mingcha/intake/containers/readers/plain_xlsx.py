"""The quick way for .xlsx books as programs write them: one kind of XML, every cell with its place.

Arrow takes the XML apart several times faster than the reader library; at the first thing it is not sure of it gives
the sheet up, and the patient way reads it anew, with nothing kept. What it gives is the same, cell by cell.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from lxml import etree

from mingcha.intake.containers.limits import DENSE_CELLS, MIB
from mingcha.intake.containers.readers.plain_ask import Library, NotPlain, refuse_other_encodings
from mingcha.intake.containers.readers.plain_cells import Book, Extent, read_batch
from mingcha.intake.containers.readers.plain_lines import Lines, SheetXml
from mingcha.intake.containers.readers.plain_strings import no_strings, read_strings
from mingcha.intake.containers.readers.xlsx_parts import Package, SheetPart, column_index, local_name
from mingcha.intake.containers.sink import Merge, SheetFacts, Sink

_BOOK, _STRINGS, _STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
_SHEETS, _LINKS = "xl/worksheets/", "xl/_rels/workbook.xml.rels"
WORTH = 64 * 1024  # bytes of XML a sheet; below, the library is through sooner than a hundred Arrow calls
_MAX_PART = 16 * MIB
_MAX_STYLES = 2 * MIB  # each question to the library carries them along
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_STATES = (None, "visible", "hidden", "veryHidden")
_TRUTHS = (None, "0", "1", "true", "false")
_BUILT_IN_NUMBERS = frozenset([*range(14), *range(37, 41), 48, 49])
_DATE_SIGNS = re.compile(r"[admhysADMHYS\[]")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})(?::([A-Z]{1,3})([1-9]\d{0,6}))?")
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, EOFError, NotImplementedError, KeyError, ValueError,
    pa.lib.ArrowCapacityError,
)  # fmt: skip
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_383
_RANGES = frozenset({"mergeCell", "dimension"})


@dataclass(frozen=True)
class PlainBook:
    """A book that the quick way may be tried on. sheets are all that it has, in order."""

    path: Path
    sheets: tuple[SheetPart, ...]
    package: Package
    shared: Book

    def read(self, index: int, sink: Sink) -> bool:
        """Reads a sheet; False, with nothing kept, if it is not plain. Raises OSError."""
        part = self.sheets[index]
        facts = SheetFacts(part.name, hidden=part.hidden, date_1904=self.package.date_1904)
        try:
            with (
                zipfile.ZipFile(self.path) as archive,
                archive.open(self.package.members[part.member]) as file,
                sink.sheet(facts, index) as writer,
            ):
                xml, lines, extent = SheetXml(file), Lines(), Extent()
                for rows in xml.pieces():
                    numbers, columns = read_batch(*lines.of(rows), self.shared, extent)
                    if extent.last_row * (extent.last_col + 1) > DENSE_CELLS:
                        raise NotPlain
                    writer.add_arrays(numbers, columns)
                facts.merged = _merged(xml.around)
                if extent.hidden_rows:
                    facts.notes.append(hidden_rows_note(extent.hidden_rows))
        except (NotPlain, *_DAMAGE):
            return False
        return True


def hidden_rows_note(count: int) -> str:
    """What is said of a sheet with hidden rows."""
    return f"有 {count} 行被隐藏（或被筛选掉），已照常读取。"


def open_plain(path: Path, package: Package) -> PlainBook | None:
    """The book, or None if it is small or something of it calls for the patient way. Raises OSError."""
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = [archive.getinfo(package.members[sheet.member]).file_size for sheet in package.sheets]
            if sum(sizes) < WORTH * len(sizes):
                return None
            names = archive.namelist()
            sheets = _sheets(archive, names, package)
            styles = _part(archive, _STYLES, _MAX_STYLES) if _STYLES in names else None
            library = Library(styles, is_1904=package.date_1904)
            strings = no_strings()
            if _STRINGS in names:
                with archive.open(_STRINGS) as file:
                    strings = read_strings(file, library)
        return PlainBook(path, sheets, package, Book(strings, library, _plain_styles(styles)))
    except (NotPlain, *_DAMAGE):
        return None


def _sheets(archive: zipfile.ZipFile, names: list[str], package: Package) -> tuple[SheetPart, ...]:
    """The sheets, if all are such as the library, too, finds where the package says."""
    if _BOOK not in names:
        raise NotPlain
    exact = [len({name.lower() for name in names}) == len(names), not any("\\" in n for n in names)]
    parts = ((package.shared_strings, _STRINGS), (package.styles, _STYLES))
    exact += [part is None or package.members[part] == name for part, name in parts]
    exact += [(name in names) == (part is not None) for part, name in parts]
    written, links = _part(archive, _BOOK, _MAX_PART), _part(archive, _LINKS, _MAX_PART)
    book = _tree(written)
    elements = [element for element in book.iter() if isinstance(element.tag, str)]
    told = [element for element in elements if local_name(element) == "sheet"]
    exact += [element.get("date1904") in _TRUTHS for element in elements if local_name(element) == "workbookPr"]
    exact += [element.get("state") in _STATES and _LINK in element.attrib for element in told]
    exact += [written.count(b' r:id="') == len(told), b"./" not in links]
    exact += [element.prefix is None for element in elements if local_name(element) in ("workbook", "sheet")]
    exact += [[str(element.get("name")) for element in told] == [sheet.name for sheet in package.sheets]]
    exact += [len({sheet.name for sheet in package.sheets}) == len(package.sheets) > 0]
    exact += [package.members[sheet.member].startswith(_SHEETS) for sheet in package.sheets]
    if not all(exact):
        raise NotPlain
    return package.sheets


def _part(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with archive.open(name) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise NotPlain
    return data


def _tree(data: bytes) -> etree._Element:
    """A well-formed part in UTF-8 that declares nothing of its own."""
    refuse_other_encodings(data)
    if b"<!" in data:
        raise NotPlain
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _plain_styles(styles: bytes | None) -> list[bool]:
    """Of each style, whether its numbers are surely no dates; not sure is not plain."""
    if styles is None:
        return []
    root = _tree(styles)
    elements = list(root.iter(etree.Element))
    codes: dict[str, list[str]] = {}
    for element in elements:
        if local_name(element) == "numFmt":
            codes.setdefault(str(element.get("numFmtId")), []).append(str(element.get("formatCode")))
    lists = [element for element in elements if local_name(element) == "cellXfs"]
    if len(lists) > 1:
        raise NotPlain
    return [_is_plain(str(style.get("numFmtId", "0")), codes) for found in lists for style in found.iter("{*}xf")]


def _is_plain(format_id: str, codes: dict[str, list[str]]) -> bool:
    if format_id in codes:
        return all(code == "General" or not _DATE_SIGNS.search(code) for code in codes[format_id])
    return format_id.isdecimal() and int(format_id) in _BUILT_IN_NUMBERS


def _merged(around: bytes) -> list[Merge]:
    """The merged ranges, from the sheet's XML without its rows. Raises NotPlain, etree.XMLSyntaxError."""
    root = _tree(around)
    if root.prefix is not None or local_name(root) != "worksheet" or _SPACE in root.attrib:
        raise NotPlain
    merges: list[Merge] = []
    for element in root.iter(etree.Element):
        if local_name(element) not in _RANGES:
            continue
        merge = _merge(str(element.get("ref")))
        parent = element.getparent()
        is_merge = local_name(element) == "mergeCell"
        expected = "mergeCells" if is_merge else "worksheet"
        if element.prefix is not None or parent is None or local_name(parent) != expected:
            raise NotPlain
        if is_merge:
            merges.append(merge)
    return merges


def _merge(reference: str) -> Merge:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise NotPlain
    first, row, last, last_row = match.groups()
    merge = int(row), column_index(first), int(last_row or row), column_index(last or first)
    if merge[0] > merge[2] or merge[1] > merge[3] or merge[2] > _LAST_ROW or merge[3] > _LAST_COLUMN:
        raise NotPlain
    return merge
