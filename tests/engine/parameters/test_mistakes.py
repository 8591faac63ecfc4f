"""What is wrong in a pack or a file of parameters is refused when it is read, with file, line and cure."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.errors import ParameterError
from mingcha.parameters import load_parameters
from mingcha.parameters.packs import read_overrides, read_pack

DAY = date(2023, 6, 22)
NAME = "本县参数.yaml"

#: file as written → line and words of the refusal
MISTAKES = {
    "a word for a number": ("title: 试\nKZ-07: 5\nPL-01: 三个\n", 3, ["PL-01", "整数", "请写成"]),
    "a part": ("HN-SQ:\n  城市低保: 650\n  农村低保: 很多\n", 3, ["HN-SQ.dibao_rural", "数字"]),
    "no such part": ("HN-SQ:\n  城市低保: 650\n  乡下: 460\n", 3, ["乡下", "可用的分项"]),
    "a part by itself": ("KZ-07: 5\nHN-SQ.农村低保: 很多\n", 2, ["数字"]),
    "within an entry": ("PL-01:\n  effective_from: 2023-01-01\n  value: 三\n", 3, ["整数"]),
    "within a list": ("PL-01:\n- {value: 3, effective_to: 2023-01-01}\n- value: 三\n", 3, ["整数"]),
    "a part in a list": ("XF-03:\n- effective_to: 2023-01-01\n  value:\n    days: 60\n    延长: 几天\n", 5, ["整数"]),
    "unknown key": ("# 说明\n\nPL-99: 3\n", 3, ["PL-99", "最接近"]),
    "unknown field": ("PL-01:\n  value: 3\n  effective_form: 2023-01-01\n", 3, ["effective_form", "effective_from"]),
    "a date in words": ("PL-01: \n  value: 3\n  effective_to: 年底\n", 3, ["年底", "请写成"]),
    "a day that is none": ("KZ-07: 5\nPL-08: 2023-02-30\n", 2, ["日历上没有", "请写成"]),
    "ends before it begins": (
        "PL-01:\n  value: 3\n  effective_from: 2023-02-01\n  effective_to: 2023-01-31\n", 4, ["早于"]),
    "no YAML": ("KZ-07: 5\nPL-01: [3\n", 3, ["YAML", "请写成"]),
    "a key twice": ("KZ-07: 5\nPL-01: 3\nKZ-07: 6\n", 3, ["KZ-07", "第1行", "请只留一处"]),
    "a key in two spellings": ("KZ-07: 5\nPL-01: 3\nkz-07: 6\n", 3, ["KZ-07", "第1行", "同时有效"]),
    "a part twice": ("HN-SQ:\n  城市低保: 650\n  城市低保: 660\n", 3, ["城市低保", "第2行"]),
    "a part in two spellings": ("HN-SQ:\n  城市低保: 650\n  dibao_urban: 660\n", 3, ["城市低保", "请只留"]),
    "a part and the whole": ("HN-SQ: {城市低保: 650}\nHN-SQ.城市低保: 660\n", 2, ["HN-SQ", "第1行", "同时有效"]),
    "the whole unset and a part": ("HN-SQ: \nHN-SQ.城市低保: 660\n", 2, ["第1行"]),
    "dates that overlap by a day": (
        "PL-01:\n"
        "- {value: 3, effective_from: 2023-01-01, effective_to: 2023-06-01}\n"
        "- {value: 4, effective_from: 2023-06-01}\n", 3, ["PL-01", "2023-06-01", "第2行", "effective_to: 2023-05-31"]),
    "the later one first": (
        "PL-01:\n- {value: 4, effective_from: 2023-06-01}\n- value: 3\n  effective_from: 2023-01-01\n",
        3, ["第2行", "effective_to: 2023-05-31"]),
    "days off in no year": ("workdays: 2027-01-01\n", 1, ["放假和调休日", "请写成 2027"]),
    "days off of another year": ("workdays:\n  2027:\n    off:\n    - 2027-01-01\n    - 2028-01-01\n", 5, ["2028-"]),
    "days neither off nor on": ("workdays:\n  2027: {holiday: [2027-01-01]}\n", 2, ["off（放假）"]),
    "days both off and on": ("workdays:\n  2027:\n    off: [2027-01-01]\n    on: [2027-01-01]\n", 4, ["又放假又上班"]),
    "a year that is none": ("workdays:\n  今年: {off: []}\n", 2, ["整数"]),
    "both without dates": ("PL-01:\n- value: 3\n- value: 4\n", 3, ["同时有效", "请只留一处"]),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_file_is_shown_with_its_line(mistake: str, tmp_path: Path) -> None:
    text, line, words = MISTAKES[mistake]
    path = tmp_path / NAME
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        load_parameters(DAY, path)
    assert str(caught.value).startswith(f"《{NAME}》第{line}行：")
    for word in words:
        assert word in str(caught.value)
    assert caught.value.remedy


def pack(entries: str) -> str:
    return f"# 说明\nregion: '41'\ntitle: 试\nentries:\n{entries}"


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (pack("  KZ-07: {value: 5}\n  PL-01: {value: 三}\n"), 6, "整数"),
        (pack("  KZ-07: 5\n"), 5, "value"),
        (pack("  KZ-07: {source: 试}\n"), 5, "value"),
        (pack("  KZ-07: {value: 5, statsu: verified}\n"), 5, "statsu"),
        (pack("  PL-99: {value: 5}\n"), 5, "PL-99"),
        (pack("  KZ-07: {value: 5}\n  KZ-07: {value: 6}\n"), 6, "第5行"),
        (pack("  TK-08:\n    value:\n      sample_rate: 30\n      days: 很久\n"), 8, "整数"),
        (
            pack(
                "  PL-01:\n    - {value: 3, effective_to: 2023-01-01}\n    - {value: 4, effective_from: 2023-01-01}\n"
            ),
            7,
            "第6行",
        ),
        ("region: '41'\n", None, "entries"),
    ],
)
def test_a_mistake_in_a_pack_is_shown_with_its_line(text: str, line: int | None, word: str) -> None:
    with pytest.raises(ParameterError, match=word) as caught:
        read_pack(text, "41.yaml")
    assert str(caught.value).startswith(f"《41.yaml》第{line}行：" if line else "《41.yaml》：")


@pytest.mark.parametrize(
    "text",
    [
        "PL-01:\n- {value: 3, effective_to: 2023-05-31}\n- {value: 4, effective_from: 2023-06-01}\n",
        "HN-SQ.城市低保: 650\nHN-SQ.农村低保: 460\nHN-SQ: {农村补差: 240}\n",
        "PL-01:\n- {value: 3, region: '41'}\n- {value: 4, region: '4114'}\n",
        "DB-11: &same {住房: 2}\nTK-04: *same\n",
        "HN: {农村低保: 450}\nHN-23: {农村低保: 455}\n",
    ],
)
def test_what_does_not_overlap_is_taken(text: str, tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text(text, encoding="utf-8")
    assert read_overrides(path)


SPANS = st.lists(
    st.tuples(st.none() | st.integers(0, 30), st.none() | st.integers(0, 30)).filter(
        lambda span: span[0] is None or span[1] is None or span[0] <= span[1]
    ),
    min_size=1,
    max_size=4,
)


def days(span: tuple[int | None, int | None]) -> set[int]:
    return set(range(-1 if span[0] is None else span[0], 32 if span[1] is None else span[1] + 1))


@given(SPANS)
def test_refused_just_where_two_hold_on_one_day(spans: list[tuple[int | None, int | None]]) -> None:
    first = date(2023, 1, 1)
    written = [
        "    - {value: 3"
        + "".join(
            f", {field}: {first + timedelta(days=day)}"
            for field, day in zip(("effective_from", "effective_to"), span, strict=True)
            if day is not None
        )
        + "}\n"
        for span in spans
    ]
    is_wrong = any(days(one) & days(other) for one, other in combinations(spans, 2))
    try:
        refused = len(read_pack(pack("  PL-01:\n" + "".join(written)), "41.yaml")) != len(spans)
    except ParameterError as error:
        refused = error.code == "parameter.overlap"
    assert refused == is_wrong
