"""The residents of one county, made by columns: each is a function of the seed, the county and a number.

A house has a kind, which says who lives in it, and a role, which says what it is to the offices. The first houses of a
county are those of the planted cases; their kinds and roles are laid down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from mingcha.simulate.model.names import SURNAMES, Namer
from mingcha.simulate.model.streams import Weighted, stream
from mingcha.simulate.province.made import Lake
from mingcha.simulate.province.places import County

#: residents have the number house * MOST + place in the house
MOST = 8
_NAMES = 2048
_COHORTS = ((0, 1940), (1, 1965), (2, 1982), (3, 1997), (4, 2015))
#: who lives in a house of a kind: relation to the head, sex ('x': either), youngest and oldest age
KINDS: dict[str, tuple[tuple[str, str, int, int], ...]] = {
    "elder": (("户主", "x", 62, 88),),
    "elders": (("户主", "1", 63, 84), ("妻", "2", 61, 82)),
    "single": (("户主", "x", 31, 58),),
    "couple": (("户主", "1", 41, 60), ("妻", "2", 40, 59)),
    "young": (("户主", "1", 27, 36), ("妻", "2", 25, 35), ("长女", "2", 1, 6)),
    "family": (("户主", "1", 38, 51), ("妻", "2", 37, 49), ("长子", "1", 3, 16), ("长女", "2", 2, 14)),
    "three": (
        ("户主", "1", 40, 50),
        ("妻", "2", 39, 49),
        ("长子", "1", 5, 16),
        ("父亲", "1", 66, 82),
        ("母亲", "2", 65, 80),
    ),
    "grandchild": (("户主", "2", 58, 74), ("孙子", "1", 4, 15)),
    "six": (
        ("户主", "1", 60, 70),
        ("妻", "2", 59, 69),
        ("长子", "1", 34, 41),
        ("儿媳", "2", 32, 40),
        ("孙子", "1", 3, 12),
        ("孙女", "2", 1, 9),
    ),
}
#: houses per thousand
SHARES = {
    "elder": 80,
    "elders": 80,
    "single": 80,
    "couple": 140,
    "young": 200,
    "family": 220,
    "three": 100,
    "grandchild": 20,
    "six": 80,
}
#: kind → role → houses of a hundred thousand of that kind; the rest have no role
ROLES: dict[str, tuple[tuple[str, int], ...]] = {
    "elder": (("dibao", 19000), ("tekun", 20000), ("care", 5500), ("mild", 9000), ("dead", 9500)),
    "elders": (("dibao", 14500), ("care", 1500), ("mild", 2000), ("dead", 8000), ("costs", 3000)),
    "single": (("dibao", 31000), ("tekun", 3000), ("mild", 4000)),
    "couple": (("dibao", 5700), ("care", 7000), ("mild", 8000), ("watched", 1500), ("costs", 5000)),
    "young": (("near", 2000), ("worker", 2500)),
    "family": (("dibao", 2000), ("near", 400), ("officer", 4500)),
    "three": (("care", 7500), ("mild", 9000), ("dead", 8000), ("costs", 3000)),
    "grandchild": (("dibao", 15000), ("child", 8000)),
    "six": (("mild", 9000), ("worker", 1500)),
}
PER_HOUSE = sum(share * len(KINDS[kind]) for kind, share in SHARES.items()) / 1000


@dataclass(frozen=True)
class Slot:
    """A house laid down for a planted case. group: slots of one group live in one village."""

    kind: str
    role: str
    group: int


def make_names(seed: int) -> dict[str, pa.Table]:
    """Tables by which names are drawn: surname (i, surname) and given (i, given), 2048 a cohort of birth and sex."""
    surnames = Weighted(SURNAMES)
    rng = stream(seed, "province", "names")
    drawn = [surnames.draw(rng) for _ in range(_NAMES)]
    given = list(_given(Namer(), seed))
    return {
        "surname": pa.table({"i": pa.array(range(_NAMES), pa.int32()), "surname": drawn}),
        "given": pa.table({"i": pa.array(range(len(given)), pa.int32()), "given": given}),
    }


def make_tables(con: duckdb.DuckDBPyConnection, names: Mapping[str, pa.Table], as_of: date) -> None:
    """The tables all counties share: members of kinds, names, days."""
    members = ", ".join(
        f"('{kind}', {place}, '{relation}', '{sex}', {_days(youngest) + 2}, {_days(oldest - youngest) - 4})"
        for kind, members in KINDS.items()
        for place, (relation, sex, youngest, oldest) in enumerate(members)
    )
    con.execute(f"CREATE TEMP TABLE member AS FROM (VALUES {members}) AS t (kind, place, relation, sex, least, span)")
    for name, table in names.items():
        con.register(f"{name}_rows", table)
        con.execute(f"CREATE TEMP TABLE {name} AS FROM {name}_rows")
        con.unregister(f"{name}_rows")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE day_of AS
        SELECT age_days, birth, CAST(strftime(birth, '%Y%m%d') AS BIGINT) AS number,
            CAST({_weighed("strftime(birth, '%Y%m%d')", _WEIGHTS[6:14])} AS INT) AS weighed,
            CASE {" ".join(f"WHEN year(birth) >= {start} THEN {cohort}" for cohort, start in _starts())} END AS cohort
        FROM (SELECT CAST(range AS INT) AS age_days, DATE '{as_of}' - CAST(range AS INT) AS birth FROM range(0, 37000))
    """)


