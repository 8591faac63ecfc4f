"""Runs the simulation of a province: county after county, each forgotten when it is written."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from mingcha.progress import Progress
from mingcha.simulate.model.days import month_word
from mingcha.simulate.params import PARAMS
from mingcha.simulate.province.facts import make_facts
from mingcha.simulate.province.made import Lake, Made
from mingcha.simulate.province.people import MOST, make_houses, make_names, make_residents, make_tables
from mingcha.simulate.province.places import County, load_counties, make_villages, neighbour_of
from mingcha.simulate.province.plants import PLANTS, Laid, filled, lay_out, number_of, statements
from mingcha.simulate.province.sheets import Frame, abroad, keep, make_accounts, payments, sheets_of

RESIDENTS = 100_000_000
_STAGE = "生成全省数据"
#: sheets whose clear numbers are not kept: most of the register is on no other list
_UNSEALED = frozenset({"hukou"})
#: rolls and lists that speak of a month
_OF_MONTH = frozenset(
    [
        "dibao_household",
        "dibao_member",
        "tekun_person",
        "child",
        "disability_subsidy",
        "low_income_household",
        "low_income_member",
        "disability_cert",
        "officer",
        "fiscal_staff",
        "poverty_monitor",
    ]
)
_SMALLEST = 8_000
_MEMORY = "600MB"
_WORKERS = 2


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
    folder: Path, lake: Lake, *, residents: int | None = None, seed: int, as_of: date, progress: Progress
) -> ProvinceReport:
    """Makes the province and hands it to the lake; truth, near misses and parameters are written into the folder.

    Two counties are made side by side, each by a database of its own with one thread: what a county becomes does not
    depend on the other, and no more than two are in memory.

    residents  how many people; None: the whole province. Few are spread over fewer counties
    """
    residents = residents or RESIDENTS
    counties = _chosen(residents)
    lake.reserve(len(counties) * SHEETS)
    frame = _Province(lake, lay_out(), make_names(seed), seed, as_of, residents // len(counties))
    done = []
    with ThreadPoolExecutor(max_workers=_WORKERS) as pool:
        try:
            for made in pool.map(frame.make, counties):
                done.append(made)
                progress.step(_STAGE, len(done), len(counties), counties[len(done) - 1].name)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    _write(folder / "truth.csv", ("rule_id", "id_number", "period"), [line for made in done for line in made.hits])
    _write(folder / "near-misses.csv", ("rule_id", "id_number", "why"), [line for made in done for line in made.misses])
    (folder / "mingcha-params.yaml").write_bytes(PARAMS.encode())
    return ProvinceReport(
        counties=len(counties),
        residents=sum(made.residents for made in done),
        recipients=sum(made.recipients for made in done),
        payments=sum(made.payments for made in done),
        planted=sum(len(made.hits) for made in done),
        near_misses=sum(len(made.misses) for made in done),
    )


@dataclass(frozen=True)
class _CountyMade:
    residents: int
    recipients: int
    payments: int
    hits: list[tuple[str, str, str]]
    misses: list[tuple[str, str, str]]


def _chosen(residents: int) -> list[County]:
    found = load_counties()
    return found[: max(1, min(len(found), residents // _SMALLEST))]


@dataclass(frozen=True)
class _Province:
    """What all counties share. residents: of a county."""

    lake: Lake
    laid: Laid
    names: Mapping[str, pa.Table]
    seed: int
    as_of: date
    residents: int

    def make(self, county: County) -> _CountyMade:
        """Makes one county in a database of its own and hands its sheets over."""
        with duckdb.connect() as con:
            con.execute(
                f"SET threads = 1; SET memory_limit = '{_MEMORY}'; SET temp_directory = '{self.lake.spill.as_posix()}'"
            )
            make_tables(con, self.names, self.as_of)
            frame = Frame(county, self.as_of)
            residents = self._people(con, county)
            register = self._sheets(con, frame)
            hits, misses = _lines(con, self.laid, self.as_of)
            made = _CountyMade(residents, _recipients(con), _count(con, "payment"), hits, misses)
            self._hand_over(con, frame, register)
            return made

    def _people(self, con: duckdb.DuckDBPyConnection, county: County) -> int:
        villages = make_villages(con, county, self.residents)
        make_houses(con, self.seed, county, self.residents, villages, self.laid.slots)
        count = make_residents(con, self.lake, self.seed, county)
        make_facts(con, self.as_of)
        for statement in statements("facts", self.laid, self.as_of):
            con.execute(statement)
        make_accounts(con, self.lake, county)
        return count

    def _sheets(self, con: duckdb.DuckDBPyConnection, frame: Frame) -> str:
        """Makes all sheets but the register, whose SELECT is returned: it is large and written last."""
        sheets = dict(sheets_of(frame))
        register = sheets.pop("hukou")
        for name, sql in sheets.items():
            keep(con, name, sql)
        keep(
            con, "abroad", abroad(frame, self.lake, self.seed, max(50, self.residents // 1200)), self.lake.parameters()
        )
        for statement in statements("sheets", self.laid, self.as_of):
            con.execute(_abroad(statement) if statement.startswith("abroad") else statement)
        keep(con, "payment", payments(frame))
        for statement in statements("paid", self.laid, self.as_of):
            con.execute(statement)
        return register

    def _hand_over(self, con: duckdb.DuckDBPyConnection, frame: Frame, register: str) -> None:
        # a folder named for a county would make its rolls another county's
        place = f"{frame.county.code[:4]}/{frame.county.code}"
        first = frame.county.index * SHEETS
        for order, name in enumerate(TITLES):
            if name == "hukou":
                con.execute(f"CREATE TEMP VIEW hukou AS {register}")  # large: never kept
            month = frame.roll_month if name in _OF_MONTH else None
            file = f"{place}/{TITLES[name]}{month_word(month) if month else ''}.csv"
            self.lake.add(con, Made(name, first + order, name, file, month, is_sealed=name not in _UNSEALED))
            con.execute(f"DROP {'VIEW' if name == 'hukou' else 'TABLE'} {name}")
        short, written = neighbour_of(frame.county)
        file = f"{place}/外省名册/{written}低保{month_word(frame.roll_month)}.csv"
        self.lake.add(con, Made("dibao_member", first + len(TITLES), "abroad", file, frame.roll_month, short))


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
#: sheets of a county, the other province's roll included
SHEETS = len(TITLES) + 1


def _abroad(statement: str) -> str:
    """Puts a person of ours on the other county's roll, in force or ended."""
    word, number = statement.split()
    status = "停保" if word == "abroad-ended" else "在保"
    return f"""
        INSERT INTO abroad SELECT '外县镇', '外县村', name, id_no, key, birth, sex, name, id_no, key, birth, sex,
            '户主', '农村低保',
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


def _lines(
    con: duckdb.DuckDBPyConnection, laid: Laid, as_of: date
) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    """(truth, near misses) of the county."""
    last = (len(laid.slots) + 1) * MOST
    numbers = dict(con.execute(f"SELECT no, id_no FROM resident WHERE no < {last}").fetchall())
    hits, misses = [], []
    for plant, heads in zip(PLANTS, laid.heads, strict=True):
        hits += [(rule, _number(who, heads, numbers), filled(period, heads, as_of)) for rule, who, period in plant.hits]
        misses += [(rule, _number(who, heads, numbers), why) for rule, who, why in plant.misses]
    return sorted(hits), sorted(misses)


def _number(who: str, heads: dict[str, int], numbers: dict[int, str]) -> str:
    if who.startswith("older "):
        both = [numbers[number_of(each, heads)] for each in who.split()[1:]]
        return min(both, key=lambda number: (number[6:14], number))
    return numbers[number_of(who, heads)]


def _write(path: Path, header: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)
