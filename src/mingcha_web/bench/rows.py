"""The rows of a large county: the sample as a beginning, and further findings and cases made from it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

_CHUNK = 5000
_DAY = date(2023, 6, 30)
_TOWNS, _VILLAGES = 24, 30
#: Share of cases in each state.
_STATES = (
    *(("pending", 15), ("dispatched", 20), ("verifying", 15), ("reported", 10)),
    *(("rectifying", 10), ("reviewing", 5), ("closed", 25)),
)


def fill(findings: int, sample: Path) -> dict[str, int]:
    """The sample county, and further findings and cases until there are so many."""
    from mingcha_web.audit.models import Entry  # noqa: PLC0415
    from mingcha_web.cases.models import Case  # noqa: PLC0415
    from mingcha_web.demo import load_demo  # noqa: PLC0415
    from mingcha_web.findings.models import Finding  # noqa: PLC0415

    load_demo(sample, as_of=_DAY, scale="village")
    wanted = findings - Finding.objects.count()
    if wanted > 0:
        _Filler(wanted).fill()
    return {
        "findings": Finding.objects.count(),
        "cases": Case.objects.count(),
        "audit_entries": Entry.objects.count(),
    }


class _Filler:
    """Makes findings, sightings, cases, items and steps in bulk."""

    def __init__(self, wanted: int) -> None:
        from mingcha_web.access.models import User  # noqa: PLC0415
        from mingcha_web.findings.models import Finding  # noqa: PLC0415
        from mingcha_web.runs.models import Run  # noqa: PLC0415

        self.wanted = wanted
        self.chance = random.Random(1)  # noqa: S311  # the same rows each time
        self.patterns = list(Finding.objects.order_by("pk")[:500])
        self.run = Run.objects.order_by("-pk")[0]
        self.officer = User.objects.get(username="xianban")
        self.town = User.objects.get(username="xiangzhen")
        self.village = User.objects.get(username="cunji")
        names = [f"虚{'东西南北中'[n % 5]}{'山河湖海原林'[n % 6]}{n}乡" for n in range(_TOWNS - 1)]
        self.towns = [self.town.township, *names]
        self.today = datetime.now(UTC)

    def fill(self) -> None:
        """All of them; about a quarter of the households have two findings."""
        from django.db import transaction  # noqa: PLC0415

        with transaction.atomic():
            for chunk in _chunks(iter(range(self.wanted)), _CHUNK):
                self._chunk(chunk)

    def _chunk(self, numbers: list[int]) -> None:
        from mingcha_web.cases.models import Case, Item, Step  # noqa: PLC0415
        from mingcha_web.findings.models import Finding, Sighting  # noqa: PLC0415

        findings = Finding.objects.bulk_create([self._finding(number) for number in numbers])
        Sighting.objects.bulk_create(
            [Sighting(run=self.run, finding=each, amount=each.amount, facts=each.facts) for each in findings]
        )
        homes: dict[str, list[Any]] = {}
        for finding in findings:
            homes.setdefault(finding.household_id, []).append(finding)
        cases = Case.objects.bulk_create([self._case(subject, group) for subject, group in homes.items()])
        Item.objects.bulk_create(
            [
                Item(case=case, finding=each, rule_id=each.rule_id, verdict="true" if case.verified_by_id else "")
                for case in cases
                for each in homes[case.subject]
            ]
        )
        Step.objects.bulk_create(
            [
                Step(case=case, at=case.opened_at, by=by, action=action, from_state="", to_state=case.state)
                for case in cases
                for by, action in ((None, "form"), (self.officer, "dispatch"), (self.town, "start"))
            ]
        )

    def _finding(self, number: int) -> Any:
        from mingcha_web.findings.models import Finding  # noqa: PLC0415

        like = self.patterns[number % len(self.patterns)]
        home = number - (number % 5 == 4)  # every fifth belongs to the household before it
        place = home * 7919 % (_TOWNS * _VILLAGES)
        return Finding(
            finding_id=f"{like.rule_id}-B{number:011d}",
            rule_id=like.rule_id,
            rule_title=like.rule_title,
            severity=like.severity,
            subject_kind=like.subject_kind,
            person_key=like.person_key,
            id_masked="411426********123X",
            name=name_of(number),
            person_id=f"PB{number}",
            household_id=f"HB{home}",
            township=self.towns[place % _TOWNS],
            village=f"第{place // _TOWNS + 1}村",
            program=like.program,
            period=like.period,
            amount=like.amount if number % 3 else Decimal(number % 5000),
            summary=like.summary,
            evidence=like.evidence,
            facts=like.facts,
            state="settled" if number % 4 == 0 else "cased",
            is_current=number % 9 != 0,
            is_help=like.is_help,
            first_run=self.run if number % 6 == 0 else self.run.before or self.run,
            last_run=self.run,
            first_seen_on=_DAY,
            last_seen_on=_DAY,
        )

    def _case(self, subject: str, group: list[Any]) -> Any:
        from mingcha_web.cases.models import Case  # noqa: PLC0415

        first = group[0]
        (state,) = self.chance.choices([name for name, _ in _STATES], [share for _, share in _STATES])
        is_verified = state in {"reported", "rectifying", "reviewing", "closed"}
        is_own = first.township == self.town.township
        opened = self.today - timedelta(days=self.chance.randrange(120))
        due = None if state == "closed" else (self.today + timedelta(days=self.chance.randrange(-20, 40))).date()
        closing: dict[str, Any] = {}
        if state == "closed":
            outcome = "covered" if first.is_help else "recovered"
            closing = {"closed_at": self.today, "closed_by": self.officer, "outcome": outcome}
            closing |= {} if first.is_help else {"amount_found": Decimal(900), "amount_recovered": Decimal(450)}
        return Case(
            number=f"B{first.finding_id[-11:]}",
            state=state,
            is_help=first.is_help,
            severity=first.severity,
            name=first.name,
            household_id=first.household_id,
            subject=subject,
            township=first.township,
            village=first.village,
            amount=first.amount,
            assignee=self.village if is_own and self.chance.random() < 0.02 else None,
            verified_by=self.town if is_verified else None,
            verified_at=opened if is_verified else None,
            state_since=opened,
            opened_at=opened,
            due_on=due,
            **closing,
        )


def name_of(number: int) -> str:
    """One of ten thousand names of three signs, as nobody is called."""
    second, third = divmod(number // 10 % 1000, 40)
    return f"{'赵钱孙李周吴郑王冯陈'[number % 10]}{chr(0x3400 + second)}{chr(0x3500 + third)}"


def _chunks(rows: Iterator[int], size: int) -> Iterator[list[int]]:
    while chunk := list(islice(rows, size)):
        yield chunk
