"""The policy parameters of the fictitious county, as `--params` takes them."""

from __future__ import annotations

from mingcha.simulate.model.setting import CARDS, CHILD_HOME, CHILD_INSTITUTION, MEDICAL, STANDARD, SUPPLEMENT

_CITY = ", ".join(
    (
        f"dibao_urban: {STANDARD['城市']}",
        f"dibao_rural: {STANDARD['农村']}",
        f"supplement_urban: {SUPPLEMENT['城市']}",
        f"supplement_rural: {SUPPLEMENT['农村']}",
        "tekun_ratio: 1.3",
    )
)
PARAMS = f"""\
# 样例县的政策参数，数值均为虚构，只为让每条规则都能演示。
title: 虚构示例，不得用于工作
KZ-07: {CARDS}
ET-07: {{inst: {CHILD_INSTITUTION}, home: {CHILD_HOME}}}
HN-SQ: {{{_CITY}}}
DS-06: {MEDICAL}
DB-23: 10
DB-23G: 0
R04-T: 7
"""
