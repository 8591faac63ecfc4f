"""The policy parameters of the fictitious county, as `--params` takes them."""

from __future__ import annotations

from mingcha.simulate.model.setting import (
    CARDS,
    CHILD_HOME,
    CHILD_INSTITUTION,
    MEDICAL,
    NURSING,
    STANDARD,
    SUPPLEMENT,
)

_CITY = ", ".join(
    (
        f"dibao_urban: {STANDARD['城市']}",
        f"dibao_rural: {STANDARD['农村']}",
        f"supplement_urban: {SUPPLEMENT['城市']}",
        f"supplement_rural: {SUPPLEMENT['农村']}",
        "tekun_ratio: 1.3",
    )
)
_CARE = f"full: {NURSING['不能自理']}, half: {NURSING['半自理']}, self: {NURSING['全自理']}"
_PROPERTY = "financial: 20000, houses: 2, vehicles: 0, entities: 0, exempt_vehicles: [摩托车, 低速货车, 拖拉机]"
PARAMS = f"""\
# 样例县的政策参数，数值均为虚构，只为让每条规则都能演示。
title: 虚构示例，不得用于工作
PL-05: {{interval_days: 90, sample_rate: 30}}
PL-11: 10
DB-11: {{{_PROPERTY}}}
DB-28: 6
TK-04: {{{_PROPERTY}}}
TK-21: {{{_CARE}}}
LS-04: 10
LS-06: 2000
DS-04: 60
JQ-06: 是
XF-12: 15
KZ-07: {CARDS}
ET-07: {{inst: {CHILD_INSTITUTION}, home: {CHILD_HOME}}}
HN-SQ: {{{_CITY}}}
DS-06: {MEDICAL}
DB-23: 10
DB-23G: 0
R04-T: 7
"""