def _days(years: int) -> int:
    return int(years * 365.25)


def _starts() -> Iterator[tuple[int, int]]:
    return iter(((4, 2005), (3, 1990), (2, 1975), (1, 1955), (0, 0)))


def _given(namer: Namer, seed: int) -> Iterator[str]:
    for cohort, year in _COHORTS:
        for is_male in (False, True):
            rng = stream(seed, "province", "given", cohort, is_male)
            for _ in range(_NAMES):
                yield namer.given(rng, is_male, year)


def _drawn_kind() -> str:
    total, parts = 0, []
    for kind, share in SHARES.items():
        total += share
        parts.append(f"WHEN u % 1000 < {total} THEN '{kind}'")
    return f"CASE {' '.join(parts)} END"


def _drawn_role() -> str:
    parts = []
    for kind, roles in ROLES.items():
        total = 0
        for role, share in roles:
            total += share
            parts.append(f"WHEN kind = '{kind}' AND v < {total} THEN '{role}'")
    return f"CASE {' '.join(parts)} ELSE 'none' END"


def make_houses(
    con: duckdb.DuckDBPyConnection, seed: int, county: County, residents: int, villages: int, slots: Sequence[Slot]
) -> None:
    """Table ``house`` (house, kind, role, v, village_no) of a county."""
    count = max(len(slots) + villages * 4, round(residents / PER_HOUSE))
    rural = [row[0] for row in con.execute("SELECT village_no FROM village WHERE NOT is_urban ORDER BY 1").fetchall()]
    laid = ", ".join(
        f"({i}, '{slot.kind}', '{slot.role}', {rural[slot.group % len(rural)]})" for i, slot in enumerate(slots)
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE slot AS FROM (VALUES {laid}) AS t (house, kind, role, village_no)")
    base = county.index << 32
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE house AS
        WITH drawn AS (
            SELECT range AS house, hash(range + {base}, {seed}, 1) AS u,
                CAST(hash(range + {base}, {seed}, 2) % 100000 AS INT) AS v
            FROM range({count})
        ),
        kinded AS (SELECT house, {_drawn_kind()} AS kind, v FROM drawn)
        SELECT k.house, coalesce(s.kind, k.kind) AS kind, coalesce(s.role,
            {_drawn_role().replace("kind =", "k.kind =")}) AS role,
            k.v, coalesce(s.village_no, CAST(k.house * {villages} // {count} AS INT)) AS village_no
        FROM kinded AS k LEFT JOIN slot AS s ON k.house = s.house
        ORDER BY k.house
    """)


def make_residents(con: duckdb.DuckDBPyConnection, lake: Lake, seed: int, county: County) -> int:
    """Table ``resident`` of a county, in the order of houses; how many there are.

    Columns: no, house, place, kind, role, relation, sex ('1', '2'), birth, name, id_no, key, r (a number drawn for the
    person), township, village, is_urban.
    """
    base = county.index << 32
    # narrow while it is sorted; what follows keeps the order
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE drawn_person AS
        WITH rolled AS (
            SELECT h.house, m.place, h.kind, h.role, h.village_no, m.relation, m.least, m.span, m.sex,
                hash(h.house * {MOST} + m.place + {base}, {seed}, 3) AS r,
                hash(h.house + {base}, {seed}, 4) AS f
            FROM house AS h INNER JOIN member AS m ON h.kind = m.kind
        ),
        drawn AS (
            SELECT house * {MOST} + place AS no, kind, role, relation, village_no,
                CASE WHEN sex <> 'x' THEN sex WHEN r % 100 < 60 THEN '1' ELSE '2' END AS sex,
                CAST(least + (r >> 8) % span AS INT) AS age_days,
                CAST(CASE WHEN relation IN ('妻', '儿媳', '母亲') THEN (r >> 24) % {_NAMES} ELSE f % {_NAMES} END AS
                    INT)
                    AS s,
                CAST((r >> 36) % {_NAMES} AS INT) AS g,
                CAST((r >> 48) % 10000 AS INT) AS r
            FROM rolled
        )
        SELECT no, kind, role, relation, village_no, sex, age_days, s, g, r,
            CAST(((row_number() OVER (PARTITION BY age_days, sex ORDER BY no) * 347 + age_days * 61 + 7) % 500) * 2
            + (sex = '1')::INT AS INT) AS seq
        FROM drawn ORDER BY no
    """)
    con.execute(_RESIDENT.format(key=lake.person_key("id_no"), **_number(county)), dict(lake.parameters()) or None)
    count, is_sorted = con.execute("""
        SELECT count(*), bool_and(is_later) FROM (SELECT no > lag(no, 1, -1::BIGINT) OVER () AS is_later FROM resident)
    """).fetchall()[0]
    if not is_sorted:  # of a small county, whose joins may be turned around
        con.execute("CREATE OR REPLACE TEMP TABLE resident AS FROM resident ORDER BY no")
    return int(count)


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT = """
    CREATE OR REPLACE TEMP TABLE resident AS
    WITH numbered AS (
        SELECT p.no, p.no // {most} AS house, CAST(p.no % {most} AS INT) AS place, p.kind, p.role, p.relation, p.sex,
            p.r, d.birth,
            v.township, v.village, v.is_urban, surname.surname || given.given AS name,
            CAST({prefix} + d.number * 1000 + p.seq AS VARCHAR)
            || substr('10X98765432', ({weighed} + d.weighed + {of_seq}) % 11 + 1, 1) AS id_no
        FROM drawn_person AS p
        INNER JOIN day_of AS d ON p.age_days = d.age_days
        INNER JOIN surname ON p.s = surname.i
        INNER JOIN given ON (d.cohort * 2 + (p.sex = '1')::INT) * {names} + p.g = given.i
        INNER JOIN village AS v ON p.village_no = v.village_no
    )
    SELECT no, house, place, kind, role, relation, sex, r, birth, township, village, is_urban, name, id_no, {key} AS key
    FROM numbered
"""


def _number(county: County) -> dict[str, object]:
    """The parts of an identity number's SQL; a day's share of the weighted sum stands in ``day_of``."""
    return {
        "most": MOST,
        "names": _NAMES,
        "prefix": int(county.code) * 10**11,
        "weighed": sum(int(digit) * weight for digit, weight in zip(county.code, _WEIGHTS, strict=False)),
        "of_seq": f"p.seq // 100 * {_WEIGHTS[14]} + p.seq // 10 % 10 * {_WEIGHTS[15]} + p.seq % 10 * {_WEIGHTS[16]}",
    }


def _weighed(digits: str, weights: Sequence[int]) -> str:
    """SQL of the weighted sum of a text of digits."""
    return " + ".join(
        f"CAST(substr({digits}, {at}, 1) AS INT) * {weight}" for at, weight in enumerate(weights, start=1)
    )
