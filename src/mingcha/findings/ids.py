"""Names that stay the same from run to run and tell nobody whom they stand for.

A scheme is a dated function and is never changed: a new scheme is a new function with a mapping from the old ids.
"""

from __future__ import annotations

import base64
import hmac

_FINDING_PLACES = 12  # 60 bits: among a million findings of one rule two alike are a matter of one in two million
_HOUSEHOLD_PLACES = 10


def _digest(key: bytes, *parts: str) -> bytes:
    # the unit separator cannot stand in a rule id or a kind, so no two lists of parts read alike
    return hmac.digest(key, "\x1f".join(parts).encode("utf-8", "surrogatepass"), "sha256")


def finding_id_2026(key: bytes, rule_id: str, subject_kind: str, subject: str) -> str:
    """疑点编号: the same rule and subject under the same key, the same id.

    key      the installation's key for finding ids
    subject  the subject's key in the lake as text, or its name where it has none

    >>> finding_id_2026(bytes(32), "R01", "person", "42")
    'R01-JLJAYETB2RGB'
    """
    code = base64.b32encode(_digest(key, "finding 2026", rule_id, subject_kind, subject)[:10]).decode("ascii")
    return f"{rule_id}-{code[:_FINDING_PLACES]}"


def household_code_2026(key: bytes, household_key: int) -> str:
    """户编号: names a household without its head's number and without its key in the lake.

    >>> household_code_2026(bytes(32), 42)
    'HKH4VVARZWQ'
    """
    code = base64.b32encode(_digest(key, "household 2026", str(household_key))[:10]).decode("ascii")
    return f"H{code[:_HOUSEHOLD_PLACES]}"
