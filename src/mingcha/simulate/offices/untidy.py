"""What goes wrong on other departments' lists: numbers cut, masked or mistyped, values left out, days that never were.

Rows about people whom a planted case, a near miss or a roll depends on are left alone, so that what must be found and
what must not stays as it is written beside the sheets.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from mingcha.simulate.model.idnumbers import impossible_date, wrong_check
from mingcha.simulate.model.records import Records
from mingcha.simulate.offices.desk import Desk
from mingcha.simulate.write.table import Formula, NumberCell, Value

Cells = Sequence[Value | NumberCell | Formula]
#: share of rows with something wrong in them
SHARE = 0.012
#: nobody's birthday, and no day to be born, housed or paid on
_NO_DAY = ("2023-02-30", "20221331", "2021.11.31")


def protected_numbers(records: Records) -> frozenset[str]:
    """The numbers of everybody on a roll, in an office, or in the two lists of what is planted."""
    found = {number for _, number, _ in (*records.truth.hits, *records.truth.misses)}
    found.update(member.person.number for dibao in records.dibao for member in dibao.members)
    found.update(tekun.person.number for tekun in records.tekun)
    found.update(tekun.carer.number for tekun in records.tekun if tekun.carer)
    found.update(child.person.number for child in records.children)
    found.update(child.guardian.number for child in records.children if child.guardian)
    found.update(subsidy.person.number for subsidy in records.subsidies)
    found.update(person.number for house in records.near_poor for person, _ in house.members)
    found.update(person.number for house in records.monitored for person, _ in house.members)
    found.update(officer.person.number for officer in records.officers)
    found.update(filing.relative.number for filing in records.filings)
    found.update(custody.person.number for custody in records.custody)
    found.update(visit.head.number for visit in records.visits)
    found.update(visit.person.number for visit in records.visits if visit.person)
    for holdings in (records.pensions, records.jobs, records.estates, records.cars, records.firms, records.checks):
        found.update(each.person.number for each in holdings)
    found.update(worker.person.number for worker in records.workers)
    found.update(injured.person.number for injured in records.injured)
    return frozenset(found)


def spoil(
    desk: Desk, label: str, rows: Sequence[Cells], number: int, name: int, *, day: int | None = None
) -> list[Cells]:
    """The rows with some of them spoilt. number, name, day: which cells of a row hold these."""
    if desk.setting.clean:
        return list(rows)
    rng = desk.rng(f"spoil {label}")
    kept = desk.protected
    done: list[Cells] = []
    for row in rows:
        draw = rng.random()
        written = row[number]
        if draw < SHARE and isinstance(written, str) and len(written) == 18 and written not in kept:
            done.append(_spoilt(list(row), number, name, day, rng))
        else:
            done.append(row)
    return done


def _spoilt(
    row: list[Value | NumberCell | Formula], number: int, name: int, day: int | None, rng: Random
) -> list[Value | NumberCell | Formula]:
    written = str(row[number])
    draw = rng.random()
    if draw < 0.3:
        row[number] = NumberCell(written)
    elif draw < 0.45:
        row[number] = wrong_check(written)
    elif draw < 0.52:
        row[number] = impossible_date(written)
    elif draw < 0.67:
        row[number] = masked(written)
    elif draw < 0.82:
        row[number] = rng.choice((None, "无", "不详"))
    elif draw < 0.9 or day is None:
        row[name] = None
    else:
        row[day] = rng.choice(_NO_DAY)
    return row


def masked(number: str) -> str:
    """A number as offices hide it from one another."""
    return f"{number[:6]}********{number[14:]}"


def unfinished(desk: Desk, label: str, width: int, cells: dict[int, Value]) -> list[Cells]:
    """A row somebody began and never ended, on some of the sheets: a name, and no number."""
    if desk.setting.clean or desk.rng(f"unfinished {label}").random() < 0.4:
        return []
    row: list[Value | NumberCell | Formula] = [None] * width
    for place, value in cells.items():
        row[place] = value
    return [row]
