"""How fast the pages are with many findings and many people: ``mingcha manage bench_pages``.

A county's own database is never touched: everything happens in a data folder of its own, with the sample county as a
beginning and as many further findings and cases as asked for. The server is the real one, in a process of its own.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

_CHUNK = 5000
_DAY = date(2023, 6, 30)
_TOWNS, _VILLAGES = 24, 30
#: Share of cases in each state.
_STATES = (
    *(("pending", 15), ("dispatched", 20), ("verifying", 15), ("reported", 10)),
    *(("rectifying", 10), ("reviewing", 5), ("closed", 25)),
)
_OK = 200
#: What a page may take and ask, from the issue this was built to.
LIMIT_MS, LIMIT_QUERIES = 150, 15
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


@dataclass
class Measured:
    """Milliseconds of each answer of a page, and what else was noted."""

    times: list[float] = field(default_factory=list)
    failures: int = 0
    bytes: int = 0

    def quantile(self, share: float) -> float:
        """The time that this share of answers did not exceed."""
        ranked = sorted(self.times)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else 0.0


def main(arguments: Sequence[str]) -> int:
    """Fills a database, drives the server, prints and writes what was measured."""
    parser = argparse.ArgumentParser(prog="mingcha manage bench_pages", description="测量页面速度")
    parser.add_argument("--findings", type=int, default=100_000, help="疑点数（办件约为其八成）")
    parser.add_argument("--users", type=int, default=20, help="同时在线人数")
    parser.add_argument("--seconds", type=float, default=30, help="每一轮测多少秒")
    parser.add_argument("--think", type=float, default=1.0, help="一个人看完一页平均停几秒；另有一轮不停")
    parser.add_argument("--servers", type=int, default=1, help="几个服务进程分担，每个一个端口")
    parser.add_argument("--home", type=Path, help="数据文件夹，已有的接着用；不写就用临时的")
    parser.add_argument("--sample", type=Path, help="样例县的表格文件夹；不写就生成一个小的")
    parser.add_argument("--json", type=Path, help="结果另存为 JSON")
    options = parser.parse_args(list(arguments))
    if options.home is not None:
        return _measure(options, options.home)
    with tempfile.TemporaryDirectory(prefix="mingcha-bench-") as folder:
        return _measure(options, Path(folder))


def _measure(options: argparse.Namespace, home: Path) -> int:
    home.mkdir(parents=True, exist_ok=True)
    os.environ["MINGCHA_DATA"] = str(home.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "mingcha_web.site.settings"
    import django  # noqa: PLC0415  # the data folder is chosen first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    filled = fill(options.findings, options.sample or home / "sample")
    print(f"数据：{filled}，用时 {time.perf_counter() - started:.0f} 秒", flush=True)
    queries = {visit.name: count_queries(visit) for visit in VISITS}
    rounds: dict[str, dict[str, Measured]] = {}
    with ExitStack() as stack:
        ports = [stack.enter_context(served()) for _ in range(options.servers)]
        drive(ports, users=options.users, seconds=5, think=0)  # what is drawn once is drawn now
        rounds["paced"] = drive(ports, users=options.users, seconds=options.seconds, think=options.think)
        rounds["flat_out"] = drive(ports, users=options.users, seconds=options.seconds, think=0)
    result = told(options, filled, queries, rounds)
    print(table(result), flush=True)
    if options.json is not None:
        options.json.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


def told(
    options: argparse.Namespace, filled: dict[str, int], queries: dict[str, int], rounds: dict[str, dict[str, Measured]]
) -> dict[str, Any]:
    """What was measured, as JSON."""
    pages = []
    for visit in VISITS:
        entry: dict[str, Any] = {"page": visit.name, "path": visit.path, "queries": queries[visit.name]}
        for name, measured in rounds.items():
            one = measured.get(visit.name, Measured())
            entry[name] = {
                "p50_ms": round(one.quantile(0.5), 1),
                "p95_ms": round(one.quantile(0.95), 1),
                "answers": len(one.times),
                "failures": one.failures,
                "bytes": one.bytes,
            }
        pages.append(entry)
    totals = {}
    for name, measured in rounds.items():
        every = Measured([each for one in measured.values() for each in one.times])
        totals[name] = {
            "p50_ms": round(every.quantile(0.5), 1),
            "p95_ms": round(every.quantile(0.95), 1),
            "per_second": round(len(every.times) / options.seconds, 1),
        }
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    return {
        "rows": filled,
        "users": options.users,
        "servers": options.servers,
        "think_seconds": options.think,
        "machine": machine,
        "pages": pages,
        "all": totals,
    }


def table(result: dict[str, Any]) -> str:
    """The same for people."""
    lines = [f"{result['users']} 人同时在线；停 {result['think_seconds']} 秒看一页 / 一刻不停。单位毫秒。"]
    lines.append(f"{'p50':>7}{'p95':>7}  |{'p50':>7}{'p95':>7}  查询  页面")
    for page in result["pages"]:
        paced, flat = page["paced"], page["flat_out"]
        marks = "  ← 慢" if paced["p95_ms"] > LIMIT_MS else ""
        marks += "  ← 查询多" if page["queries"] > LIMIT_QUERIES else ""
        marks += f"  ← 失败 {paced['failures'] + flat['failures']}" if paced["failures"] + flat["failures"] else ""
        lines.append(
            f"{paced['p50_ms']:>7}{paced['p95_ms']:>7}  |{flat['p50_ms']:>7}{flat['p95_ms']:>7}"
            f"{page['queries']:>5}   {page['page']}{marks}"
        )
    for name, words in (("paced", "停一停"), ("flat_out", "一刻不停")):
        one = result["all"][name]
        lines.append(f"{words}：p50 {one['p50_ms']}，p95 {one['p95_ms']}，每秒 {one['per_second']} 页")
    return "\n".join(lines)


# ---- rows ----


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
            name=_name(number),
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


def _name(number: int) -> str:
    """One of ten thousand names of three signs, as nobody is called."""
    second, third = divmod(number // 10 % 1000, 40)
    return f"{'赵钱孙李周吴郑王冯陈'[number % 10]}{chr(0x3400 + second)}{chr(0x3500 + third)}"


def _chunks(rows: Iterator[int], size: int) -> Iterator[list[int]]:
    while chunk := list(islice(rows, size)):
        yield chunk


# ---- people ----


def _paths(visit: Visit, chance: random.Random) -> str:
    """An address of the page, with rows taken by chance."""
    known = _known()
    return visit.path.format(
        finding=chance.choice(known["findings"]),
        case=chance.choice(known["cases"]),
        own_case=chance.choice(known["own_cases"]),
        rule=chance.choice(known["rules"]),
        town=chance.choice(known["towns"]),
        name=quote(_name(chance.randrange(10_000))),
        run=known["run"],
    )


_KNOWN: dict[str, Any] = {}


def _known() -> dict[str, Any]:
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


def _account(role: str) -> Any:
    from mingcha_web.access.models import User  # noqa: PLC0415

    return User.objects.filter(role=role, is_active=True).order_by("pk").first()


def count_queries(visit: Visit) -> int:
    """Statements one opening of the page makes, beginnings and ends of transactions left out."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = Client()
    client.force_login(_account(visit.role))
    path = _paths(visit, random.Random(2))  # noqa: S311
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return sum(not str(each["sql"]).startswith(_TRANSACTION) for each in captured.captured_queries)


