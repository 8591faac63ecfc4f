"""Runs the simulation of a province: county after county, each forgotten when it is written."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from mingcha.progress import Progress
from mingcha.simulate.params import PARAMS
from mingcha.simulate.province.facts import make_facts
from mingcha.simulate.province.made import Lake, Made
from mingcha.simulate.province.people import make_houses, make_residents, make_tables
from mingcha.simulate.province.places import County, load_counties, make_villages
from mingcha.simulate.province.plants import PLANTS, Laid, filled, lay_out, number_of, statements
from mingcha.simulate.province.sheets import Frame, abroad, keep, make_accounts, payments, sheets_of

RESIDENTS = 100_000_000
_STAGE = "生成全省数据"
#: sheets whose clear numbers are not kept: most of the register is on no other list
_UNSEALED = frozenset({"hukou"})
#: rolls and lists that speak of a month
_OF_MONTH = frozenset(
    "dibao_household dibao_member tekun_person child disability_subsidy low_income_household low_income_member "
    "disability_cert officer fiscal_staff poverty_monitor".split()
)
_SMALLEST = 8_000
_MEMORY = "900MB"


@dataclass(frozen=True)
class ProvinceReport:
    """What was made."""

    counties: int
    residents: int
    recipients: int
    payments: int
    planted: int
    near_misses: int


def simulate_province(
    folder: Path, lake: Lake, *, residents: int = RESIDENTS, seed: int, as_of: date, progress: Progress
) -> ProvinceReport:
    """Makes the province and hands it to the lake; truth, near misses and parameters are written into the folder.

    residents  how many people; fewer are spread over fewer counties
    """
    counties = _chosen(residents)
    laid = lay_out()
    total = _Total()
    with duckdb.connect() as con, _Lines(folder) as lines:
        con.execute(f"SET threads = 2; SET memory_limit = '{_MEMORY}'; SET temp_directory = '{folder.as_posix()}/.spill'")
        make_tables(con, seed, as_of)
        for county in counties:
            _make_county(con, lake, Frame(county, as_of), laid, seed, residents // len(counties), total)
            lines.write(con, laid, as_of)
            progress.step(_STAGE, county.index + 1, len(counties), county.name)
    (folder / "mingcha-params.yaml").write_bytes(PARAMS.encode())
    return ProvinceReport(
        len(counties), total.residents, total.recipients, total.payments, lines.planted, lines.near_misses
    )


@dataclass
class _Total:
    residents: int = 0
    recipients: int = 0
    payments: int = 0


def _chosen(residents: int) -> list[County]:
    found = load_counties()
    return found[: max(1, min(len(found), residents // _SMALLEST))]


def _make_county(
    con: duckdb.DuckDBPyConnection,
    lake: Lake,
    frame: Frame,
    laid: Laid,
    seed: int,
    residents: int,
    total: _Total,
) -> None:
    villages = make_villages(con, frame.county, residents)
    make_houses(con, seed, frame.county, residents, villages, laid.slots)
    total.residents += make_residents(con, lake, seed, frame.county)
    make_facts(con, frame.as_of)
    for statement in statements("facts", laid, frame.as_of):
        con.execute(statement)
    make_accounts(con, lake, frame.county)
    sheets = dict(sheets_of(frame))
    register = sheets.pop("hukou")
    for name, sql in sheets.items():
        keep(con, name, sql)
    ext, short, written = abroad(frame, lake, seed, max(50, residents // 1200))
    keep(con, "abroad", ext, lake.parameters())
    for statement in statements("sheets", laid, frame.as_of):
        con.execute(_abroad(statement) if statement.startswith("abroad") else statement)
    keep(con, "payment", payments(frame))
    for statement in statements("paid", laid, frame.as_of):
        con.execute(statement)
    total.payments += _count(con, "payment")
    total.recipients += _recipients(con)
    place = f"{frame.county.city}/{frame.county.name}"
    for name in (*sheets, "payment"):
        lake.add(con, _made(name, place, frame))
        if name not in {"dibao_household", "dibao_member", "tekun_person"}:
            con.execute(f"DROP TABLE {name}")
    lake.add(con, Made("dibao_member", "abroad", f"{place}/外省名册/{written}低保.csv", frame.roll_month, short))
    keep(con, "hukou", register)
    lake.add(con, _made("hukou", place, frame))
    con.execute("DROP TABLE hukou")


def _made(name: str, place: str, frame: Frame) -> Made:
    month = frame.roll_month if name in _OF_MONTH else None
    return Made(name, name, f"{place}/{TITLES[name]}.csv", month, is_sealed=name not in _UNSEALED)


#: dataset → what the office calls its file
TITLES = {
    "dibao_household": "低保家庭名册",
    "dibao_member": "低保成员名册",
    "tekun_person": "特困人员名册",
    "child": "孤儿和事实无人抚养儿童名册",
    "disability_subsidy": "残疾人两项补贴名册",
    "disability_cert": "持证残疾人名册",
    "low_income_household": "低保边缘家庭名册",
    "low_income_member": "低保边缘成员名册",
    "funeral": "殡葬火化名单",
    "death_cancel": "死亡注销名单",
    "officer": "村居干部名册",
    "kin_filing": "近亲属备案表",
    "card_custody": "卡折代管登记表",
    "care_agreement": "照料服务协议台账",
    "visit_check": "入户核查表",
    "poverty_monitor": "防止返贫监测对象",
    "severe_illness": "高额医疗费用名单",
    "fiscal_staff": "财政供养人员名册",
    "pension": "养老待遇名单",
    "institution": "供养机构台账",
    "standard": "救助标准表",
    "tier": "分档补差标准表",
    "payment": "一卡通发放明细",
    "hukou": "户籍信息",
}


def _abroad(statement: str) -> str:
    """Puts a person of ours on the other county's roll, in force or ended."""
    word, number = statement.split()
    status = "停保" if word == "abroad-ended" else "在保"
    return f"""
        INSERT INTO abroad SELECT '外县镇', '外县村', name, id_no, key, birth, sex, name, id_no, key, birth, sex, '户主', '农村低保',
            '{status}', no FROM resident WHERE no = {number}
    """


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _recipients(con: duckdb.DuckDBPyConnection) -> int:
    found = con.execute("""
        SELECT count(*) FROM (
            SELECT no FROM db_member WHERE insured UNION SELECT no FROM tk UNION SELECT no FROM et
            UNION SELECT no FROM cj UNION SELECT no FROM near
        )
    """).fetchall()
    return int(found[0][0])


