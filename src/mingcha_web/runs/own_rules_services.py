"""Writing a county's own rule, trying it, and deciding on it: one person writes, another approves."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from mingcha import api
from mingcha_web.access.errors import NotAllowed, WorkbenchError, WrongState
from mingcha_web.access.guard import require
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.runs.models import OwnRule, OwnRuleState, RuleTrial
from mingcha_web.runs.own_rules import faults_of, is_tried, own_rule_get_for, rule_file
from mingcha_web.uploads.models import BatchState
from mingcha_web.uploads.selectors import active_keys
from mingcha_web.uploads.work import work_cancel

_ID = re.compile(r"^id:\s*(X\d{2,3})\s*$", re.MULTILINE)
_TITLE = re.compile(r"^title:\s*(.+?)\s*$", re.MULTILINE)
_OPEN = (OwnRuleState.DRAFT, OwnRuleState.REFUSED)
_TRYING = (OwnRuleState.DRAFT, OwnRuleState.PROPOSED)
_LONGEST_TITLE = 80


@transaction.atomic
def own_rule_save(*, text: str, note: str = "", by: User, submit_key: str, rule_id: int | None = None) -> OwnRule:
    """保存规则稿: keeps a text, however faulty; nothing typed is lost. Sent twice it is kept once.

    rule_id   the row it was written from: one's own draft is changed, of anything else a new draft is made
    Raises NotAllowed.
    """
    require(by, Action.OWN_RULE_WRITE)
    text = text.replace("\r\n", "\n").strip() + "\n"
    before = own_rule_get_for(by, rule_id) if rule_id is not None else None
    if before is not None and before.written_by_id == by.pk and before.state in _OPEN:
        rule = OwnRule.objects.select_for_update().get(pk=before.pk)
    else:
        again = OwnRule.objects.filter(submit_key=submit_key).first()
        if again is not None:
            return again
        rule = OwnRule(written_by=by, submit_key=submit_key)
    rule.text, rule.note, rule.state = text, note.strip(), OwnRuleState.DRAFT
    rule.decided_by, rule.decided_at, rule.decision_note = None, None, ""
    rule.rule_id = _first(_ID, text)
    rule.title = _first(_TITLE, text)[:_LONGEST_TITLE]
    rule.header = {} if faults_of(rule)[0] else _header(rule)
    rule.save()
    record("own_rule_save", by=by, kind="own_rule", object_id=rule.pk, detail=_detail(rule))
    return rule


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1].strip("\"'") if found else ""


def _header(rule: OwnRule) -> dict[str, Any]:
    read = api.own_rule(rule_file(rule))
    return {
        "title": read.title,
        "severity": read.severity,
        "status": read.status,
        "version": read.version,
        "clauses": list(read.clauses),
        "law": list(read.law),
        "finds": read.finds,
        "false_hits": list(read.false_hits),
        "verify": list(read.verify),
        "reading": read.reading,
        "sql": read.sql.strip(),
    }


@transaction.atomic
def trial_start(*, rule_id: int, as_of: date, by: User, submit_key: str) -> RuleTrial:
    """试运行: tries a text on the data that take part, in the background; it changes nothing.

    Raises NotAllowed, WrongState (faulty text, no data, a trial under way, a day to come).
    """
    require(by, Action.OWN_RULE_WRITE)
    rule = own_rule_get_for(by, rule_id)
    earlier = RuleTrial.objects.filter(submit_key=submit_key).first()
    if earlier is not None:
        return earlier
    if rule.state not in _TRYING:
        raise WrongState(f"这一稿已经是“{rule.get_state_display()}”，请另写一稿再试。")
    if not rule.header:
        raise WrongState("规则还有错误，改正并保存后才能试运行。")
    if as_of > timezone.localdate():
        raise WrongState("比对日不能晚于今天。")
    if not active_keys():
        raise WrongState("还没有参与比对的数据，请先上传各部门的名册或台账。")
    if rule.trials.filter(state__in=[BatchState.QUEUED, BatchState.RUNNING]).exists():
        raise WrongState("这条规则正在试运行，请等它结束，或先取消。")
    trial = RuleTrial.objects.create(own_rule=rule, as_of=as_of, sha256=rule.sha256, by=by, submit_key=submit_key)
    from mingcha_web.runs.tasks import try_rule  # noqa: PLC0415  # tasks call services

    try_rule.enqueue(trial.pk)
    record("ruletrial_start", by=by, kind="own_rule", object_id=rule.pk, detail=_detail(rule))
    return trial


def trial_cancel(*, trial: RuleTrial, by: User) -> None:
    """Asks for a trial to stop. Raises NotAllowed, WrongState where it has ended."""
    require(by, Action.OWN_RULE_WRITE)
    work_cancel(trial, by=by)


@transaction.atomic
def own_rule_propose(*, rule_id: int, by: User) -> OwnRule:
    """提交审批: hands one's draft in. Raises NotAllowed, WrongState (faulty, not tried as it stands, id in use)."""
    require(by, Action.OWN_RULE_WRITE)
    rule = _locked(rule_id, by, OwnRuleState.DRAFT)
    if rule.written_by_id != by.pk:
        raise NotAllowed("只能提交自己写的规则。")
    _check(rule)
    if not is_tried(rule):
        raise WrongState("这一稿还没有试运行过。请先试运行，看看会查出什么，再提交审批。")
    rule.state = OwnRuleState.PROPOSED
    rule.save()
    record("own_rule_propose", by=by, kind="own_rule", object_id=rule.pk, detail=_detail(rule))
    return rule


