"""Keyed pseudonyms: numbers become integers that only this workspace's key can make again.

HMAC-SHA-256 (RFC 2104) is written out in SQL, so that whole columns are turned inside DuckDB: its first 15 hexadecimal
digits (60 bits) are a positive BIGINT. A prefix keeps the domains apart: a damaged number never equals a valid one.
"""

from __future__ import annotations

import hashlib
import hmac

_BLOCK = 64  # block length of SHA-256 in bytes, to which HMAC pads its key
_HEX_DIGITS = 15  # 60 bits: always positive as a BIGINT

PERSON = "p:"
DAMAGED = "d:"
ACCOUNT = "a:"
PHONE = "t:"
CERTIFICATE = "c:"


class Pseudonymiser:
    """Makes pseudonyms under one key: SQL for columns, methods ending in ``_of`` for single values. Both agree.

    The SQL names the parameters ``$ip`` and ``$op``: give ``parameters()`` to the statement that holds it. A NULL
    stays NULL.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) > _BLOCK:
            key = hashlib.sha256(key).digest()
        self._key = key
        padded = key.ljust(_BLOCK, b"\0")
        self._inner = bytes(byte ^ 0x36 for byte in padded)
        self._outer = bytes(byte ^ 0x5C for byte in padded)

    def parameters(self) -> dict[str, bytes]:
        """The named parameters of every statement in which the SQL stands. They are the key: never print them."""
        return {"ip": self._inner, "op": self._outer}

    # ---- SQL over columns: expr is a VARCHAR expression

    def person(self, expr: str) -> str:
        """Of a valid 18-place identity number, upper-case X."""
        return _sql(PERSON, expr)

    def damaged(self, id_expr: str, name_expr: str) -> str:
        """Of a damaged number: as written, with the name beside it (a missing name counts as '')."""
        return _sql(DAMAGED, f"{id_expr} || '|' || coalesce({name_expr}, '')")

    def account(self, expr: str) -> str:
        """Of a bank account, digits only."""
        return _sql(ACCOUNT, expr)

    def phone(self, expr: str) -> str:
        """Of a telephone number, digits only."""
        return _sql(PHONE, expr)

    def certificate(self, expr: str) -> str:
        """Of a disability certificate number, blanks removed."""
        return _sql(CERTIFICATE, expr)

    # ---- single values

    def person_of(self, number: str) -> int:
        """As ``person``, for one number."""
        return self._key_of(PERSON + number)

    def damaged_of(self, number: str, name: str | None) -> int:
        """As ``damaged``, for one number and name."""
        return self._key_of(f"{DAMAGED}{number}|{name or ''}")

    def account_of(self, number: str) -> int:
        """As ``account``, for one account."""
        return self._key_of(ACCOUNT + number)

    def phone_of(self, number: str) -> int:
        """As ``phone``, for one number."""
        return self._key_of(PHONE + number)

    def certificate_of(self, number: str) -> int:
        """As ``certificate``, for one certificate."""
        return self._key_of(CERTIFICATE + number)

    def _key_of(self, text: str) -> int:
        return int(hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:_HEX_DIGITS], 16)


def _sql(domain: str, expr: str) -> str:
    inner = f"sha256($ip || encode('{domain}' || {expr}))"
    return f"CAST('0x' || left(sha256($op || unhex({inner})), {_HEX_DIGITS}) AS BIGINT)"
