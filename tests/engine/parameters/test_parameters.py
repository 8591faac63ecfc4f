"""The comparison date picks the value, the nearer region wins, what a run is given wins over both."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mingcha.errors import ParameterError
from mingcha.parameters import demo_overrides, known_key, load_facts, load_parameters, nearest_key
from mingcha.parameters.packs import load_pack
from mingcha.parameters.words import value_words
from mingcha.simulate.params import PARAMS

DAY = date(2023, 6, 22)
PACKS = ("00", "41", "4114", "411426")
STATUSES = {"verified", "recalled", "local-variable"}
#: policy-facts section 15: what only the county knows; DB-23 and DS-11 have defaults
ASK_THE_COUNTY = [
    "DB-09",
    "DB-11",
    "DB-28",
    "DB-35",
    "TK-04",
    "TK-21",
    "TK-24",
    "LS-04",
    "LS-06",
    "CJ-08",
    "CJ-10",
    "ET-02",
    "ET-07",
    "DS-04",
    "DS-09",
    "HN-SQ",
    "JQ-03",
    "JQ-06",
    "XF-12",
    "JX-03",
    "PL-05",
    "PL-11",
    "ZG-01",
    "KZ-07",
    "DS-06",
]


def get(key: str, overrides: Any = None, day: date = DAY) -> Any:
    return load_parameters(day, overrides).get(key)


@pytest.mark.parametrize("key", ASK_THE_COUNTY)
def test_what_only_the_county_knows_is_not_set(key: str) -> None:
    assert get(key) is None
    assert key in {each.key for each in load_parameters(DAY).in_force()}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("PL-01", 3),
        ("DB-23", 10),
        ("DB-23G", 0),
        ("R04-T", 7),
        ("TK-13", 18),
        ("TK-02.age", 60),
        ("TK-20", Decimal("1.3")),
        ("CJ-01", False),
        ("CJ-02", ["*-1", "*-2"]),
        ("HN.dibao_rural", Decimal(440)),
        ("HN-23.supplement_rural", Decimal(220)),
        ("home_county", "夏邑"),
        ("PL-08", date(2023, 12, 5)),
        ("DB-18.total", 30),
        ("DB-18.extended", 45),
        ("DB-18.delegated", 20),
        ("DB-26.stable_months", 12),
        ("DB-26.unstable_months", 6),
        ("TK-05.dibao_age", 60),
        ("TK-05.low_income_age", 70),
        ("TK-07.days", 15),
        ("TK-07.notice_days", 7),
        ("TK-09", 3),
        ("TK-10.half_from", 1),
        ("TK-10.full_from", 4),
        ("TK-14.notice_days", 7),
        ("TK-16", 12),
        ("ET-04.township_days", 15),
        ("ET-04.county_days", 15),
        ("GK-03", 3),
        ("XF-01", 15),
        ("XF-03.days", 60),
        ("XF-03.extension", 30),
        ("DS-05", 6),
        ("DS-11.death_months", 1),
        ("DS-11.other_months", 3),
        ("R70-M", 12),
        ("R72-M", 12),
        ("JQ-02", ["spouse", "parent", "child", "sibling", "grandparent", "grandchild"]),
        ("JQ-04", ["village", "resident", "township", "county", "leader"]),
    ],
)
def test_packaged_values(key: str, value: object) -> None:
    assert get(key) == value


@pytest.mark.parametrize(
    ("day", "rural"),
    [
        (date(2021, 12, 31), 377),
        (date(2022, 1, 1), 420),
        (date(2022, 12, 31), 420),
        (date(2023, 1, 1), 440),
        (date(2023, 12, 31), 440),
        (date(2024, 1, 1), None),
        (date(2017, 12, 31), None),
    ],
)
def test_the_provincial_floor_follows_the_date(day: date, rural: int | None) -> None:
    assert get("HN.dibao_rural", day=day) == rural
    assert sum(each.key.startswith("HN-2") for each in load_parameters(day).in_force()) == (day >= date(2021, 9, 1))


@pytest.mark.parametrize(("day", "delegated"), [(date(2022, 10, 19), None), (date(2022, 10, 20), 20)])
def test_the_township_confirms_only_since_2022(day: date, delegated: int | None) -> None:
    assert (get("DB-18.total", day=day), get("DB-18.delegated", day=day)) == (30, delegated)


def test_nothing_holds_before_its_text_did() -> None:
    day = date(2018, 1, 1)
    later = ("DB-18", "DB-26", "TK-05", "TK-07", "TK-09", "TK-10", "TK-14", "TK-16", "ET-04", "GK-03", "XF-01", "XF-03")
    assert {key: get(key, day=day) for key in (*later, "PL-08", "DS-05")} == dict.fromkeys((*later, "PL-08", "DS-05"))


@pytest.mark.parametrize(
    ("day", "value", "region"),
    [(date(2022, 10, 19), None, ""), (date(2022, 10, 20), 3, "00"), (date(2023, 6, 20), 3, "00"), (DAY, 3, "411426")],
)
def test_the_nearer_region_wins_once_it_speaks(day: date, value: int | None, region: str) -> None:
    parameters = load_parameters(day)
    (entry,) = [each for each in parameters.in_force() if each.key == "PL-01"]
    assert (parameters.get("PL-01"), entry.value) == (value, value)
    if region:
        assert entry.region == region


def test_other_counties_have_no_pack_of_xiayis() -> None:
    assert load_parameters(DAY, home="411425").get("home_county") is None
    assert load_parameters(DAY, home="411425").get("TK-20") == Decimal("1.3")


@pytest.mark.parametrize(
    ("overrides", "key", "value"),
    [
        ({"PL-01": 6}, "PL-01", 6),
        ({"PL-01": "6个月"}, "PL-01", 6),
        ({"pl-01": 6}, "PL-01", 6),
        ({"PL-01": {"value": 6, "effective_from": date(2023, 6, 22)}}, "PL-01", 6),
        ({"PL-01": {"value": 6, "effective_from": date(2023, 6, 23)}}, "PL-01", 3),
        ({"PL-01": {"value": 6, "effective_to": "2023-06-22"}}, "PL-01", 6),
        ({"PL-01": {"value": 6, "effective_to": "2023-06-21"}}, "PL-01", 3),
        (
            {"PL-01": [{"value": 4, "effective_to": "2023-06-21"}, {"value": 5, "effective_from": "2023-06-22"}]},
            "PL-01",
            5,
        ),
        (
            {"PL-01": [{"value": 5, "effective_from": "2023-06-22"}, {"value": 4, "effective_to": "2023-06-21"}]},
            "PL-01",
            5,
        ),
        ({"PL-01": None}, "PL-01", None),
        ({"KZ-07": 5}, "KZ-07", 5),
        ({"HN-SQ": {"农村低保": 460}}, "HN-SQ.dibao_rural", 460),
        ({"HN-SQ": {"农村低保": 460}}, "HN-SQ.dibao_urban", None),
        ({"HN-SQ": {"dibao_rural": "460元"}}, "HN-SQ.农村低保", 460),
        ({"HN-SQ.农村补差": 230}, "HN-SQ.supplement_rural", 230),
        ({"HN-SQ": {"value": {"城市低保": 650}, "effective_from": date(2023, 1, 1)}}, "HN-SQ.dibao_urban", 650),
        ({"HN-23": {"dibao_rural": 450}}, "HN.dibao_rural", 450),
        ({"HN-23": {"dibao_rural": 450}}, "HN.dibao_urban", 630),
        ({"HN-24": {"dibao_rural": 500}}, "HN.dibao_rural", 440),
        ({"HN": {"dibao_rural": 455}}, "HN.dibao_rural", 455),
        ({"HN": {"dibao_rural": 455}}, "HN.dibao_urban", 630),
        ({"HN.农村低保": 455}, "HN.dibao_rural", 455),
        ({"ET-07": 1100}, "ET-07.inst", 1100),
        ({"ET-07": {"机构": 1500}}, "ET-07.home", None),
        ({"CJ-01": "是"}, "CJ-01", True),
        ({"CJ-01": True}, "CJ-01", True),
        ({"CJ-01": ["低保边缘家庭"]}, "CJ-01", True),
        ({"CJ-02": [1, 2, "智力三级", "精神3"]}, "CJ-02", ["*-1", "*-2", "5-3", "6-3"]),
        ({"CJ-02": "一级、二级、智力/精神3-4级"}, "CJ-02", ["*-1", "*-2", "5-3", "5-4", "6-3", "6-4"]),
        ({"CJ-02": 1}, "CJ-02", ["*-1"]),
        ({"TK-02": {"残疾": ["听力一级"]}}, "TK-02.grades", ["2-1"]),
        ({"TK-02": {"残疾": ["听力一级"]}}, "TK-02.age", 60),
        ({"JQ-02": ["配偶", "父母"]}, "JQ-02", ["spouse", "parent"]),
        ({"JQ-04": "村干部、乡镇民政工作人员"}, "JQ-04", ["village", "township"]),
        ({"DS-06": "20,000"}, "DS-06", 20000),
        ({"home_county": "虞城"}, "home_county", "虞城"),
        ({"DB-11": {"存款": 20000}}, "DB-11.financial", 20000),
        ({"DB-11": {"住房": "2套"}}, "DB-11.houses", 2),
        ({"DB-11": {"不计车辆": "摩托车、拖拉机"}}, "DB-11.exempt_vehicles", ["moto", "tractor"]),
        ({"TK-04": {"车辆": "0辆"}}, "TK-04.vehicles", 0),
        ({"PL-08": "2024年12月5日"}, "PL-08", date(2024, 12, 5)),
        ({"PL-08": "2024-12-5"}, "PL-08", date(2024, 12, 5)),
        ({"PL-08": date(2024, 12, 5)}, "PL-08", date(2024, 12, 5)),
        ({"JQ-06": "是"}, "JQ-06", True),
        ({"HN-SQ.农村低保": 460, "HN-SQ.城市低保": 650}, "HN-SQ.dibao_urban", 650),
        ({"title": "示例", "KZ-07": 5}, "KZ-07", 5),
    ],
)
def test_what_a_run_is_given_wins(overrides: dict[str, Any], key: str, value: object) -> None:
    assert get(key, overrides) == value


def test_the_stronger_of_two_overrides_wins() -> None:
    both = [{"KZ-07": 5}, {"KZ-07": 9, "DB-28": 6, "HN-SQ": {"农村低保": 460}}]
    assert get("KZ-07", both) == 5
    assert get("DB-28", both) == 6
    assert get("HN-SQ", [{"HN-SQ": {"城市低保": 650}}, *both])["dibao_rural"] == 460


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        ({"PL-1": 3}, "PL-1"),
        ({"KZ7": 3}, "KZ-07"),
        ({"PL-01": "三"}, "整数"),
        ({"PL-01": 1.5}, "整数"),
        ({"PL-01": -1}, "整数"),
        ({"PL-01": True}, "整数"),
        ({"PL-01": [1, 2]}, "整数"),
        ({"TK-20": "很多"}, "数字"),
        ({"TK-20": float("nan")}, "数字"),
        ({"CJ-01": "也许"}, "是或否"),
        ({"CJ-02": ["甲级"]}, "甲级"),
        ({"CJ-02": ["味觉一级"]}, "味觉一级"),
        ({"JQ-02": ["邻居"]}, "邻居"),
        ({"HN-SQ": 460}, "分项"),
        ({"HN-SQ": {"农村": "abc"}}, "数字"),
        ({"HN-SQ": {"乡下": 460}}, "乡下"),
        ({"HN-SQ.乡下": 460}, "HN-SQ"),
        ({"home_county": 5}, "文字"),
        ({"PL-01": {"value": 3, "effective_from": "去年"}}, "去年"),
        ({"PL-01": {"value": 3, "effective_form": "2023-01-01"}}, "effective_form"),
        ({"PL-08": 20231205}, "日期"),
        ({"PL-08": "年底"}, "日期"),
        ({"PL-08": "2023-02-30"}, "日历"),
        ({"DB-11": {"住房": 1.5}}, "整数"),
        ({"HN-SQ": {"农村低保": 460, "dibao_rural": 470}}, "写了两次"),
        ({"PL-01": {"value": 3, "effective_from": "2023-02-01", "effective_to": "2023-01-01"}}, "早于"),
    ],
)
def test_a_malformed_override_is_named(overrides: dict[str, Any], says: str) -> None:
    with pytest.raises(ParameterError, match=says):
        load_parameters(DAY, overrides)


@pytest.mark.parametrize("text", ["", "# 空\n"])
def test_an_empty_file_changes_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(text, encoding="utf-8")
    assert get("PL-01", path) == 3


@pytest.mark.parametrize("content", [b"- a\n- b\n", b"a: [1\n", b"\xff\xfe\x00", b"PL-01: abc\n"])
def test_a_bad_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "本县参数.yaml"
    path.write_bytes(content)
    with pytest.raises(ParameterError, match=r"《本县参数\.yaml》"):
        load_parameters(DAY, path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"没有\.yaml"):
        load_parameters(DAY, tmp_path / "没有.yaml")


def test_an_override_says_where_it_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "本县参数.yaml"
    path.write_text("\ufeffKZ-07: 5\n", encoding="utf-8")
    (entry,) = [each for each in load_parameters(DAY, path).in_force() if each.key == "KZ-07"]
    assert (entry.source, entry.status, entry.value) == ("参数文件《本县参数.yaml》", "override", 5)


def test_the_demo_values_are_marked_and_set_what_is_open() -> None:
    parameters = load_parameters(DAY, demo_overrides())
    given = [each for each in parameters.in_force() if each.status == "override"]
    assert {each.source for each in given} == {"虚构示例，不得用于工作"}
    for key in ("KZ-07", "ET-07.home", "ET-07.inst", "DS-06", "HN-SQ.dibao_rural", "HN-SQ.supplement_rural"):
        assert parameters.get(key) is not None


def test_the_made_county_has_the_demo_values() -> None:
    """Both are written down: simulate may not read the packs."""
    demo = load_parameters(DAY, demo_overrides())
    made = load_parameters(DAY, yaml.safe_load(PARAMS))
    given = {each.key for each in made.in_force() if each.status == "override"}
    assert {"DB-11", "TK-04", "TK-21", "PL-05", "PL-11", "DB-28", "LS-04", "LS-06", "DS-04", "JQ-06", "XF-12"} <= given
    assert {key: made.get(key) for key in given} == {key: demo.get(key) for key in given}


@pytest.mark.parametrize("code", PACKS)
def test_packs_say_region_source_and_status(code: str) -> None:
    raw = yaml.safe_load((demo_overrides().parent / f"{code}.yaml").read_text(encoding="utf-8"))
    assert raw["region"] == code
    for entry in load_pack(code):
        assert entry.source, entry.key
        assert entry.status in STATUSES, entry.key


def test_every_fact_has_a_chinese_title() -> None:
    for fact in load_facts().values():
        assert any("一" <= sign <= "鿿" for sign in fact.title), fact.key


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(ParameterError, match="PL-99"):
        get("PL-99")
    assert not known_key("HN-SQ.nothing")
    assert known_key("HN.dibao_urban")


@given(st.text(min_size=1))
def test_the_nearest_key_is_always_a_known_one(key: str) -> None:
    assert known_key(nearest_key(key))


@given(st.sampled_from(sorted(load_facts())), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
))  # fmt: skip
def test_any_value_is_taken_or_refused_with_a_sentence(key: str, value: object) -> None:
    try:
        said = ""
        load_parameters(DAY, {key: value}).get(key)
    except ParameterError as error:
        said = str(error)
    assert not said or key in said


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("PL-01", 3, "3个月"),
        ("TK-20", Decimal("1.30"), "1.3倍"),
        ("CJ-01", False, "否"),
        ("CJ-02", ["*-1", "5-3"], "一级、智力残疾三级"),
        ("JQ-02", ["spouse"], "配偶"),
        ("PL-08", date(2023, 12, 5), "2023年12月5日"),
        ("XF-03", {"days": 60, "extension": 30}, "自受理起 60天，可延长 30天"),
        (
            "DB-11",
            {"financial": 20000, "vehicles": 0, "exempt_vehicles": ["moto"]},
            "人均金融资产上限 20000元/人，机动车辆上限 0辆，不计入的车辆类型 摩托车",
        ),
        ("HN-SQ", {"dibao_rural": Decimal(460), "dibao_urban": None}, "农村低保标准 460元/人·月"),
        ("KZ-07", None, ""),
        ("workdays", {2027: {date(2027, 1, 1): False, date(2027, 2, 6): True}}, "2027年放假1天、调休上班1天"),
    ],
)
def test_values_are_shown_as_an_office_reads_them(key: str, value: object, words: str) -> None:
    assert value_words(load_facts()[key], value) == words
