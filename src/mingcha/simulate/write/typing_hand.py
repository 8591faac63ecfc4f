"""How values become cells: dates, months, money, names, numbers and villages as a clerk types them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random

from mingcha.simulate.model.idnumbers import old_form
from mingcha.simulate.model.places import Village
from mingcha.simulate.write.table import Cell, Formula, Habit, NumberCell, Value

_EPOCH = date(1899, 12, 30)
_WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def column_letters(place: int) -> str:
    """A, B, … Z, AA of a column counted from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def serial(day: date) -> int:
    """The number a spreadsheet keeps for a day."""
    return (day - _EPOCH).days


_DATES: dict[str, Callable[[date], Cell]] = {
    "iso": lambda day: f"{day.year}-{day.month:02d}-{day.day:02d}",
    "dot": lambda day: f"{day.year}.{day.month}.{day.day}",
    "slash": lambda day: f"{day.year}/{day.month}/{day.day}",
    "compact": lambda day: f"{day.year}{day.month:02d}{day.day:02d}",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "cell": lambda day: day,
    "serial": serial,
}
_MONTHS: dict[str, Callable[[str], Cell]] = {
    "dash": lambda month: month,
    "compact": lambda month: month[:4] + month[5:],
    "dot": lambda month: f"{month[:4]}.{month[5:]}",
    "chinese": lambda month: f"{month[:4]}年{int(month[5:])}月",
}


def typist(kind: str, habit: Habit, rng: Random) -> Callable[[Value | NumberCell | Formula], Cell]:
    """The function that types one column."""
    made = _TYPISTS.get(kind)
    return made(habit, rng) if made else _plain


def _plain(value: Value | NumberCell | Formula) -> Cell:
    if isinstance(value, Village):
        return value.name
    if isinstance(value, NumberCell):
        return value.number
    return value if value != "" else None


def _name(habit: Habit, rng: Random) -> Callable[[Value | NumberCell | Formula], Cell]:
    def put(value: Value | NumberCell | Formula) -> Cell:
        if not isinstance(value, str) or not value:
            return None
        if len(value) == 2 and (habit.pad_names or rng.random() < habit.slips * 3):
            return f"{value[0]}　{value[1]}" if habit.pad_names else f"{value[0]} {value[1]}"
        if rng.random() < habit.slips:
            return f"{value} "
        return value

    return put


def _identity(habit: Habit, rng: Random) -> Callable[[Value | NumberCell | Formula], Cell]:
    def put(value: Value | NumberCell | Formula) -> Cell:
        if isinstance(value, NumberCell):
            return float(value.number[:15] + "000")
        if not isinstance(value, str) or not value:
            return None
        if habit.lower_x and value[-1] == "X":
            return value[:-1] + "x"
        if habit.slips and rng.random() < habit.slips:
            return _slip(value, rng)
        return value

    return put


def _slip(number: str, rng: Random) -> str:
    """A number written oddly that still means the same person."""
    draw = rng.random()
    if draw < 0.3:
        return number.translate(_WIDE)
    if draw < 0.5:
        return f"'{number}"
    if draw < 0.7:
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    if draw < 0.9 and len(number) == 18 and int(number[6:10]) < 1958:
        return old_form(number)
    return f" {number}"


def _money(habit: Habit, _: Random) -> Callable[[Value | NumberCell | Formula], Cell]:
    def put(value: Value | NumberCell | Formula) -> Cell:
        if not isinstance(value, Decimal):
            return _plain(value)
        if habit.blank_zero and value == 0:
            return None
        return _MONEY[habit.money](value)

    return put


def _tens(habit: Habit, rng: Random) -> Callable[[Value | NumberCell | Formula], Cell]:
    """Sums in 万元: nobody writes 元 behind them."""
    return _money(habit.but(money="number") if habit.money == "yuan" else habit, rng)


def _short(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


_MONEY: dict[str, Callable[[Decimal], Cell]] = {
    "number": _short,
    "text": lambda value: f"{value:.2f}",
    "comma": lambda value: f"{value:,.2f}",
    "yuan": lambda value: f"{_short(value)}元",
}


def _date(habit: Habit, _: Random) -> Callable[[Value | NumberCell | Formula], Cell]:
    write = _DATES[habit.dates]
    known: dict[date, Cell] = {}

    def put(value: Value | NumberCell | Formula) -> Cell:
        if not isinstance(value, date):
            return _plain(value)
        found = known.get(value)
        if found is None:
            found = known[value] = write(value)
        return found

    return put


def _month(habit: Habit, _: Random) -> Callable[[Value | NumberCell | Formula], Cell]:
    write = _MONTHS[habit.months]
    return lambda value: write(value) if isinstance(value, str) and value else _plain(value)


def village_words(village: Village, word: str) -> str:
    """A village's name in one of the ways offices write it."""
    if word == "short":
        return village.short
    if word == "village":
        return village.short + ("社区" if village.is_urban else "村")
    if word == "joined":
        return village.township + village.short + ("居委会" if village.is_urban else "村")
    return village.name


def _village(habit: Habit, _: Random) -> Callable[[Value | NumberCell | Formula], Cell]:
    return lambda value: village_words(value, habit.village_word) if isinstance(value, Village) else _plain(value)


_TYPISTS = {
    "name": _name,
    "id": _identity,
    "money": _money,
    "tens": _tens,
    "date": _date,
    "month": _month,
    "village": _village,
}
