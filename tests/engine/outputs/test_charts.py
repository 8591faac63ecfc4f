from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from mingcha.outputs.charts import (
    QUALITY_COLOURS,
    SEVERITY_COLOURS,
    Bar,
    Series,
    Stack,
    bars,
    ink_on,
    legend,
    lightness,
    stacks,
)

SERIES = [Series("红色", "#A61B1B"), Series("橙色", "#E07B00")]


def rects(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter("rect"))


def number(rect: ElementTree.Element, name: str) -> float:
    return float(rect.attrib[name])


def test_bars_are_as_long_as_their_numbers_from_top_to_bottom() -> None:
    svg = bars("标题", "说明", [Bar("甲", 100), Bar("乙", 25), Bar("丙", 0), Bar("丁", 50)])
    widths = [number(rect, "width") for rect in rects(svg)]
    assert [round(width / widths[0], 2) for width in widths] == [1, 0.25, 0, 0.5]
    tops = [number(rect, "y") for rect in rects(svg)]
    assert tops == sorted(tops)
    assert len({number(rect, "x") for rect in rects(svg)}) == 1


def test_parts_of_a_stack_lie_end_to_end() -> None:
    svg = stacks("标题", "说明", SERIES, [Stack("甲", (30, 10)), Stack("乙", (5, 15))])
    first, second, third, fourth = rects(svg)
    assert number(second, "x") == pytest.approx(number(first, "x") + number(first, "width") + 1, abs=0.2)
    assert number(third, "x") == number(first, "x")
    assert number(fourth, "width") / number(third, "width") == pytest.approx(3, rel=0.05)
    texts = [text.text for text in ElementTree.fromstring(svg).iter("text")]
    assert texts == ["甲", "30", "10", "40", "乙", "5", "15", "20"]


def test_nothing_lies_outside_the_drawing() -> None:
    svg = stacks("标题", "说明", SERIES, [Stack("很长很长的乡镇名称农贸区办事处", (3000, 999)), Stack("乙", (1, 0))])
    _, _, width, height = map(float, ElementTree.fromstring(svg).attrib["viewBox"].split())
    for rect in rects(svg):
        assert 0 <= number(rect, "x") <= number(rect, "x") + number(rect, "width") <= width
        assert 0 <= number(rect, "y") <= number(rect, "y") + number(rect, "height") <= height


@pytest.mark.parametrize("rows", [[Bar("甲", 0)], [Bar("甲", 0), Bar("乙", 0)], [Bar("甲", 7)]])
def test_zeros_and_single_bars_are_drawn(rows: list[Bar]) -> None:
    assert len(rects(bars("标题", "说明", rows))) == len(rows)


def test_nothing_to_draw_is_nothing() -> None:
    assert bars("标题", "说明", []) == stacks("标题", "说明", SERIES, []) == ""


def test_a_chart_asks_nothing_of_script_style_or_network_and_is_the_same_every_time() -> None:
    def drawn() -> str:
        return bars("标题", "说明", [Bar("甲", 3, "#R01"), Bar("乙", 4)])

    assert drawn() == drawn()
    assert not re.search(r"https?:|script|<style|style=|xmlns|url\(", drawn())


def test_bars_carry_links_and_words_are_escaped() -> None:
    svg = bars("<b>", "a & b", [Bar("<script>", 3, '#"x'), Bar("乙", 4)])
    tree = ElementTree.fromstring(svg)
    assert [link.attrib["href"] for link in tree.iter("a")] == ['#"x']
    assert tree.attrib["aria-label"] == "<b>"
    assert (tree.findtext("title"), tree.findtext("desc"), tree.attrib["role"]) == ("<b>", "a & b", "figure")
    assert "<script>" not in svg


def test_stacks_may_link_each_part() -> None:
    svg = stacks(
        "标题", "说明", SERIES, [Stack("甲", (1, 1), "#row", ("#red", "#orange")), Stack("乙", (1, 0), "#all")]
    )
    links = [link.attrib["href"] for link in ElementTree.fromstring(svg).iter("a")]
    assert links == ["#row", "#red", "#orange", "#all", "#all"]


@pytest.mark.parametrize("colours", [SEVERITY_COLOURS, QUALITY_COLOURS])
def test_neighbours_differ_in_grey_and_words_on_them_are_readable(colours: dict[str, str]) -> None:
    for first, second in pairwise(colours.values()):
        assert abs(lightness(first) - lightness(second)) >= 15
    for colour in colours.values():
        assert abs(lightness(colour) - lightness(ink_on(colour))) >= 40


def test_the_legend_names_every_colour() -> None:
    shown = legend([*SERIES, Series("<i>", "#000000")])
    assert shown.count("<li>") == 3
    assert "#E07B00" in shown
    assert "&lt;i&gt;" in shown


def test_no_two_severities_look_alike_on_a_grey_printer() -> None:
    greys = sorted(lightness(colour) for colour in SEVERITY_COLOURS.values())
    assert all(second - first >= 14 for first, second in pairwise(greys))
