"""Rows for tests: accounts, runs, findings, cases. Plain functions; ``conftest.py`` offers them as fixtures too.

All people are fictitious.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from mingcha_web.access.models import User
from mingcha_web.access.policy import Role
from mingcha_web.cases.models import Case, Item, State
from mingcha_web.findings.models import Finding, Sighting
from mingcha_web.runs.models import RuleResult, Run
from mingcha_web.uploads.models import BatchState

PASSWORD = "城关-练习-2023"
TOWN, OTHER_TOWN = "城关镇", "会亭镇"
VILLAGE = "东关村"

_numbers = count(1)


def make_user(role: Role, *, township: str = "", village: str = "", **fields: Any) -> User:
    """An account with ``PASSWORD``; township roles are in 城关镇 unless told otherwise."""
    number, role = next(_numbers), Role(role)
    if not township and role in {Role.TOWNSHIP_OFFICER, Role.VILLAGE_ASSISTANT}:
        township = TOWN
    if not village and role == Role.VILLAGE_ASSISTANT:
        village = VILLAGE
    fields = {"username": f"u{number}", "name": f"{role.label}{number}", **fields}
    username = fields.pop("username")
    return User.objects.create_user(username, PASSWORD, role=role.value, township=township, village=village, **fields)


def make_run(
    *, by: User | None = None, as_of: date = date(2023, 6, 30), rules: dict[str, int] | None = None, **fields: Any
) -> Run:
    """A finished comparison; rules: rule id → findings it had."""
    now = timezone.now()
    run = Run.objects.create(
        **{
            "as_of": as_of,
            "by": by or make_user(Role.COUNTY_OFFICER),
            "state": BatchState.DONE,
            "finished_at": now,
            "beat_at": now,
            "submit_key": f"run-{next(_numbers)}",
            **fields,
        }
    )
    for rule_id, findings in (rules or {}).items():
        RuleResult.objects.create(run=run, rule_id=rule_id, state="ran", findings=findings)
    return run


def make_finding(*, run: Run | None = None, township: str = TOWN, **fields: Any) -> Finding:
    """A finding in a township (R01 unless told otherwise), seen in ``run`` where one is given."""
    number = next(_numbers)
    finding = Finding.objects.create(
        **{
            "finding_id": f"F{number:08d}",
            "rule_id": "R01",
            "rule_title": "死亡未退出",
            "severity": "red",
            "subject_kind": "person",
            "person_key": number,
            "id_masked": "411426********123X",
            "name": f"张试{number}",
            "person_id": f"p{number}",
            "household_id": f"h{number}",
            "township": township,
            "village": VILLAGE if township == TOWN else "南街村",
            "program": "dibao_rural",
            "period": "2023-06",
            "amount": Decimal("450.00"),
            "summary": "死亡满3个月，仍在名册上。",
            "evidence": [{"dataset": "dibao_roll", "file": "低保名册.xlsx", "sheet": township, "row": 5}],
            "facts": f"facts-{number}",
            "first_run": run,
            "last_run": run,
            "first_seen_on": date(2023, 6, 30),
            "last_seen_on": date(2023, 6, 30),
            **fields,
        }
    )
    if run is not None:
        Sighting.objects.create(run=run, finding=finding, amount=finding.amount, facts=finding.facts)
    return finding


def make_case(
    *,
    findings: list[Finding] | None = None,
    township: str = TOWN,
    state: State = State.PENDING,
    verdicts: list[tuple[str, str]] | None = None,
    **fields: Any,
) -> Case:
    """A case with its items (one new finding where none is given). verdicts: (verdict, cause) of each item.

    A closed case needs ``closed_by`` and gets an outcome; its findings keep the state they were made with.
    """
    number = next(_numbers)
    now = timezone.now()
    findings = findings if findings is not None else [make_finding(township=township, state="cased")]
    first = findings[0] if findings else None
    closing = {"closed_at": now, "outcome": "no_problem"} if state == State.CLOSED else {}
    case = Case.objects.create(
        **{
            "number": f"202306-{number:05d}",
            "state": state,
            "severity": first.severity if first else "red",
            "is_help": bool(first and first.is_help),
            "name": first.name if first else "",
            "household_id": first.household_id if first else "",
            "subject": (first.household_id or first.person_id) if first else f"s{number}",
            "township": township,
            "village": first.village if first else "",
            "amount": first.amount if first else None,
            "state_since": now,
            "opened_at": now,
            **closing,
            **fields,
        }
    )
    given = verdicts or [("", "")] * len(findings)
    for finding, (verdict, cause) in zip(findings, given, strict=True):
        Item.objects.create(case=case, finding=finding, rule_id=finding.rule_id, verdict=verdict, cause=cause)
    return case
