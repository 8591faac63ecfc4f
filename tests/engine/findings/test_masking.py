from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.findings import mask_number

VALID = st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True)
ANYTHING = st.text(st.characters(codec="utf-8", exclude_characters="*"), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("41142619950101001X", "411426********001X"),
        ("411426950101001", "411426********1"),  # fifteen places
        ("4114261995010100", "411426********00"),  # tail lost
        ("4114261995010100171", "411426*********0171"),  # one place too many
        ("无", "**************"),
        ("411426", "41************"),
    ],
)
def test_each_length_keeps_its_birth_date_covered(number: str, shown: str) -> None:
    assert mask_number(number) == shown


@given(VALID)
def test_the_middle_eight_places_never_show(number: str) -> None:
    masked = mask_number(number)
    assert masked[6:14] == "*" * 8
    assert (masked[:6], masked[14:], len(masked)) == (number[:6], number[14:], 18)


@given(ANYTHING)
def test_no_more_than_ten_signs_show_and_at_least_eight_are_covered(number: str) -> None:
    masked = mask_number(number)
    assert sum(sign != "*" for sign in masked) <= min(10, len(number) - min(8, (len(number) + 1) // 2))
    assert "*" * 8 in masked
    assert len(masked) == max(14, len(number))
