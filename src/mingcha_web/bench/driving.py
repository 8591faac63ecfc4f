"""Many people at once who open pages of the real server, while somebody goes on working."""

from __future__ import annotations

import http.client
import random
import threading
import time
from dataclasses import dataclass, field

from mingcha_web.bench.visits import VISITS, account_of, address_of, known

_OK = 200


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


def drive(port: int, *, users: int, seconds: float, think: float, work: float = 0) -> dict[str, Measured]:
    """So many people open pages one after the other for so long.

    think   seconds they look at a page on average
    work    every so many seconds somebody moves a case on, so that no figure can be kept for long; 0 = nobody does
    """
    from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    cookies = {}
    for role in {visit.role for visit in VISITS}:
        user = account_of(role)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        cookies[role] = f"sessionid={session.session_key}"
    known()
    results: list[dict[str, Measured]] = [{} for _ in range(users)]
    until = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_visit, args=(port, number, cookies, until, think, results[number]))
        for number in range(users)
    ]
    if work:
        threads.append(threading.Thread(target=_go_on_working, args=(until, work)))
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


def _go_on_working(until: float, pause: float) -> None:
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from mingcha_web.cases.models import Step  # noqa: PLC0415

    chance = random.Random(3)  # noqa: S311
    while time.perf_counter() < until:
        case = chance.choice(known()["cases"])
        Step.objects.create(case_id=case, at=timezone.now(), action="note", note="测速")
        time.sleep(pause)
    connection.close()


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
        path = address_of(visit, chance)
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
