# ruff: noqa: E501 - one sheet a line
"""Places as offices write them."""

from __future__ import annotations

import pytest

from mingcha.values.divisions import load_divisions

DIVISIONS = load_divisions()


def test_what_is_packaged() -> None:
    assert len(DIVISIONS.townships) == 25
    assert len(DIVISIONS.villages) == 743
    assert DIVISIONS.old_prefixes["412326"] == "411426"
    assert DIVISIONS.knows_prefix("412326")
    assert not DIVISIONS.knows_prefix("999999")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("城关镇", "城关镇"), ("城关", "城关镇"), ("夏邑县城关镇", "城关镇"), ("河南省商丘市夏邑县城关镇", "城关镇"),
        ("夏邑 县　城关镇", "城关镇"), ("411426100", "城关镇"), ("411426100000", "城关镇"), ("城关镇人民政府", "城关镇"),
        ("城关街道办事处", "城关镇"), ("火店乡", "火店镇"), ("罗庄乡", "罗庄镇"), ("太平乡", "太平镇"),
        ("郭店乡", "郭店镇"), ("北镇乡", "北岭镇"), ("桑固乡", "桑堌乡"), ("岐河乡", "歧河乡"),
        ("郭庄农贸区", "郭庄农贸区"), ("LOCAL-411426-01", "郭庄农贸区"),
        ("永城市城关镇", None), ("民权县城关镇", None), ("夏邑县", None), ("演集镇", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_township(written: str | None, name: str | None) -> None:
    found = DIVISIONS.find_township(written)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("written", "township", "name"),
    [
        ("许楼", "桑堌乡", "许楼村"), ("许楼村", "桑堌乡", "许楼村"), ("许楼村委会", "桑固", "许楼村"),
        ("许楼村民委员会", "桑堌乡", "许楼村"), ("许楼行政村", "桑堌乡", "许楼村"),
        ("滨湖路", "城关镇", "滨湖路居委会"), ("滨湖路社区", "城关", "滨湖路居委会"),
        ("富豪社区", "曹集乡", "富豪社区居委会"), ("杨集一村", "杨集镇", "杨集一村"), ("杨集一", "杨集镇", "杨集一村"),
        ("夏邑县桑堌乡王楼村", None, "王楼村"), ("桑堌乡王楼", None, "王楼村"), ("桑堌王楼", "桑堌乡", "王楼村"),
        ("411426207212", None, "王楼村"),
        ("王楼村", None, None), ("许楼", "城关镇", None), ("没有的村", "桑堌乡", None), (None, "桑堌乡", None),
    ],
)  # fmt: skip
def test_village_is_known_only_with_its_township(written: str | None, township: str | None, name: str | None) -> None:
    found = DIVISIONS.find_village(written, township)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("written", "township", "name"),
    [
        ("郭庄农贸区农贸市场居委会", "郭庄农贸区", "农贸市场"), ("农贸市场社区", "郭庄农贸区", "农贸市场"),
        ("夏邑县郭庄农贸区农贸市场社区居委会", "郭庄农贸区", "农贸市场"), ("没有的村民委员会", "桑堌乡", "没有的村"),
        ("没有的村", "桑堌乡", "没有的村"), ("农贸市场", "郭庄农贸区", "农贸市场"), ("社区", "郭庄农贸区", "社区"), ("郭庄农贸区", "郭庄农贸区", "郭庄农贸区"),
    ],
)  # fmt: skip
def test_village_of_no_table_has_one_spelling(written: str, township: str, name: str) -> None:
    assert DIVISIONS.unlisted_village(written, township) == name


@pytest.mark.parametrize(
    ("written", "county"),
    [
        ("夏邑县", "夏邑"), ("夏邑", "夏邑"), ("商丘市夏邑县", "夏邑"), ("河南省商丘市夏邑县会亭镇", "夏邑"),
        ("永城市", "永城"), ("睢县", "睢县"), ("411481", "永城"), ("411426000000", "夏邑"), ("砀山县", "砀山"),
        ("安徽省宿州市砀山县", "砀山"), ("亳州市谯城区", "谯城"),
        ("商丘市", None), ("河南省", None), ("城关镇", None), ("郭庄农贸区", None), ("社区", None), ("本县", None),
        ("", None), (None, None),
    ],
)  # fmt: skip
def test_county(written: str | None, county: str | None) -> None:
    assert DIVISIONS.find_county(written) == county


@pytest.mark.parametrize(
    ("title", "county"),
    [
        ("2023年6月永城市农村低保对象花名册", "永城"), ("民权县低保.xlsx", "民权"), ("附件1：单县低保花名册", "单县"),
        ("全县低保汇总", None), ("外县低保名册", None), ("各县（市、区）低保标准", None), ("永城低保", "永城"), ("永城农村低保202306", "永城"), ("6月民权特困", "民权"),
        ("城关镇低保", None), ("太平低保", None), ("新华低保", None), ("商丘市低保", None),
    ],
)  # fmt: skip
def test_county_in_a_title(title: str, county: str | None) -> None:
    assert DIVISIONS.county_in(title) == county


def test_spellings_agree_with_lookups() -> None:
    for written, name in DIVISIONS.township_spellings().items():
        found = DIVISIONS.find_township(written)
        assert found is not None
        assert found.name == name
    seen = set()
    for township, written, name in DIVISIONS.village_spellings():
        found_village = DIVISIONS.find_village(written, township)
        assert found_village is not None
        assert found_village.name == name
        assert (township, written) not in seen
        seen.add((township, written))


def test_names_that_stand_in_several_townships_stay_apart() -> None:
    names = [village.short_name for village in DIVISIONS.villages]
    several = {name for name in names if names.count(name) > 1}
    assert len(several) == 53
