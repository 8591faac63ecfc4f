"""The sample county in the workbench: an account for each role, deliveries of its offices, two months compared.

All people are fictitious, and so are the parameter values.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from mingcha import api
from mingcha_web.access.models import User
from mingcha_web.access.policy import Role
from mingcha_web.audit.services import record
from mingcha_web.demo_work import limits_set, month_worked
from mingcha_web.findings.models import Finding
from mingcha_web.runs.models import ParameterProposal, ProposalState, Run
from mingcha_web.runs.selectors import rule_titles
from mingcha_web.runs.services import run_start
from mingcha_web.runs.tasks import run_compare
from mingcha_web.uploads.calendar import obligations_suggest
from mingcha_web.uploads.inbox import inbox_new
from mingcha_web.uploads.models import Batch, BatchState, Delivery, Obligation
from mingcha_web.uploads.services import batch_create
from mingcha_web.uploads.tasks import batch_read

#: The accounts' password. The sample holds no real person: it need not be a secret.
PASSWORD = "xiayi-demo"  # noqa: S105
ACCOUNTS = (
    (Role.COUNTY_OFFICER, "xianban", "李明华"),
    (Role.COUNTY_LEADER, "lingdao", "王建国"),
    (Role.TOWNSHIP_OFFICER, "xiangzhen", "赵秀英"),
    (Role.VILLAGE_ASSISTANT, "cunji", "孙桂兰"),
    (Role.INSPECTOR, "jijian", "郑卫东"),
    (Role.AUDITOR, "shenji", "冯丽娟"),
    (Role.RULE_AUTHOR, "guize", "陈志强"),
    (Role.ADMINISTRATOR, "guanli", "褚晓峰"),
)
_PARAMETERS = "mingcha-params.yaml"
#: Sheets that offices send every month.
_MONTHLY = frozenset(
    (
        *("dibao_household", "dibao_member", "tekun_person", "tekun_household", "child", "disability_subsidy"),
        *("payment", "death_cancel", "funeral", "low_income_household", "low_income_member"),
    )
)
_SOURCE = "样例县虚构数值，只作演示"
_DUE_DAY = 10
#: The sample's visits are made in the second month: what looks for people nobody visited starts with it.
_SECOND_MONTH = frozenset(("R67", "R68"))


def load_demo(
    folder: Path, *, as_of: date | None = None, scale: str = "township", progress: api.Progress | None = None
) -> list[tuple[str, str, str]]:
    """Fills the workbench with the sample county; what an earlier call finished is not done again.

    folder  the sample's spreadsheets, a folder an office; where there is none it is simulated in that scale
    as_of   day of the second comparison, default today; the first is of the end of the month before
    Returns (role in Chinese, account, password).
    """
    day = as_of or timezone.localdate()
    if not folder.is_dir() or not any(folder.iterdir()):
        api.simulate(folder, scale=scale, seed=1, as_of=day, progress=progress)
    officer = _account(Role.COUNTY_OFFICER, "", "")
    author = _account(Role.RULE_AUTHOR, "", "")
    for office in sorted(path for path in folder.iterdir() if path.is_dir()):
        _deliver(office, officer, day, progress)
    _owe(officer)
    _parameters(folder / _PARAMETERS, author, officer)
    first = day.replace(day=1) - timedelta(days=1)
    limits_set(officer)
    is_new = _compare("demo-run-1", first, officer, progress, without=_SECOND_MONTH)
    township, village = _busiest()
    accounts = [_account(role, township, village) for role, _, _ in ACCOUNTS]
    if is_new:
        roles = (Role.TOWNSHIP_OFFICER, Role.VILLAGE_ASSISTANT)
        town, assistant = (_account(role, township, village) for role in roles)
        month_worked(officer=officer, town=town, assistant=assistant, first=first)
    _compare("demo-run-2", day, officer, progress)
    return [(user.role_label, user.username, PASSWORD) for user in accounts]


def _account(role: Role, township: str, village: str) -> User:
    username, name = next((username, name) for each, username, name in ACCOUNTS if each == role)
    known = User.objects.filter(username=username).first()
    if known is not None:
        return known
    place = {Role.TOWNSHIP_OFFICER: (township, ""), Role.VILLAGE_ASSISTANT: (township, village)}.get(role, ("", ""))
    with transaction.atomic():
        made = User.objects.create_user(
            username, PASSWORD, name=name, role=role.value, township=place[0], village=place[1]
        )
        record("account_create", kind="account", object_id=made.pk, detail={"role": role.value, "demo": True})
    return made


def _deliver(office: Path, by: User, day: date, progress: api.Progress | None) -> None:
    """One office hands in all its files, as if uploaded."""
    key = f"demo-{office.name}"
    if Batch.objects.filter(submit_key=key, state=BatchState.DONE).exists():
        return
    Batch.objects.filter(submit_key=key).delete()  # a call before this one was interrupted
    inbox = inbox_new()
    for path in sorted(office.rglob("*")):
        if path.is_file():
            target = inbox.path / path.relative_to(office)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            inbox.taken.append(path.relative_to(office).as_posix())
    batch = batch_create(office=office.name, inbox=inbox, submit_key=key, by=by)
    batch_read(batch.pk, progress=progress)
    batch.refresh_from_db()
    if batch.state != BatchState.DONE:
        raise RuntimeError(f"sample batch {batch.pk}: {batch.message}")
    _spread(batch, day)


def _spread(batch: Batch, day: date) -> None:
    """A month's sheets came in the days after it, each office at a time of its own, now and then late."""
    for delivery in batch.deliveries.prefetch_related("sheets"):
        months = [sheet.month for sheet in delivery.sheets.all() if sheet.month]
        came = min(_after(max(months), delivery.pk), day) if months else day
        at = timezone.make_aware(datetime.combine(came, time(9 + delivery.pk % 8, delivery.pk * 7 % 60)))
        Delivery.objects.filter(pk=delivery.pk).update(created_at=min(at, timezone.now()))


