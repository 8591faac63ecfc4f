"""A source row as the lake keeps it: what a finding's evidence opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow.parquet as pq

from mingcha.datasets import Dataset, Field, key_column, load_catalogue
from mingcha.findings.ids import household_code_2026
from mingcha.findings.masking import mask_number
from mingcha.intake.folder import Intake
from mingcha.intake.model import SheetReport
from mingcha.snapshots import Workspace

_SHOWN_END = 4
#: Field type → kind of the vault in which its clear value lies.
_VAULT_KINDS = {"id18": "person", "account": "account", "phone": "phone", "cert": "cert"}


@dataclass(frozen=True)
class SourceValue:
    """One cell: the header as the office wrote it, the value as text (numbers masked), whether it is personal."""

    field: str
    header: str
    text: str
    is_personal: bool


def read_source_row(workspace: Workspace, intake: Intake, place: Mapping[str, Any]) -> list[SourceValue]:
    """The filled cells of the row, in the dataset's order; [] where the row is not there any more.

    place   dataset, file, sheet, row
    """
    dataset = load_catalogue().datasets.get(str(place["dataset"]))
    if dataset is None:
        return []
    for sheet in intake.report.sheets:
        if (sheet.dataset, sheet.file, sheet.sheet) != (dataset.id, place["file"], place.get("sheet") or ""):
            continue
        if sheet.snapshot is None:
            continue
        found = _row(workspace, dataset, sheet, int(place["row"]))
        if found:
            return _cells(workspace, dataset, sheet, found)
    return []


def read_rows(workspace: Workspace, intake: Intake, dataset_id: str) -> list[dict[str, Any]]:
    """All rows of a dataset as the lake keeps them, with file, sheet, row, id_masked, person_id and household_id.

    Meant for lists of some thousand rows, such as warnings handed down by the province.
    """
    found: list[dict[str, Any]] = []
    for sheet in intake.report.sheets:
        if sheet.dataset != dataset_id or sheet.snapshot is None:
            continue
        rows = pq.read_table(workspace.snapshot(dataset_id, sheet.snapshot).path).to_pylist()
        persons = [row["person_key"] for row in rows if row.get("person_key") is not None]
        numbers = workspace.vault.reveal("person", persons, [sheet.snapshot])
        found += [_with_place(row, sheet, numbers, workspace.keys.findings) for row in rows]
    return found


def _with_place(row: Mapping[str, Any], sheet: SheetReport, numbers: Mapping[int, str], key: bytes) -> dict[str, Any]:
    person, head = row.get("person_key"), row.get("head_key")
    household = head if head is not None else person
    number = None if person is None else numbers.get(person)
    return {
        **row,
        "file": sheet.file,
        "sheet": sheet.sheet,
        "row": row["row_no"],
        "id_masked": None if number is None else mask_number(number),
        "person_id": None if person is None else household_code_2026(key, person),
        "household_id": None if household is None else household_code_2026(key, household),
    }


def _row(workspace: Workspace, dataset: Dataset, sheet: SheetReport, row: int) -> dict[str, Any]:
    """Read by Arrow alone: for one row, starting a database costs more than the reading."""
    path = workspace.snapshot(dataset.id, str(sheet.snapshot)).path
    rows: list[dict[str, Any]] = pq.read_table(path, filters=[("row_no", "=", row)]).slice(0, 1).to_pylist()
    return rows[0] if rows else {}


def _cells(workspace: Workspace, dataset: Dataset, sheet: SheetReport, row: Mapping[str, Any]) -> list[SourceValue]:
    cells = []
    for field in dataset.fields.values():
        text, is_personal = _text(workspace, sheet, field, row)
        if text:
            cells.append(SourceValue(field.id, sheet.columns.get(field.id) or field.header, text, is_personal))
    return cells


def _text(workspace: Workspace, sheet: SheetReport, field: Field, row: Mapping[str, Any]) -> tuple[str, bool]:
    kind = _VAULT_KINDS.get(field.type)
    if kind is not None:
        key = row.get(f"{field.id}_key") if field.type == "cert" else row.get(key_column(field))
        if key is None:
            return "", True
        clear = workspace.vault.reveal(kind, [key], [str(sheet.snapshot)]).get(key, "")
        return (_masked(clear, kind) or "（已加密）"), True
    if field.id == "member_ids":
        return "", True
    value = row.get(f"{field.id}_text") if field.type == "enum" and field.codes else row.get(field.id)
    if field.type == "name":
        value = row.get(f"{field.id}_written") or value
    return _words(value), field.type == "name"


def _masked(clear: str, kind: str) -> str:
    if kind in {"person", "cert"}:
        return mask_number(clear) or ""
    return f"****{clear[-_SHOWN_END:]}" if len(clear) > _SHOWN_END else "****"


def _words(value: Any) -> str:
    if value is None:
        return ""
    writer = next((writer for kind, writer in _WRITERS.items() if isinstance(value, kind)), str)
    return writer(value)


def _decimal(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


#: bool comes before int, datetime before date: each is one of the other too.
_WRITERS: Mapping[type, Callable[[Any], str]] = {
    bool: lambda value: "是" if value else "否",
    Decimal: _decimal,
    datetime: lambda value: value.strftime("%Y-%m-%d %H:%M"),
    date: lambda value: value.isoformat(),
    list: lambda value: "、".join(str(item) for item in value if item is not None),
}


__all__ = ["SourceValue", "read_rows", "read_source_row"]
