"""The pages that are opened, by whom, and how many statements each asks of the database."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from mingcha_web.bench.rows import name_of

_TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")


@dataclass(frozen=True)
class Visit:
    """A page as one kind of person opens it. path: {finding}, {case} stand for rows taken by chance."""

    name: str
    role: str
    path: str


VISITS = (
    Visit("今日 县级", "county_officer", "/"),
    Visit("今日 领导", "county_leader", "/"),
    Visit("今日 乡镇", "township_officer", "/"),
    Visit("今日 村级", "village_assistant", "/"),
    Visit("办件 全部", "county_officer", "/cases/"),
    Visit("办件 在办", "county_officer", "/cases/?state=open"),
    Visit("办件 逾期", "county_officer", "/cases/?state=open&due=late"),
    Visit("办件 按规则", "county_officer", "/cases/?state=open&rule={rule}"),
    Visit("办件 查姓名", "county_officer", "/cases/?text={name}"),
    Visit("办件 后面的页", "county_officer", "/cases/?page=900"),
    Visit("办件 乡镇", "township_officer", "/cases/"),
    Visit("办件 村级", "village_assistant", "/cases/"),
    Visit("期限 县级", "county_officer", "/cases/due/"),
    Visit("办件详情", "county_officer", "/cases/{case}/"),
    Visit("办件详情 乡镇", "township_officer", "/cases/{own_case}/"),
    Visit("疑点 全部", "county_officer", "/findings/"),
    Visit("疑点 按规则和级别", "county_officer", "/findings/?rule={rule}&severity=red"),
    Visit("疑点 按乡镇", "county_officer", "/findings/?township={town}"),
    Visit("疑点 查姓名", "county_officer", "/findings/?text={name}&state=all"),
    Visit("疑点 后面的页", "county_officer", "/findings/?page=900"),
    Visit("疑点 乡镇", "township_officer", "/findings/"),
    Visit("疑点详情", "county_officer", "/findings/{finding}/"),
    Visit("比对", "county_officer", "/runs/"),
    Visit("比对变化", "county_officer", "/runs/{run}/changes/"),
    Visit("规则", "county_officer", "/runs/rules/"),
    Visit("报送日历", "county_officer", "/uploads/due/"),
)


def address_of(visit: Visit, chance: random.Random) -> str:
    """An address of the page, with rows taken by chance."""
    rows = known()
    return visit.path.format(
        finding=chance.choice(rows["findings"]),
        case=chance.choice(rows["cases"]),
        own_case=chance.choice(rows["own_cases"]),
        rule=chance.choice(rows["rules"]),
        town=chance.choice(rows["towns"]),
        name=quote(name_of(chance.randrange(10_000))),
        run=rows["run"],
    )


_KNOWN: dict[str, Any] = {}


def known() -> dict[str, Any]:
    """Rows that visits go to."""
    from mingcha_web.access.models import User  # noqa: PLC0415
    from mingcha_web.cases.models import Case  # noqa: PLC0415
    from mingcha_web.findings.models import Finding  # noqa: PLC0415
    from mingcha_web.runs.models import Run  # noqa: PLC0415

    if not _KNOWN:
        town = User.objects.get(username="xiangzhen").township
        _KNOWN.update(
            findings=list(Finding.objects.order_by("name").values_list("pk", flat=True)[:3000]),
            cases=list(Case.objects.order_by("name").values_list("pk", flat=True)[:3000]),
            own_cases=list(Case.objects.filter(township=town).values_list("pk", flat=True)[:500]),
            rules=list(Finding.objects.values_list("rule_id", flat=True).distinct()[:20]),
            towns=[
                quote(each)
                for each in Finding.objects.exclude(township="").values_list("township", flat=True).distinct()
            ],
            run=Run.objects.order_by("-pk").values_list("pk", flat=True)[0],
        )
    return _KNOWN


def account_of(role: str) -> Any:
    """The first account of that role."""
    from mingcha_web.access.models import User  # noqa: PLC0415

    return User.objects.filter(role=role, is_active=True).order_by("pk").first()


def count_queries(visit: Visit) -> int:
    """Statements one opening of the page makes, beginnings and ends of transactions left out."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = Client()
    client.force_login(account_of(visit.role))
    path = address_of(visit, random.Random(2))  # noqa: S311
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return sum(not str(each["sql"]).startswith(_TRANSACTION) for each in captured.captured_queries)
