"""Planted cases of one county and the near misses beside them, in the houses laid down first.

A plant names its houses, changes the narrow tables (``facts``), and where only a sheet can tell, the sheet itself. In
its SQL ``{a}`` is the head's number of its house a, ``{a1}`` the second person's; ``{day:-152}`` a day counted from the
comparison date, ``{month:-1}`` a month from the comparison month.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from mingcha.simulate.model.days import month_of, month_shift
from mingcha.simulate.province.people import MOST, Slot


@dataclass(frozen=True)
class Plant:
    """Cases of one situation.

    houses  name → (kind, role)
    facts   statements on the narrow tables; sheets: on the sheets, before payments are made; paid: on the payments
    hits    (rule, who, period); misses: (rule, who, why)
    """

    houses: dict[str, tuple[str, str]]
    facts: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    paid: tuple[str, ...] = ()
    hits: tuple[tuple[str, str, str], ...] = ()
    misses: tuple[tuple[str, str, str], ...] = ()


_CADRE = "INSERT INTO officer VALUES ({0}, '村干部', '会计', {{day:-900}}, NULL)"
_DIE = "INSERT INTO death VALUES ({0}, {{day:{1}}}, TRUE, TRUE, {{day:{1}}})"
_SEVERE = "INSERT INTO cert VALUES ({0}, 4, 1, {{day:-800}}, {{day:900}}, '有效')"
_MILD = "INSERT INTO cert VALUES ({0}, 4, 3, {{day:-800}}, {{day:900}}, '有效')"
_KEPT = (
    "INSERT INTO custody VALUES ({0}, {1}, NULL, '村干部', '村干部', '{2}', {3}, {{day:{4}}}, {{day:{5}}}, {6}, {7})"
)
#: grounds to be insured alone among others: dear illness, which puts the household into the first tier as well
_ILL = ("INSERT INTO stay VALUES ({a}, {day:-90}, 58000, 20000.01)", "UPDATE db_unit SET tier = 'A' WHERE unit = {a}")
_NONE = "none"
#: where each insured person is paid, the head's row takes over that of the dead
_ALONE = (
    "UPDATE payment SET amount = amount * 2 "
    "WHERE no = {a} AND period >= '{month:-2}' AND head_id IS NOT NULL AND insured_size = 1"
)
_WITH_CADRE = (
    "INSERT INTO visit SELECT {a}, NULL, {day:-20}, '低保', NULL, '符合', '村会计' || name, TRUE, NULL "
    "FROM resident WHERE no = {b}"
)


def _lone(role: str = "dibao", kind: str = "single") -> dict[str, tuple[str, str]]:
    return {"a": (kind, role)}


def _kept(
    will: str = "同意",
    agreed: bool = True,
    days: tuple[int, int] = (-200, 165),
    filed: str = "{day:-190}",
    returned: str = "NULL",
    who: str = "{a}",
    holder: str = "{b}",
) -> str:
    return _KEPT.format(who, holder, will, agreed, *days, filed, returned)


PLANTS: tuple[Plant, ...] = (
    # ---- deaths
    Plant(
        _lone(kind="elder"),
        (_DIE.format("{a}", -152), "DELETE FROM visit WHERE head = {a}"),
        hits=(("R01", "a", ""), ("R02", "a", "{month:-4}")),
    ),
    Plant(
        _lone("tekun", "elder"),
        (_DIE.format("{a}", -204), "DELETE FROM visit WHERE head = {a}"),
        hits=(("R01", "a", ""), ("R02", "a", "")),
    ),
    Plant(
        _lone("care", "elder"),
        (_DIE.format("{a}", -160), "DELETE FROM visit WHERE head = {a}"),
        hits=(("R01", "a", ""), ("R02", "a", "")),
    ),
    Plant(
        _lone(kind="elder"),
        (_DIE.format("{a}", -70), "DELETE FROM visit WHERE head = {a}"),
        hits=(("R02", "a", ""),),
        misses=(("R01", "a", "死亡未满期限"),),
    ),
    Plant(
        {"a": ("elders", "dibao")},
        ("INSERT INTO death VALUES ({a1}, {day:-60}, TRUE, TRUE, {day:-48})", "DELETE FROM visit WHERE head = {a}"),
        paid=(
            "DELETE FROM payment WHERE no = {a1} AND period >= '{month:-2}'",
            _ALONE,
        ),
        hits=(("R04", "a1", ""),),
        misses=(("R01", "a1", "死亡未满期限"),),
    ),
    Plant(
        {"a": ("elders", "dibao")},
        ("INSERT INTO death VALUES ({a1}, {day:-60}, TRUE, TRUE, {day:-53})", "DELETE FROM visit WHERE head = {a}"),
        paid=(
            "DELETE FROM payment WHERE no = {a1} AND period >= '{month:-2}'",
            _ALONE,
        ),
        misses=(("R04", "a1", "两处死亡日期相差不超过允许天数"),),
    ),
    # ---- numbers
    Plant(
        {"a": ("couple", "dibao")},
        sheets=("UPDATE dibao_member SET birth_date = birth_date + 31 WHERE no = {a1}",),
        hits=(("R05", "a1", ""),),
    ),
    Plant(
        {"a": ("couple", "dibao")},
        sheets=("UPDATE dibao_member SET sex = '男' WHERE no = {a1}",),
        hits=(("R05", "a1", ""),),
    ),
    # ---- twice
    Plant(_lone(), sheets=("abroad {a}",), hits=(("R06", "a", "{month:-1}"),)),
    Plant(_lone(), sheets=("abroad-ended {a}",), misses=(("R06", "a", "外县已停保"),)),
    Plant(
        {"a": ("family", "dibao"), "b": ("elder", "dibao")},
        (
            "INSERT INTO db_member VALUES ({b}, {a3}, TRUE)",
            "UPDATE db_member SET insured = TRUE WHERE unit = {a} AND no = {a3}",
            "DELETE FROM watched WHERE house = {a} // 8",
        ),
        # paid through the heads: one number on two rows would be counted for one household
        paid=(
            "UPDATE payment SET amount = amount * 2 WHERE no = unit AND unit IN ({a}, {b}) AND insured_size = 1",
            "DELETE FROM payment WHERE no = {a3}",
        ),
        hits=(("R07", "a3", ""),),
    ),
    Plant(
        {"a": ("family", "dibao"), "b": ("elder", "dibao")},
        (
            "INSERT INTO db_member VALUES ({b}, {a3}, FALSE)",
            *(each.replace("{a}", "{b}") for each in _ILL),
            "UPDATE db_member SET insured = TRUE WHERE unit = {a} AND no = {a3}",
            "DELETE FROM watched WHERE house = {a} // 8",
        ),
        misses=(("R07", "a3", "其中一户未列为保障对象"),),
    ),
    Plant(
        _lone(kind="elder"),
        (
            "INSERT INTO tk VALUES ({a}, '分散供养', '全自理', 620, 60, {day:-190})",
            "INSERT INTO agreement VALUES ({a}, {day:-100}, {day:100})",
            "DELETE FROM cert WHERE no = {a}",
            "DELETE FROM cj WHERE no = {a}",
        ),
        hits=(("R08", "a", ""),),
    ),
    Plant(
        _lone("child", "grandchild"),
        (
            "INSERT INTO tk VALUES ({a1}, '分散供养', '全自理', 620, 60, {day:-90})",
            "INSERT INTO agreement VALUES ({a1}, {day:-80}, {day:100})",
        ),
        hits=(("R09", "a1", ""),),
    ),
    # ---- subsidies
    Plant(
        _lone("tekun", "elder"),
        (_SEVERE.format("{a}"), "INSERT INTO cj VALUES ({a}, NULL, 75, 1, '2023-05')"),
        hits=(("R10", "a", ""),),
    ),
    Plant(
        _lone("child", "grandchild"),
        (
            _MILD.format("{a1}"),
            "UPDATE et SET category = '社会散居孤儿' WHERE no = {a1}",
            "INSERT INTO cj VALUES ({a1}, 75, NULL, 3, '2023-05')",
        ),
        hits=(("R12", "a1", ""),),
    ),
    Plant(
        _lone("child", "grandchild"),
        (
            _SEVERE.format("{a1}"),
            "UPDATE et SET category = '社会散居孤儿' WHERE no = {a1}",
            "INSERT INTO cj VALUES ({a1}, NULL, 75, 1, '2023-05')",
        ),
        misses=(("R12", "a1", "只享受护理补贴"),),
    ),
    Plant(
        _lone("child", "grandchild"),
        (
            _MILD.format("{a1}"),
            "UPDATE et SET category = '事实无人抚养儿童' WHERE no = {a1}",
            "INSERT INTO cj VALUES ({a1}, 75, NULL, 3, '2023-05')",
        ),
        hits=(("R13", "a1", ""),),
    ),
    Plant(
        _lone("dibao", "grandchild"),
        ("INSERT INTO et VALUES ({a1}, {a}, '事实无人抚养儿童', 1100, FALSE, '镇中心小学')",),
        hits=(("R14", "a1", ""),),
    ),
    Plant(
        _lone(_NONE),
        (_MILD.format("{a}"), "INSERT INTO cj VALUES ({a}, 75, NULL, 3, '2023-05')"),
        hits=(("R15", "a", ""),),
    ),
    Plant(
        {"a": ("couple", "dibao")},
        (
            "UPDATE db_member SET insured = FALSE WHERE no = {a1}",
            "DELETE FROM cert WHERE no // 8 = {a} // 8",
            "DELETE FROM cj WHERE no // 8 = {a} // 8",
            *_ILL,
            _MILD.format("{a1}"),
            "INSERT INTO cj VALUES ({a1}, 75, NULL, 3, '2023-05')",
        ),
        misses=(("R15", "a1", "低保家庭的成员，本人未列为保障对象"),),
    ),
    Plant(
        _lone(_NONE),
        (_MILD.format("{a}"), "INSERT INTO cj VALUES ({a}, NULL, 75, 3, '2023-05')"),
        hits=(("R16", "a", ""),),
    ),
    Plant(
        _lone(_NONE),
        (
            _SEVERE.format("{a}"),
            "UPDATE cert SET expire_on = {day:-9} WHERE no = {a}",
            "INSERT INTO cj VALUES ({a}, NULL, 75, 1, '2023-05')",
        ),
        hits=(("R16", "a", ""),),
    ),
    Plant(
        _lone(_NONE),
        (
            _SEVERE.format("{a}"),
            "UPDATE cert SET expire_on = {day:0} WHERE no = {a}",
            "INSERT INTO cj VALUES ({a}, NULL, 75, 1, '2023-05')",
            "INSERT INTO visit VALUES ({a}, {a}, {day:-30}, NULL, NULL, '不符合', '本人', TRUE, NULL)",
        ),
        misses=(("R16", "a", "残疾证有效期至比对日当天"),),
    ),
    Plant(
        _lone(),
        (
            "DELETE FROM cert WHERE no = {a}",
            "DELETE FROM cj WHERE no = {a}",
            _MILD.format("{a}"),
            "UPDATE db_unit SET tier = 'B' WHERE unit = {a}",
        ),
        hits=(("R17", "a", ""),),
    ),
    Plant(
        _lone(),
        (
            "DELETE FROM cert WHERE no = {a}",
            "DELETE FROM cj WHERE no = {a}",
            _MILD.format("{a}"),
            "UPDATE cert SET expire_on = {day:-40} WHERE no = {a}",
            "UPDATE db_unit SET tier = 'B' WHERE unit = {a}",
        ),
        misses=(("R17", "a", "残疾证已过期"),),
    ),
    Plant(_lone("tekun"), ("DELETE FROM cert WHERE no = {a}",), hits=(("R19", "a", ""),)),
    Plant(
        _lone("tekun"),
        ("UPDATE cert SET kind = 6, level = 3 WHERE no = {a}",),
        misses=(("R19", "a", "精神残疾三级属规定情形"),),
    ),
    Plant(
        {"a": ("young", _NONE)},
        ("INSERT INTO et VALUES ({a1}, {a}, '事实无人抚养儿童', 1100, FALSE, NULL)",),
        hits=(("R20", "a1", ""),),
    ),
    # ---- officers
    Plant(_lone(), (_CADRE.format("{a}"),), hits=(("R28", "a", ""),)),
    Plant(
        _lone(),
        ("INSERT INTO officer VALUES ({a}, '村干部', '委员', {day:-900}, {day:-1})",),
        misses=(("R28", "a", "比对日前已离任"),),
    ),
    Plant(
        _lone(),
        ("INSERT INTO staff VALUES ({a}, '镇中心小学', '在职')",),
        hits=(("R28", "a", ""), ("R24", "a", "")),
    ),
    Plant(
        {"a": ("elders", "dibao")},
        (
            "UPDATE db_member SET insured = FALSE WHERE no = {a1}",
            *_ILL,
            _CADRE.format("{a1}"),
            "DELETE FROM watched WHERE house = {a} // 8",
            "DELETE FROM cert WHERE no = {a1}",
            "DELETE FROM cj WHERE no = {a1}",
            "DELETE FROM custody WHERE no = {a}",
        ),
        hits=(("R32", "a", ""),),
    ),
    Plant(
        {"a": ("elders", "dibao")},
        (
            "UPDATE db_member SET insured = FALSE WHERE no = {a1}",
            *_ILL,
            _CADRE.format("{a1}"),
            "DELETE FROM watched WHERE house = {a} // 8",
            "DELETE FROM cert WHERE no = {a1}",
            "DELETE FROM cj WHERE no = {a1}",
            "DELETE FROM custody WHERE no = {a}",
            "INSERT INTO filing VALUES ({a1}, {a}, '配偶')",
        ),
        misses=(("R32", "a", "已备案"),),
    ),
    # ---- cards
    Plant(
        {"a": ("single", "dibao"), "b": ("family", _NONE)},
        (
            _CADRE.format("{b}"),
            "DELETE FROM visit WHERE head = {a}",
            _WITH_CADRE,
        ),
        hits=(("R36", "a", ""),),
    ),
    Plant(
        {"a": ("single", "dibao"), "b": ("family", _NONE)},
        (
            _CADRE.format("{b}"),
            "DELETE FROM visit WHERE head = {a}",
            _WITH_CADRE,
            _kept(),
        ),
        misses=(("R36", "a", "已登记代管"), ("R37", "a", "有协议、已备案、在有效期内"), ("R38", "a", "本人同意")),
    ),
    Plant(
        {"a": ("single", "dibao"), "b": ("family", _NONE)},
        (_CADRE.format("{b}"), _kept(agreed=False)),
        hits=(("R37", "a", ""),),
    ),
    Plant(
        {"a": ("single", "dibao"), "b": ("family", _NONE)},
        (_CADRE.format("{b}"), _kept(days=(-400, -1))),
        hits=(("R37", "a", ""),),
    ),
    Plant(
        {"a": ("single", "dibao"), "b": ("family", _NONE)},
        (_CADRE.format("{b}"), _kept(days=(-364, 0))),
        misses=(("R37", "a", "协议最后一天为比对日"),),
    ),
    Plant(
        {"a": ("single", "dibao"), "b": ("family", _NONE)},
        (_CADRE.format("{b}"), _kept(will="不同意")),
        hits=(("R38", "a", ""),),
    ),
    Plant(
        {"b": ("family", _NONE), **dict.fromkeys("cdefg", ("single", "dibao"))},
        (_CADRE.format("{b}"), *(_kept(who=f"{{{name}}}") for name in "cdefg")),
        hits=(("R39", "b", ""),),
    ),
    Plant(
        {"b": ("family", _NONE), **dict.fromkeys("cdefg", ("single", "dibao"))},
        (
            _CADRE.format("{b}"),
            *(_kept(who=f"{{{name}}}") for name in "cdef"),
            _kept(who="{g}", returned="{day:-30}"),
        ),
        misses=(("R39", "b", "其中一张已归还"),),
    ),
    # ---- payments
    Plant(
        {"a": ("single", "dibao"), "b": ("family", _NONE)},
        paid=("UPDATE payment SET account_name = '代' || (SELECT name FROM resident WHERE no = {b}) WHERE no = {a}",),
        hits=(("R40", "a", ""),),
    ),
    Plant(
        {"a": ("elders", "dibao")},
        paid=("UPDATE payment SET account_name = (SELECT name FROM resident WHERE no = {a1}) WHERE unit = {a}",),
        misses=(("R40", "a", "户名为配偶"),),
    ),
    Plant(
        {"a": ("single", "dibao"), "b": ("single", "dibao")},
        sheets=(
            "UPDATE dibao_household SET account_no = (SELECT account_no FROM account WHERE no = {a}), "
            "account_no__key = (SELECT account_no__key FROM account WHERE no = {a}), "
            "account_name = NULL WHERE no = {b}",
            "UPDATE dibao_household SET account_name = NULL WHERE no = {a}",
        ),
        hits=(("R41", "older a b", "{month:-12}"),),
    ),
    Plant(
        _lone(),
        ("DELETE FROM cert WHERE no = {a}", "DELETE FROM cj WHERE no = {a}"),
        paid=("DELETE FROM payment WHERE no = {a} AND period = '{month:-1}'",),
        hits=(("R42", "a", "{month:-1}"),),
    ),
    Plant(
        _lone(),
        ("DELETE FROM cert WHERE no = {a}", "DELETE FROM cj WHERE no = {a}"),
        paid=("UPDATE payment SET pay_on = pay_on + 7 WHERE no = {a} AND period = '{month:-1}'",),
        hits=(("R42", "a", "{month:-1}"),),
    ),
    Plant(
        _lone(),
        paid=("UPDATE payment SET pay_on = pay_on + 2 WHERE no = {a} AND period = '{month:-1}'",),
        misses=(("R42", "a", "发放日当天到账"),),
    ),
    Plant(
        _lone(),
        ("DELETE FROM cert WHERE no = {a}", "DELETE FROM cj WHERE no = {a}"),
        paid=("UPDATE payment SET amount = amount + 50 WHERE no = {a} AND period = '{month:-1}'",),
        hits=(("R43", "a", "{month:-1}"),),
    ),
    Plant(
        _lone(),
        ("DELETE FROM cert WHERE no = {a}", "DELETE FROM cj WHERE no = {a}"),
        paid=("UPDATE payment SET amount = amount + 0.01 WHERE no = {a} AND period = '{month:-1}'",),
        misses=(("R43", "a", "相差不超过一分"),),
    ),
    Plant(
        _lone(),
        (
            "DELETE FROM visit WHERE head = {a}",
            "INSERT INTO visit VALUES ({a}, NULL, {day:-20}, '低保', NULL, '符合', '本人', FALSE, "
            "'实际居住情况与系统登记不一致')",
        ),
        hits=(("R44", "a", ""),),
    ),
    # ---- agreements and coverage
    Plant(
        _lone("tekun", "elder"),
        (
            "UPDATE tk SET mode = '分散供养' WHERE no = {a}",
            "DELETE FROM custody WHERE no = {a}",
            "DELETE FROM agreement WHERE no = {a}",
        ),
        hits=(("R64", "a", ""),),
    ),
    Plant(
        _lone("tekun", "elder"),
        (
            "UPDATE tk SET mode = '分散供养' WHERE no = {a}",
            "DELETE FROM custody WHERE no = {a}",
            "DELETE FROM agreement WHERE no = {a}",
            "INSERT INTO agreement VALUES ({a}, {day:-364}, {day:0})",
        ),
        misses=(("R64", "a", "协议最后一天为比对日"),),
    ),
    Plant(
        {"a": ("couple", _NONE)},
        ("INSERT INTO watched SELECT no, house, '{month:-9}', FALSE, '未享受' FROM resident WHERE house = {a} // 8",),
        hits=(("R67", "a", ""), ("R67", "a1", "")),
    ),
    Plant(
        {"a": ("couple", _NONE)},
        ("INSERT INTO watched SELECT no, house, '{month:-9}', TRUE, '未享受' FROM resident WHERE house = {a} // 8",),
        misses=(("R67", "a", "风险已消除"),),
    ),
    Plant(_lone(_NONE), (_SEVERE.format("{a}"),), hits=(("R68", "a", ""),)),
    Plant(
        {"a": ("couple", _NONE)},
        ("INSERT INTO stay VALUES ({a}, {day:-90}, 58000, 20000.01)",),
        hits=(("R68", "a", ""),),
    ),
    Plant(
        {"a": ("couple", _NONE)},
        ("INSERT INTO stay VALUES ({a}, {day:-90}, 58000, 20000)",),
        misses=(("R68", "a", "自付费用正好等于限额"),),
    ),
)


@dataclass(frozen=True)
class Laid:
    """The plants with their houses numbered.

    slots  houses in the order of their numbers
    """

    slots: tuple[Slot, ...]
    heads: tuple[dict[str, int], ...] = field(default=())


def lay_out(plants: Sequence[Plant] = PLANTS) -> Laid:
    """Numbers the houses of all plants; the houses of a plant stand in one village."""
    slots: list[Slot] = []
    heads: list[dict[str, int]] = []
    for group, plant in enumerate(plants):
        heads.append({})
        for name, (kind, role) in plant.houses.items():
            heads[-1][name] = len(slots) * MOST
            slots.append(Slot(kind, role, group))
    return Laid(tuple(slots), tuple(heads))


def number_of(who: str, heads: dict[str, int]) -> int:
    """Resident number of 'a' (a head) or 'a1' (the second person of the house)."""
    return heads[who[0]] + int(who[1:] or 0)


def filled(text: str, heads: dict[str, int], as_of: date) -> str:
    """A statement with its numbers, days and months put in."""

    def put(match: re.Match[str]) -> str:
        word = match.group(1)
        if word.startswith("day:"):
            return f"DATE '{as_of + timedelta(days=int(word[4:]))}'"
        if word.startswith("month:"):
            return month_shift(month_of(as_of), int(word[6:]))
        return str(number_of(word, heads))

    return re.sub(r"\{([a-z0-9:-]+)\}", put, text)


def statements(stage: str, laid: Laid, as_of: date, plants: Sequence[Plant] = PLANTS) -> Iterator[str]:
    """The statements of a stage (facts, sheets, paid) in order."""
    for plant, heads in zip(plants, laid.heads, strict=True):
        for text in getattr(plant, stage):
            yield filled(text, heads, as_of)
