"""Writing to the audit log. Call inside the transaction of what is logged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from mingcha_web.access.guard import require
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.audit.models import Entry, Head

_START = "0" * 64
_HEAD = 1
#: Key of the PostgreSQL advisory lock that lines up writers of the chain.
_LOCK = 0x6D_69_6E_67


def record(
    action: str,
    *,
    by: object = None,
    kind: str = "",
    object_id: object = "",
    township: str = "",
    is_personal: bool = False,
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Adds one entry to the chain.

    by       the acting account; None for the system itself
    detail   JSON-able facts without personal numbers
    """
    actor = by if isinstance(by, User) else None
    with transaction.atomic(savepoint=False):
        _line_up()
        known = Head.objects.filter(pk=_HEAD).first()
        head = known or _head_anew()
        entry = Entry(
            number=head.number + 1,
            at=timezone.now(),
            actor=actor,
            actor_name=actor.name if actor else "系统",
            role=actor.role if actor else "",
            action=action,
            kind=kind,
            object_id=str(object_id)[:60],
            township=township[:40],
            is_personal=is_personal,
            detail={str(name): _plain(value) for name, value in (detail or {}).items()},
        )
        entry.digest = digest_of(entry, head.digest)
        entry.save(force_insert=True)
        head.number, head.digest = entry.number, entry.digest
        head.save(force_insert=known is None, force_update=known is not None)
    return entry


def _head_anew() -> Head:
    """The head of a log that has none yet."""
    last = Entry.objects.order_by("-number").only("number", "digest").first()
    return Head(pk=_HEAD, number=last.number if last else 0, digest=last.digest if last else _START)


def _plain(value: object) -> object:
    """What every database gives back as it was put in, so that the digest stays right: no fractions, no NUL."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()


def _line_up() -> None:
    """Two writers must not continue from the same entry. SQLite transactions are one at a time already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def digest_of(entry: Entry, before: str) -> str:
    """SHA-256, in hex, over the digest before and every field of the entry."""
    fields = {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "actor_name": entry.actor_name,
        "role": entry.role,
        "action": entry.action,
        "kind": entry.kind,
        "object_id": entry.object_id,
        "township": entry.township,
        "is_personal": entry.is_personal,
        "detail": entry.detail,
    }
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


@dataclass(frozen=True)
class Proof:
    """What going through the chain showed. problem: the first thing wrong, in Chinese; '' if it is whole."""

    count: int
    digest: str
    problem: str = ""


def chain_check(*, noted: str = "") -> Proof:
    """Goes through the whole chain.

    noted   a digest that was written down earlier: it must still occur
    """
    before, number, met = _START, 0, not noted
    for entry in Entry.objects.order_by("number").iterator(chunk_size=2000):
        number += 1
        if entry.number != number:
            return Proof(number - 1, before, f"第{number}条记录缺失，它后面的一条是第{entry.number}条。")
        if entry.digest != digest_of(entry, before):
            return Proof(number - 1, before, f"第{number}条记录与校验值不符：它的内容或次序被改动过。")
        before = entry.digest
        met = met or before == noted
    head = Head.objects.filter(pk=_HEAD).first()
    if (head.number if head else 0) > number:
        return Proof(number, before, f"第{number + 1}条起的记录缺失，应有{head.number if head else 0}条。")
    if (head.number, head.digest) != (number, before) if head else number:
        return Proof(number, before, f"日志末尾（第{number}条）与登记的末尾不符：有记录是绕开系统添加的。")
    if not met:
        return Proof(number, before, "日志里没有您记下的校验值：那一条或此前的记录被整体改写过。")
    return Proof(number, before)


def broken_entries() -> Iterator[str]:
    """Sentences about what is wrong with the chain, from its beginning; nothing if it is whole."""
    proof = chain_check()
    if proof.problem:
        yield proof.problem


@transaction.atomic
def audit_verify(*, by: User) -> Proof:
    """核对日志: goes through the chain for somebody who asked, and logs that and what came out."""
    require(by, Action.AUDIT_READ)
    proof = chain_check()
    record("audit_verify", by=by, kind="audit", detail={"entries": proof.count, "problem": proof.problem})
    return proof
