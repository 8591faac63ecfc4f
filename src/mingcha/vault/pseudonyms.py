"""Keyed pseudonyms: numbers become integers that only this workspace's key can make again.

Valid identity numbers, of which lists hold five a row, fit one block of AES-256 under a key of their own: 60 bits of
what it makes of them are a positive BIGINT. A column costs a tenth of what a hash costs.

Everything else is turned by HMAC-SHA-256 (RFC 2104), written out in SQL: its first 15 hexadecimal digits (60 bits). A
prefix keeps the domains apart. A ring without a key for persons turns them in this way too.
"""

from __future__ import annotations

import hashlib
import hmac

import pyarrow as pa
import pyarrow.compute as pc
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from mingcha.vault.keys import KeyRing

_BLOCK = 64  # block length of SHA-256 in bytes, to which HMAC pads its key
_HEX_DIGITS = 15  # 60 bits: always positive as a BIGINT

PERSON = "p:"
DAMAGED = "d:"
ACCOUNT = "a:"
PHONE = "t:"
CERTIFICATE = "c:"

#: An identity number in a block: its 17 digits and, in the lowest four bits, which of these its last sign is.
_LAST_SIGNS = "0123456789X"
_DIGITS = 17
_BLOCK_BYTES = 16
_KEPT = (1 << 4 * _HEX_DIGITS) - 1


class Pseudonymiser:
    """Makes pseudonyms: SQL and ``persons`` for columns, methods ending in ``_of`` for single values. They agree.

    The SQL names the parameters ``$ip`` and ``$op``: give ``parameters()`` to the statement that holds it. A NULL
    stays NULL.
    """

    def __init__(self, key: bytes, persons: bytes | None = None) -> None:
        # one block is one whole number, and that equal numbers look equal is what a pseudonym is for
        self._blocks = None if persons is None else Cipher(algorithms.AES(persons), modes.ECB())  # noqa: S305
        if len(key) > _BLOCK:
            key = hashlib.sha256(key).digest()
        self._key = key
        padded = key.ljust(_BLOCK, b"\0")
        self._inner = bytes(byte ^ 0x36 for byte in padded)
        self._outer = bytes(byte ^ 0x5C for byte in padded)

    @classmethod
    def of(cls, ring: KeyRing) -> Pseudonymiser:
        """That of a key ring."""
        return cls(ring.pseudonyms, ring.persons)

    @property
    def turns_in_blocks(self) -> bool:
        """Whether persons are turned by ``persons``, a column at a time, and not by SQL."""
        return self._blocks is not None

    def persons(self, numbers: pa.Array) -> pa.Array:
        """Of valid identity numbers, none of them NULL; as ``person_of``. Raises ArrowInvalid at what has no digits."""
        if self._blocks is None:
            raise AssertionError("this ring turns persons in SQL")
        raw = numbers.cast(pa.binary())
        digits = pc.binary_slice(raw, 0, _DIGITS).cast(pa.string()).cast(pa.int64())
        last = pc.index_in(
            pc.binary_slice(raw, _DIGITS, _DIGITS + 1), value_set=pa.array([*_LAST_SIGNS]).cast(pa.binary())
        )
        number = pc.add(pc.multiply(digits, 16), last)
        # Arrow's 16-byte integers are the blocks
        clear = number.cast(pa.decimal128(19, 0)).buffers()[1]
        sealed = self._blocks.encryptor().update(bytes(clear)[: len(numbers) * _BLOCK_BYTES])
        halves = pa.Array.from_buffers(pa.int64(), 2 * len(numbers), [None, pa.py_buffer(sealed)])
        return pc.bit_wise_and(pc.list_element(pa.FixedSizeListArray.from_arrays(halves, 2), 0), _KEPT)

    def parameters(self) -> dict[str, bytes]:
        """The named parameters of every statement in which the SQL stands. They are the key: never print them."""
        return {"ip": self._inner, "op": self._outer}

    # ---- SQL over columns: expr is a VARCHAR expression

    def person(self, expr: str) -> str:
        """Of a valid 18-place identity number, upper-case X; only where persons are not turned in blocks."""
        if self._blocks is not None:
            raise AssertionError("this ring turns persons in blocks")
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
        """Of a valid 18-place identity number, upper-case X."""
        if self._blocks is None:
            return self._key_of(PERSON + number)
        block = int(number[:_DIGITS]) << 4 | _LAST_SIGNS.index(number[_DIGITS:])
        sealed = self._blocks.encryptor().update(block.to_bytes(_BLOCK_BYTES, "little"))
        return int.from_bytes(sealed[:8], "little") & _KEPT

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
