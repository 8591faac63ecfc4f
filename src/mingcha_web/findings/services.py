"""Writes: saved views, unmasking, outside warnings. The storing of a run's findings is in ``store``."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from mingcha import api
from mingcha_web.access.errors import WorkbenchError
from mingcha_web.access.guard import require
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.findings.models import SavedView
from mingcha_web.findings.selectors import finding_get_for
from mingcha_web.findings.store import findings_store
from mingcha_web.findings.warnings import warnings_import

_LEAST_REASON = 5
_MOST_VIEWS = 30


@transaction.atomic
def number_unmask(*, finding_id: int, reason: str, by: User) -> str:
    """The identity number behind a finding, in full, for somebody who needs it and says why; logged with the reason."""
    require(by, Action.NUMBER_UNMASK)
    finding = finding_get_for(by, finding_id)
    if len(reason.strip()) < _LEAST_REASON:
        raise WorkbenchError(f"请写明查看完整号码的理由，至少{_LEAST_REASON}个字。")
    number = api.reveal_number(settings.WORKSPACE, finding.person_key) if finding.person_key else None
    if number is None:
        raise WorkbenchError("这条疑点没有可以查看的完整号码。")
    record(
        "number_unmask",
        by=by,
        kind="finding",
        object_id=finding.finding_id,
        township=finding.township,
        is_personal=True,
        detail={"reason": reason.strip()[:200]},
    )
    return number


@transaction.atomic
def view_save(*, by: User, page: str, name: str, query: str) -> SavedView:
    """Keeps a list's filters under a name; the same name again takes the new filters."""
    if not name.strip():
        raise WorkbenchError("请给这个筛选起个名字。")
    if SavedView.objects.filter(user=by, page=page).count() >= _MOST_VIEWS:
        raise WorkbenchError(f"最多保存{_MOST_VIEWS}个常用筛选，请先删掉不用的。")
    saved, _ = SavedView.objects.update_or_create(
        user=by, page=page, name=name.strip()[:40], defaults={"query": query[:400]}
    )
    return saved


@transaction.atomic
def view_delete(*, by: User, view_id: int) -> None:
    """Forgets a saved view; one's own alone."""
    SavedView.objects.filter(user=by, pk=view_id).delete()


__all__ = ["findings_store", "number_unmask", "view_delete", "view_save", "warnings_import"]