class _Lines:
    """truth.csv and near-misses.csv, county by county."""

    def __init__(self, folder: Path) -> None:
        self._truth = (folder / "truth.csv").open("w", encoding="utf-8", newline="")
        self._misses = (folder / "near-misses.csv").open("w", encoding="utf-8", newline="")
        self.planted = self.near_misses = 0

    def __enter__(self) -> _Lines:
        csv.writer(self._truth, lineterminator="\n").writerow(("rule_id", "id_number", "period"))
        csv.writer(self._misses, lineterminator="\n").writerow(("rule_id", "id_number", "why"))
        return self

    def __exit__(self, *_: object) -> None:
        self._truth.close()
        self._misses.close()

    def write(self, con: duckdb.DuckDBPyConnection, laid: Laid, as_of: date) -> None:
        """The lines of the county whose residents the connection holds."""
        last = (len(laid.slots) + 1) * 8
        found = con.execute(f"SELECT no, id_no FROM resident WHERE no < {last}").fetchall()
        numbers = dict(found)
        hits, misses = [], []
        for plant, heads in zip(PLANTS, laid.heads, strict=True):
            for rule, who, period in plant.hits:
                hits.append((rule, _number(who, heads, numbers), filled(period, heads, as_of)))
            for rule, who, why in plant.misses:
                misses.append((rule, _number(who, heads, numbers), why))
        self.planted += _write(self._truth, sorted(hits))
        self.near_misses += _write(self._misses, sorted(misses))


def _number(who: str, heads: dict[str, int], numbers: dict[int, str]) -> str:
    if who.startswith("older "):
        both = [numbers[number_of(each, heads)] for each in who.split()[1:]]
        return min(both, key=lambda number: (number[6:14], number))
    return numbers[number_of(who, heads)]


def _write(file: object, lines: Sequence[Iterable[str]]) -> int:
    csv.writer(file, lineterminator="\n").writerows(lines)  # type: ignore[arg-type]
    return len(lines)