@contextmanager
def served() -> Iterator[int]:
    """The real server in a process of its own; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    code = f"from mingcha_web.command import serve; serve(['--port', '{port}', '--no-worker'])"
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen([sys.executable, "-c", code], stdout=said, stderr=subprocess.STDOUT)
        try:
            _wait(port, server)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def drive(ports: Sequence[int], *, users: int, seconds: float, think: float) -> dict[str, Measured]:
    """So many people open pages one after the other for so long. think: seconds they look at a page on average."""
    from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    cookies = {}
    for role in {visit.role for visit in VISITS}:
        user = _account(role)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        cookies[role] = f"sessionid={session.session_key}"
    _known()
    results: list[dict[str, Measured]] = [{} for _ in range(users)]
    until = time.perf_counter() + seconds
    threads = [
        threading.Thread(
            target=_visit, args=(ports[number % len(ports)], number, cookies, until, think, results[number])
        )
        for number in range(users)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    merged: dict[str, Measured] = {}
    for result in results:
        for name, one in result.items():
            whole = merged.setdefault(name, Measured())
            whole.times += one.times
            whole.failures += one.failures
            whole.bytes = one.bytes or whole.bytes
    return merged


def _visit(
    port: int, number: int, cookies: dict[str, str], until: float, think: float, result: dict[str, Measured]
) -> None:
    """One person."""
    chance = random.Random(number)  # noqa: S311
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    if think:
        time.sleep(chance.uniform(0, think))
    while time.perf_counter() < until:
        visit = chance.choice(VISITS)
        path = _paths(visit, chance)
        one = result.setdefault(visit.name, Measured())
        begun = time.perf_counter()
        try:
            line.request("GET", path, headers={"Cookie": cookies[visit.role]})
            answer = line.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            one.failures += 1
            line.close()
            continue
        one.times.append((time.perf_counter() - begun) * 1000)
        one.bytes = len(body)
        one.failures += answer.status != _OK
        if think:
            time.sleep(chance.uniform(0.5, 1.5) * think)
    line.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