@transaction.atomic
def own_rule_decide(*, rule_id: int, is_approved: bool, note: str = "", by: User) -> OwnRule:
    """审批规则: approves or refuses what somebody else wrote; the text in force before it is replaced.

    Raises NotAllowed (own rule), WrongState, WorkbenchError (refused without a reason).
    """
    require(by, Action.OWN_RULE_APPROVE)
    rule = _locked(rule_id, by, OwnRuleState.PROPOSED)
    if rule.written_by_id == by.pk:
        raise NotAllowed("自己写的规则要由另一个人审批。")
    if not is_approved and not note.strip():
        raise WorkbenchError("不批准请写明理由，编写人好修改。")
    if is_approved:
        _check(rule)  # the program may have changed since it was written
        OwnRule.objects.filter(rule_id=rule.rule_id, state=OwnRuleState.APPROVED).update(state=OwnRuleState.REPLACED)
    _end(rule, OwnRuleState.APPROVED if is_approved else OwnRuleState.REFUSED, by, note)
    action = "own_rule_approve" if is_approved else "own_rule_refuse"
    record(action, by=by, kind="own_rule", object_id=rule.pk, detail={**_detail(rule), "note": note})
    return rule


@transaction.atomic
def own_rule_withdraw(*, rule_id: int, by: User) -> OwnRule:
    """撤回: takes back what one handed in; it is a draft again. Raises NotAllowed, WrongState."""
    require(by, Action.OWN_RULE_WRITE)
    rule = _locked(rule_id, by, OwnRuleState.PROPOSED)
    if rule.written_by_id != by.pk:
        raise NotAllowed("只能撤回自己提交的规则。")
    rule.state = OwnRuleState.DRAFT
    rule.save()
    record("own_rule_withdraw", by=by, kind="own_rule", object_id=rule.pk, detail=_detail(rule))
    return rule


@transaction.atomic
def own_rule_retire(*, rule_id: int, note: str, by: User) -> OwnRule:
    """停用规则: from the next comparison on it does not run.

    Raises NotAllowed, WrongState, WorkbenchError (no reason).
    """
    require(by, Action.OWN_RULE_APPROVE)
    rule = _locked(rule_id, by, OwnRuleState.APPROVED)
    if not note.strip():
        raise WorkbenchError("停用请写明理由。")
    rule.state = OwnRuleState.RETIRED
    rule.decision_note = f"{rule.decision_note}\n停用（{by.name}，{timezone.localdate()}）：{note.strip()}".strip()
    rule.save()
    record("own_rule_retire", by=by, kind="own_rule", object_id=rule.pk, detail={**_detail(rule), "note": note})
    return rule


def _check(rule: OwnRule) -> None:
    faults = faults_of(rule)[0]
    if faults:
        raise WrongState(f"规则还有错误：{faults[0]}")


def _locked(rule_id: int, by: User, wanted: OwnRuleState) -> OwnRule:
    own_rule_get_for(by, rule_id)
    rule = OwnRule.objects.select_for_update().get(pk=rule_id)
    if rule.state != wanted:
        raise WrongState(f"这条规则已经是“{rule.get_state_display()}”，请刷新页面看看。")
    return rule


def _end(rule: OwnRule, state: OwnRuleState, by: User, note: str) -> None:
    rule.state = state
    rule.decided_by = by
    rule.decided_at = timezone.now()
    rule.decision_note = note.strip()
    rule.save()


def _detail(rule: OwnRule) -> dict[str, Any]:
    return {"rule": rule.rule_id, "title": rule.title, "sha256": rule.sha256[:16]}
