"""The log as rows of a workbook."""

from __future__ import annotations

from django.db import transaction

from mingcha_web.access.guard import require
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.audit.models import Entry
from mingcha_web.audit.selectors import Wanted, entry_list_for
from mingcha_web.audit.services import record
from mingcha_web.audit.words import action_word, detail_words, kind_word, role_word
from mingcha_web.ui.exports import Column

#: Entries in one workbook, below the 1,048,576 rows a sheet holds; who needs more narrows the days.
LIMIT = 200_000


def audit_columns(by: User) -> list[Column]:
    """The columns, with what entries are about as this person may see it."""
    return [
        Column("序号", lambda entry: entry.number, 9),
        Column("时间", lambda entry: entry.at, 17),
        Column("操作人", lambda entry: entry.actor_name),
        Column("角色", lambda entry: role_word(entry.role)),
        Column("动作", lambda entry: action_word(entry.action), 20),
        Column("对象", lambda entry: kind_word(entry.kind)),
        Column("对象编号", lambda entry: entry.object_id, 18),
        Column("乡镇", lambda entry: entry.township),
        Column("涉及个人信息", lambda entry: "是" if entry.is_personal else "", 8),
        Column("内容", lambda entry: shown_detail(entry, by), 60),
        Column("校验值", lambda entry: entry.digest, 68),
    ]


@transaction.atomic
def audit_export(*, wanted: Wanted, by: User) -> list[Entry]:
    """The entries asked for, oldest first; the export is itself logged."""
    require(by, Action.AUDIT_READ)
    rows = list(entry_list_for(by, wanted).order_by("number")[:LIMIT])
    filters = {
        "person": wanted.person,
        "action": wanted.action,
        "kind": wanted.kind,
        "object": wanted.object_id,
        "from": wanted.since or "",
        "to": wanted.until or "",
        "personal": wanted.is_personal,
    }
    record("audit_export", by=by, kind="audit", detail={"rows": len(rows), "filters": filters})
    return rows


def shown_detail(entry: Entry, by: User) -> str:
    """The facts of an entry; what clues are about stays behind the wall of the discipline office."""
    if entry.kind == "referral" and not by.can(Action.REFERRAL_READ):
        return "（线索内容仅纪检人员可见）" if entry.detail else ""
    return detail_words(entry.detail)
