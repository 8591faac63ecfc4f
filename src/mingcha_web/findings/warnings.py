"""Warnings of province and city, imported from the sheets they hand down, in the same flow as our own (C37)."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from mingcha import api
from mingcha.errors import MingchaError
from mingcha_web.access.errors import WorkbenchError
from mingcha_web.access.guard import require
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.findings.models import Finding, FindingState, Source

_DATASET = "warning_in"
_LIMIT = 20 * 1024 * 1024
_RULES = {Source.PROVINCE: ("W-省", "省级预警"), Source.CITY: ("W-市", "市级预警")}
_SEVERITY = "orange"


@dataclass(frozen=True)
class Imported:
    """What an import did: new warnings, those known already, rows that could not be taken."""

    new: int
    known: int
    refused: int
    sentences: tuple[str, ...]


def warnings_import(*, file: UploadedFile[bytes], source: str, by: User) -> Imported:
    """Takes a sheet of warnings in; the same warning twice is one.

    source   Source.PROVINCE or Source.CITY
    Raises WorkbenchError where the file is no such sheet.
    """
    require(by, Action.WARNING_IMPORT)
    if source not in _RULES:
        raise WorkbenchError("请选预警来自省级还是市级。")
    if file.size is None or file.size > _LIMIT:
        raise WorkbenchError("文件超过20兆，没有读取。请分成几个文件。")
    delivered = _read(file)
    keys = [each.key for each in delivered if each.key]
    sheets = [sheet for each in delivered for sheet in each.sheets]
    rows = api.delivered_rows(settings.WORKSPACE, keys, _DATASET)
    if not any(sheet["dataset"] == _DATASET for sheet in sheets):
        told = "；".join(dict.fromkeys(sentence for each in delivered for sentence in each.problems))
        raise WorkbenchError(f"没有认出预警名单，需要有姓名、身份证号和预警类型三列。{told}")
    refused = sum(sheet["rejected"] for sheet in sheets if sheet["dataset"] == _DATASET)
    new = _store(rows, Source(source), by)
    return Imported(new, len(rows) - new, refused, tuple(reason for sheet in sheets for reason in sheet["reasons"]))


def _read(file: UploadedFile[bytes]) -> list[api.DeliveredFile]:
    """Reads the file into the workspace; it lies in clear no longer than that takes."""
    name = Path(str(file.name)).name or "预警.xlsx"
    with tempfile.TemporaryDirectory(prefix="warning-", dir=_inbox()) as folder:
        with (Path(folder) / name).open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        try:
            return api.take_in(Path(folder), settings.WORKSPACE)
        except MingchaError as error:
            raise WorkbenchError(str(error)) from error


def _inbox() -> Path:
    inbox = Path(settings.INBOX)
    inbox.mkdir(parents=True, exist_ok=True)
    return inbox


@transaction.atomic
def _store(rows: list[dict[str, Any]], source: Source, by: User) -> int:
    day = timezone.localdate()
    made = {each.finding_id: each for each in (_finding(row, source, day) for row in rows)}
    known = set(Finding.objects.filter(finding_id__in=list(made)).values_list("finding_id", flat=True))
    fresh = [each for key, each in made.items() if key not in known]
    Finding.objects.bulk_create(fresh, batch_size=1000)
    record("warning_import", by=by, kind="finding", is_personal=True, detail={"source": source, "new": len(fresh)})
    return len(fresh)


def _finding(row: Mapping[str, Any], source: Source, day: date) -> Finding:
    rule_id, title = _RULES[source]
    kind = row.get("warn_kind_text") or row.get("warn_kind") or "预警"
    about = row.get("warn_no") or f"{row.get('person_id')}|{kind}|{row.get('issued_on')}"
    code = hashlib.sha256(f"{source}|{about}|{row.get('person_id')}".encode()).hexdigest()[:12].upper()
    detail = f"：{row['detail']}" if row.get("detail") else ""
    name = row.get("name") or ""
    return Finding(
        finding_id=f"{rule_id}-{code}",
        rule_id=rule_id,
        rule_title=title,
        severity=_SEVERITY,
        subject_kind="person",
        person_key=row.get("person_key"),
        id_masked=row.get("id_masked") or "",
        name=name,
        person_id=row.get("person_id") or "",
        household_id=row.get("household_id") or "",
        township=row.get("township") or "",
        village=row.get("village") or "",
        program=row.get("program_text") or "",
        summary=f"{source.label}提示{name or '该人员'}“{kind}”{detail}，请核实。",
        evidence=[{"dataset": _DATASET, "file": row["file"], "sheet": row["sheet"], "row": row["row"]}],
        facts=code,
        source=source,
        state=FindingState.OPEN,
        is_current=True,
        first_seen_on=row.get("issued_on") or day,
        last_seen_on=day,
    )
