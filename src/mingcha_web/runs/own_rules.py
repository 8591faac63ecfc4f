"""A county's own rules: which there are, what the engine reads of them, and their files."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404

from mingcha import api
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action, Reach
from mingcha_web.runs.models import OwnRule, OwnRuleState, RuleTrial

#: What a rule that is tried may take.
TRIAL_BOUNDS = api.Bounds(memory=1 << 30, seconds=60.0)
#: Texts that the county has or had in force: their findings are on record, so their names must be known.
_KNOWN = (OwnRuleState.APPROVED, OwnRuleState.REPLACED, OwnRuleState.RETIRED)

#: What a new rule begins with: a rule that runs, to be changed word by word.
SKELETON = """/* ---
id: X01
title: 高龄分散供养特困人员
version: 1
status: trial
severity: blue
clauses: [C22]
law: [填写依据的文件和条款]
subject: person
identity: exact
needs: [tekun_person]
reads: [aid_person]
params: {age: TK-02.age}
finds: 年满{age}岁的在册分散供养特困人员。
summary: "{name}今年{years}岁，分散供养，请安排探视。"
false_hits: [已转为集中供养而名册未更新]
verify: [入户探视, 核对供养方式]
--- */
SELECT
    aid.person_key,
    aid.name,
    aid.township,
    aid.village,
    aid.row_id AS ev_roll,
    AGE_ON(aid.birth_date, $as_of) AS fact_years
FROM aid_person AS aid
WHERE
    aid.program = 'TK'
    AND aid.is_active
    AND aid.id_is_valid
    AND aid.support_mode = 'scattered'
    AND AGE_ON(aid.birth_date, $as_of) >= $age
"""


def own_rule_list_for(user: User) -> QuerySet[OwnRule]:
    """The county's own rules as far as the person may see them, the newest first; drafts are their writer's."""
    if not user.can(Action.OWN_RULE_READ):
        return OwnRule.objects.none()
    rules = OwnRule.objects.select_related("written_by", "decided_by")
    foreign = rules.filter(state=OwnRuleState.DRAFT).exclude(written_by=user)
    return rules.exclude(pk__in=foreign.values("pk"))


def own_rule_get_for(user: User, pk: int) -> OwnRule:
    """One of them. Raises Http404."""
    rule = own_rule_list_for(user).filter(pk=pk).first()
    if rule is None:
        raise Http404
    return rule


def trials_for(user: User, rule: OwnRule) -> QuerySet[RuleTrial]:
    """How often it was tried, the newest first."""
    return rule.trials.select_related("by") if user.can(Action.OWN_RULE_READ) else RuleTrial.objects.none()


def samples_for(user: User, trial: RuleTrial | None) -> list[str]:
    """Sentences about persons, for those alone who see the county's persons."""
    return list(trial.samples) if trial is not None and user.reach == Reach.COUNTY else []


def is_tried(rule: OwnRule) -> bool:
    """Whether this very text ran on the data."""
    return rule.trials.filter(sha256=rule.sha256, state="done", result="ran").exists()


def rule_file(rule: OwnRule) -> Path:
    """The rule's text as a file the engine reads; it lies under the hash of what it holds."""
    name = f"{rule.rule_id or 'X'}_own.sql"
    path = Path(settings.DATA) / "own-rules" / rule.sha256[:16] / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{secrets.token_hex(4)}.tmp")
        draft.write_text(rule.text, encoding="utf-8", newline="\n")
        draft.replace(path)
    return path


def files_in_force() -> tuple[list[Path], dict[str, str]]:
    """The files of the approved rules, and those the engine no longer takes: rule id → why.

    The program may have changed since a rule was approved: one that does not fit it any more must not stop the others.
    """
    files, broken = [], {}
    for rule in OwnRule.objects.filter(state=OwnRuleState.APPROVED).order_by("rule_id"):
        faults = faults_of(rule)[0]
        if faults:
            broken[rule.rule_id] = f"本县规则与现在的程序不合，请修改后重新审批：{faults[0]}"
        else:
            files.append(rule_file(rule))
    return files, broken


def known_headers() -> dict[str, tuple[OwnRule, Mapping[str, Any]]]:
    """Rule id → the text in force, or else the last that was, with what the engine read of it."""
    rules = OwnRule.objects.filter(state__in=_KNOWN).defer("note").order_by("id")
    found: dict[str, tuple[OwnRule, Mapping[str, Any]]] = {}
    for rule in rules:
        before = found.get(rule.rule_id)
        if before is None or before[0].state != OwnRuleState.APPROVED:
            found[rule.rule_id] = (rule, rule.header)
    return dict(sorted(found.items()))


def faults_of(rule: OwnRule) -> tuple[list[str], list[str]]:
    """What is wrong with a text, and what may be: sentences with line and cure."""
    looked = api.check_own_rules([rule_file(rule)])
    return [_without_file(str(error)) for error in looked.errors], [_without_file(each) for each in looked.warnings]


def _without_file(sentence: str) -> str:
    """There is one text on the page: its file's name says nothing."""
    told = sentence.partition("_own.sql》")[2] or sentence.partition("_own.sql：")[2] or sentence
    return told.removeprefix("：")
