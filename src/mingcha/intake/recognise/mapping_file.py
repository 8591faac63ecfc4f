"""Mapping files: what a person writes where recognition asks, ``mingcha-mapping.yaml`` beside the files.

A list of entries::

    - file: "6月低保*.xlsx"        # name or path below the compared folder; * and ? stand for anything
      sheet: 城关镇                 # optional, also with * and ?
      dataset: dibao_household
      header_row: 3                # optional: a row number or a list of them, upper level first
      columns: {户主: head_name, 编号: "-"}   # header as written → field, '-' = leave out
      constants: {program: 农村低保}
      codes: {status: {在享: active}}
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mingcha.datasets import Catalogue, Dataset
from mingcha.errors import UsageError
from mingcha.intake.recognise.headers import normal_header
from mingcha.values.yamls import load_yaml

NAME = "mingcha-mapping.yaml"
IGNORE = "-"
_KEYS = frozenset({"file", "sheet", "dataset", "header_row", "columns", "constants", "codes"})


@dataclass(frozen=True)
class MappingEntry:
    """One entry. columns: normalised header → field id or '-'. source: file and entry number, for messages.

    folder   where its file lies, as path below the compared folder ('' = the folder itself)
    """

    file: str
    sheet: str | None
    dataset: str
    header_rows: tuple[int, ...]
    columns: Mapping[str, str]
    constants: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    folder: str = ""
    source: str = field(default="", compare=False)

    def meets(self, file: str, sheet: str) -> bool:
        """Whether the entry speaks of this file and sheet."""
        if self.folder and not file.startswith(f"{self.folder}/"):
            return False
        inner = file[len(self.folder) + 1 :] if self.folder else file
        names = (inner, inner.rsplit("/", 1)[-1])
        fits = any(fnmatch.fnmatchcase(name, self.file) for name in names)
        return fits and (self.sheet is None or fnmatch.fnmatchcase(sheet.strip(), self.sheet.strip()))


def read_mapping_files(folder: Path, catalogue: Catalogue) -> tuple[MappingEntry, ...]:
    """All entries below the folder, those of deeper folders first.

    Raises UsageError with file, entry and remedy in Chinese.
    """
    found: list[MappingEntry] = []
    for path in _files(folder):
        relative = path.parent.relative_to(folder).as_posix()
        found += _read(path, "" if relative == "." else relative, catalogue)
    found.sort(key=lambda entry: -len(entry.folder.split("/")) if entry.folder else 0)
    return tuple(found)


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        if NAME in files:
            yield Path(root) / NAME


def _read(path: Path, folder: str, catalogue: Catalogue) -> list[MappingEntry]:
    name = f"{folder}/{NAME}" if folder else NAME
    try:
        loaded = load_yaml(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"映射文件《{name}》无法读取。", remedy="请用UTF-8编码另存后重试。") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"第{mark.line + 1}行" if mark is not None else ""
        raise UsageError(
            f"映射文件《{name}》{line}格式有误，无法解析。", remedy="请检查缩进、冒号后的空格和引号。"
        ) from error
    if loaded is None:
        return []
    if not isinstance(loaded, list):
        raise UsageError(f"映射文件《{name}》应为一个列表。", remedy="每一项以“- file: 文件名”开头。")
    return [_Checker(name, number, folder, catalogue).entry(raw) for number, raw in enumerate(loaded, 1)]


class _Checker:
    """Checks one entry; every complaint names file and entry."""

    def __init__(self, name: str, number: int, folder: str, catalogue: Catalogue) -> None:
        self._where = f"映射文件《{name}》第{number}项"
        self._folder = folder
        self._catalogue = catalogue

    def entry(self, raw: Any) -> MappingEntry:
        if not isinstance(raw, dict):
            raise self._bad("不是“名称: 值”的形式。", "请写 file、dataset 和 columns。")
        unknown = [str(key) for key in raw if key not in _KEYS]
        if unknown:
            raise self._bad(f"有不认识的名称“{'、'.join(unknown)}”。", f"可用的名称：{'、'.join(sorted(_KEYS))}。")
        file = raw.get("file")
        if not isinstance(file, str) or not file.strip():
            raise self._bad("没有写 file（文件名）。", "请写文件名，可用*代替任意文字。")
        dataset = self._dataset(raw.get("dataset"))
        return MappingEntry(
            file=file.strip().replace("\\", "/"),
            sheet=None if raw.get("sheet") is None else str(raw["sheet"]),
            dataset=dataset.id,
            header_rows=self._header_rows(raw.get("header_row")),
            columns=self._columns(raw.get("columns"), dataset),
            constants=self._constants(raw.get("constants"), dataset),
            codes=self._codes(raw.get("codes"), dataset),
            folder=self._folder,
            source=self._where,
        )

    def _bad(self, cause: str, remedy: str) -> UsageError:
        return UsageError(f"{self._where}{cause}", remedy=remedy)

    def _dataset(self, name: Any) -> Dataset:
        found = self._catalogue.datasets.get(str(name))
        if found is None:
            known = "、".join(f"{dataset.id}（{dataset.title}）" for dataset in self._catalogue.datasets.values())
            raise self._bad(f"的 dataset “{name}”不存在。", f"可用的有：{known}。")
        return found

    def _header_rows(self, raw: Any) -> tuple[int, ...]:
        rows = raw if isinstance(raw, list) else [] if raw is None else [raw]
        if not all(isinstance(row, int) and not isinstance(row, bool) and row >= 0 for row in rows):
            raise self._bad("的 header_row 应为行号或行号列表。", "例如 header_row: 3 或 header_row: [3, 4]。")
        return tuple(sorted(rows))

    def _pairs(self, raw: Any, key: str) -> dict[str, Any]:
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            raise self._bad(f"的 {key} 应为“名称: 值”的形式。", f"例如 {key}: {{表头: 字段}}。")
        return {str(name): value for name, value in raw.items()}

    def _columns(self, raw: Any, dataset: Dataset) -> dict[str, str]:
        columns: dict[str, str] = {}
        for header, target in self._pairs(raw, "columns").items():
            name = str(target)
            if name != IGNORE and name not in dataset.fields:
                raise self._bad(f"把“{header}”对应到“{name}”，但{dataset.title}没有这个字段。", _fields_hint(dataset))
            if name != IGNORE and name in columns.values():
                raise self._bad(f"把字段“{name}”用了两次。", "一个字段只能对应一列，不要的列写“-”。")
            columns[normal_header(header).text] = name
        return columns

    def _constants(self, raw: Any, dataset: Dataset) -> dict[str, str]:
        pairs = self._pairs(raw, "constants")
        for name in pairs:
            if name not in dataset.fields:
                raise self._bad(f"的 constants 里“{name}”不是{dataset.title}的字段。", _fields_hint(dataset))
        return {name: str(value) for name, value in pairs.items() if value is not None}

    def _codes(self, raw: Any, dataset: Dataset) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for name, words in self._pairs(raw, "codes").items():
            code_list = dataset.fields[name].codes if name in dataset.fields else None
            if code_list is None:
                raise self._bad(f"的 codes 里“{name}”不是{dataset.title}的代码字段。", _fields_hint(dataset))
            known = {code.code: code.label for code in self._catalogue.codes[code_list].values}
            pairs = {word: str(code) for word, code in self._pairs(words, f"codes.{name}").items()}
            for word, code in pairs.items():
                if code not in known:
                    listed = "、".join(f"{key}（{label}）" for key, label in known.items())
                    raise self._bad(f"把“{word}”对应到代码“{code}”，代码表里没有。", f"可用的代码：{listed}。")
            found[name] = pairs
        return found


def _fields_hint(dataset: Dataset) -> str:
    return "可用的字段：" + "、".join(f"{item.id}（{item.header}）" for item in dataset.fields.values()) + "。"


def entry_to(entry: MappingEntry) -> dict[str, Any]:
    """An entry as JSON keeps it."""
    return {
        "file": entry.file,
        "sheet": entry.sheet,
        "dataset": entry.dataset,
        "header_row": list(entry.header_rows),
        "columns": dict(entry.columns),
        "constants": dict(entry.constants),
        "codes": {name: dict(words) for name, words in entry.codes.items()},
        "folder": entry.folder,
        "source": entry.source,
    }


def entry_from(raw: Mapping[str, Any], catalogue: Catalogue) -> MappingEntry | None:
    """A remembered entry; None where the catalogue no longer has its dataset. Fields that are gone are left out."""
    dataset = catalogue.datasets.get(str(raw.get("dataset")))
    if dataset is None:
        return None
    columns = {str(header): str(name) for header, name in raw.get("columns", {}).items()}
    return MappingEntry(
        file=str(raw.get("file", "*")),
        sheet=raw.get("sheet"),
        dataset=dataset.id,
        header_rows=tuple(raw.get("header_row", ())),
        columns={header: name for header, name in columns.items() if name == IGNORE or name in dataset.fields},
        constants={name: str(text) for name, text in raw.get("constants", {}).items() if name in dataset.fields},
        codes={name: dict(words) for name, words in raw.get("codes", {}).items() if name in dataset.fields},
        folder=str(raw.get("folder", "")),
        source=str(raw.get("source", "")),
    )