def _after(month: str, number: int) -> date:
    first = (date.fromisoformat(f"{month}-01") + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=2 + number * 5 % (_DUE_DAY + 1))


def _owe(by: User) -> None:
    """The calendar of who owes what: the sheets that come every month."""
    if Obligation.objects.exists():
        return
    obligations_suggest(by=by)
    Obligation.objects.exclude(dataset__in=_MONTHLY).delete()


@transaction.atomic
def _parameters(path: Path, author: User, officer: User) -> None:
    """The sample's parameter values, proposed by one person and approved by another."""
    given: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for key, value in given.items():
        if key == "title" or ParameterProposal.objects.filter(submit_key=f"demo-{key}").exists():
            continue
        proposal = ParameterProposal.objects.create(
            key=key,
            value=value,
            source=_SOURCE,
            state=ProposalState.APPROVED,
            proposed_by=author,
            decided_by=officer,
            decided_at=timezone.now(),
            submit_key=f"demo-{key}",
        )
        record("parameter_approve", by=officer, kind="parameter", object_id=proposal.pk, detail={"key": key})


def _compare(
    key: str, day: date, by: User, progress: api.Progress | None, *, without: frozenset[str] = frozenset()
) -> bool:
    """Compares, unless it was done before; returns whether it did."""
    if Run.objects.filter(submit_key=key, state=BatchState.DONE).exists():
        return False
    Run.objects.filter(submit_key=key).delete()
    rules = [rule for rule in rule_titles() if rule not in without] if without else []
    run = run_start(as_of=day, rules=rules, submit_key=key, by=by)
    run_compare(run.pk, progress=progress)
    run.refresh_from_db()
    if run.state != BatchState.DONE:
        raise RuntimeError(f"sample comparison {run.pk}: {run.message}")
    return True


def _busiest() -> tuple[str, str]:
    """Township and village with the most findings: there is something to see for the people who work there."""
    places = Counter(_places())
    (township, village), _ = places.most_common(1)[0] if places else (("城关镇", ""), 0)
    return township, village


def _places() -> Iterator[tuple[str, str]]:
    towns = Counter(Finding.objects.exclude(township="").values_list("township", flat=True))
    if towns:
        town = towns.most_common(1)[0][0]
        yield from Finding.objects.filter(township=town).exclude(village="").values_list("township", "village")
