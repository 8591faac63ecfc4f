"""What people own, earn and answer for, as other offices list it; words are those the offices write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mingcha.simulate.model.people import Person


@dataclass(slots=True, eq=False)
class Pension:
    """A pension (dataset pension). amount and base (其中基础养老金): yuan a month; base None: not told apart."""

    person: Person
    kind: str
    amount: Decimal
    base: Decimal | None = None
    state: str = "待遇领取"


@dataclass(slots=True, eq=False)
class Job:
    """A registered employment (dataset employment)."""

    person: Person
    unit: str
    since: date
    kind: str = "就业人员"


@dataclass(slots=True, eq=False)
class Estate:
    """A house of one owner (dataset real_estate); joint owners have a row each with the same place."""

    person: Person
    place: str
    since: date
    share: str = "单独所有"
    use: str = "住宅"


@dataclass(slots=True, eq=False)
class Car:
    """A registered vehicle (dataset vehicle)."""

    person: Person
    plate: str
    since: date
    plate_kind: str = "小型汽车"
    kind: str = "小型轿车"
    use: str = "非营运"
    state: str = "正常"


@dataclass(slots=True, eq=False)
class Firm:
    """A firm or shop (dataset market_entity). is_owner: on the sheet of investors, else of traders."""

    person: Person
    name: str
    number: str
    since: date
    kind: str = "个体工商户"
    state: str = "存续"
    is_owner: bool = False


@dataclass(slots=True, eq=False)
class Check:
    """An answer of the check centre (dataset hx_other): money, the tax office's, or the justice's.

    over  whether deposits are over the limit; stocks yuan; taxed yuan for the months from..to, both 'YYYY-MM'
    key_kind  what kind of 重点人员, is_key 是 or 否
    """

    person: Person
    on: date
    over: str = ""
    stocks: Decimal | None = None
    taxed: Decimal | None = None
    months: tuple[str, str] | None = None
    is_key: str = ""
    key_kind: str = ""
