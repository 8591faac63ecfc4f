"""The chain of the audit log: whole as written, and any tampering is named."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.models import F

from mingcha_web.access.errors import NotAllowed
from mingcha_web.access.models import User
from mingcha_web.audit.models import Entry, Head
from mingcha_web.audit.services import audit_verify, broken_entries, chain_check, digest_of, record


@pytest.fixture
def log(officer: User) -> list[Entry]:
    """Five entries."""
    return [record(f"action{n}", by=officer, kind="case", object_id=n, detail={"rows": n}) for n in range(1, 6)]


def _raw(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_log_as_written_is_whole(log: list[Entry]) -> None:
    proof = chain_check()
    assert (proof.problem, proof.count, proof.digest) == ("", 5, log[-1].digest)


def test_an_empty_log_is_whole(db: None) -> None:
    assert chain_check().problem == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("actor_name", "别人"),
        ("role", "county_leader"),
        ("action", "login"),
        ("kind", "run"),
        ("object_id", "99"),
        ("township", "会亭镇"),
        ("is_personal", True),
        ("detail", {"rows": 99}),
        ("actor", None),
        ("digest", "f" * 64),
    ],
)
def test_an_edited_entry_is_named(log: list[Entry], field: str, value: object) -> None:
    Entry.objects.filter(number=3).update(**{field: value})
    assert "第3条" in next(broken_entries())


def test_a_changed_time_is_named(log: list[Entry]) -> None:
    Entry.objects.filter(number=2).update(at=F("at") + __import__("datetime").timedelta(seconds=1))
    assert "第2条" in next(broken_entries())


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_deleted_entry_is_named_wherever_it_stood(log: list[Entry], number: int) -> None:
    _raw("DELETE FROM audit_entry WHERE number = %s", number)
    assert f"第{number}条" in next(broken_entries())


def test_a_deleted_entry_whose_gap_is_closed_is_named(log: list[Entry]) -> None:
    _raw("DELETE FROM audit_entry WHERE number = 3")
    for number in (4, 5):
        _raw("UPDATE audit_entry SET number = %s WHERE number = %s", number - 1, number)
    assert "第3条" in next(broken_entries())


def test_an_inserted_entry_is_named(log: list[Entry]) -> None:
    for number in (5, 4):
        _raw("UPDATE audit_entry SET number = %s WHERE number = %s", number + 1, number)
    forged = Entry(number=4, at=log[0].at, actor_name="系统", action="login", detail={})
    forged.digest = digest_of(forged, log[2].digest)
    forged.save(force_insert=True)
    assert "第5条" in next(broken_entries())


def test_an_entry_appended_past_the_system_is_named(log: list[Entry]) -> None:
    forged = Entry(number=6, at=log[0].at, actor_name="系统", action="login", detail={})
    forged.digest = digest_of(forged, log[-1].digest)
    forged.save(force_insert=True)
    assert "绕开系统" in next(broken_entries())


def test_reordered_entries_are_named(log: list[Entry]) -> None:
    for before, after in ((2, 90), (3, 2), (90, 3)):
        _raw("UPDATE audit_entry SET number = %s WHERE number = %s", after, before)
    assert "第2条" in next(broken_entries())


def test_a_log_rewritten_as_a_whole_is_found_by_a_digest_written_down(log: list[Entry]) -> None:
    noted = log[2].digest
    assert chain_check(noted=noted).problem == ""
    before = "0" * 64
    for entry in Entry.objects.order_by("number"):
        if entry.number == 1:
            entry.object_id = "forged"
        entry.digest = before = digest_of(entry, before)
        entry.save()
    Head.objects.update(digest=before)
    assert chain_check().problem == ""
    assert "记下的校验值" in chain_check(noted=noted).problem


def test_entries_cannot_be_deleted_through_the_model(log: list[Entry]) -> None:
    with pytest.raises(TypeError):
        log[0].delete()


def test_what_a_database_would_change_does_not_break_the_chain(officer: User) -> None:
    detail = {
        "ratio": 1e16,
        "amount": Decimal("1.50"),
        "day": date(2023, 6, 30),
        "text": "a\x00b\ud800",
        "sets": {"b", "a"},
        3: ({"x": 0.1},),
        "许可": True,
    }
    entry = record("odd", by=officer, detail=detail)  # type: ignore[arg-type]
    assert chain_check().problem == ""
    assert Entry.objects.get(pk=entry.pk).detail["sets"] == ["a", "b"]


def test_an_entry_is_undone_with_its_transaction(officer: User) -> None:
    def write_and_fail() -> None:
        with transaction.atomic():
            record("lost", by=officer)
            raise RuntimeError

    record("kept", by=officer)
    with pytest.raises(RuntimeError):
        write_and_fail()
    record("after", by=officer)
    assert [*Entry.objects.order_by("number").values_list("number", "action")] == [(1, "kept"), (2, "after")]
    assert chain_check().problem == ""


def test_an_entry_takes_few_queries(officer: User, django_assert_max_num_queries: Any) -> None:
    record("first", by=officer)
    # on PostgreSQL one more, for the lock
    with transaction.atomic(), django_assert_max_num_queries(4):
        record("second", by=officer)


def test_the_command_proves_the_chain_or_names_what_is_wrong(log: list[Entry], capsys: Any) -> None:
    call_command("verify_audit", noted=log[0].digest)
    assert f"共5条。\n最后一条的校验值：{log[-1].digest}" in capsys.readouterr().out
    Entry.objects.filter(number=4).update(action="x")
    with pytest.raises(CommandError, match="第4条"):
        call_command("verify_audit")


def test_only_who_reads_the_log_may_verify_it(officer: User, auditor: User) -> None:
    assert audit_verify(by=auditor).problem == ""
    with pytest.raises(NotAllowed):
        audit_verify(by=officer)


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_keep_the_chain_whole(make_user: Callable[..., User]) -> None:
    people = [make_user("county_officer") for _ in range(4)]
    start = threading.Barrier(len(people))
    failures: list[Exception] = []

    def write(person: User) -> None:
        try:
            start.wait()
            for n in range(8):
                with transaction.atomic():
                    record("written", by=person, object_id=n)
        except Exception as error:  # told below, in the test's own thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    proof = chain_check()
    assert (proof.problem, proof.count) == ("", 32)
