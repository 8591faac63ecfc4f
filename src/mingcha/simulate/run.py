"""Runs one simulation: township after township, then the offices' spreadsheets, then the truth beside them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mingcha.clock import today
from mingcha.errors import UsageError
from mingcha.progress import Progress, Silent
from mingcha.simulate.model.basis import county_ledgers, settle_ledgers
from mingcha.simulate.model.county import build_township
from mingcha.simulate.model.maker import Maker
from mingcha.simulate.model.people import House
from mingcha.simulate.model.places import LOCAL_UNIT, Township, load_townships
from mingcha.simulate.model.records import Records
from mingcha.simulate.model.setting import SCALES, Setting
from mingcha.simulate.model.streams import stream
from mingcha.simulate.offices import OFFICES, Desk
from mingcha.simulate.offices.police import write_register
from mingcha.simulate.offices.strays import write_strays
from mingcha.simulate.offices.untidy import protected_numbers
from mingcha.simulate.params import PARAMS
from mingcha.simulate.plant import plant_all
from mingcha.simulate.plant.duplicates import neighbours
from mingcha.simulate.write.books import write_book

_BUILD, _WRITE = "生成人口和救助", "写部门表格"
_NEIGHBOURS = 120


@dataclass(frozen=True)
class SimulationReport:
    """What was written.

    files  all files, the truth's not counted
    recipients  people on a roll of our county
    planted, near_misses  lines of the two lists beside the sheets
    payments  rows of payments, of a province
    """

    folder: Path
    as_of: date
    files: int
    residents: int
    recipients: int
    planted: int
    near_misses: int
    payments: int | None = None


def simulate(
    folder: Path,
    *,
    scale: str = "township",
    seed: int = 1,
    as_of: date | None = None,
    clean: bool = False,
    progress: Progress | None = None,
) -> SimulationReport:
    """Writes the spreadsheets of a fictitious county into a folder (made if missing).

    scale  village, township (three townships) or county; seed  same seed and day, same bytes; as_of  default today;
    clean  tidy sheets. Beside them: `truth.csv`, `near-misses.csv` and `mingcha-params.yaml`.
    Raises UsageError for an unknown scale; a province is another matter (``simulate_province``).
    """
    if scale not in SCALES:
        raise UsageError(f"没有“{scale}”这个规模。", remedy="请从 village、township、county 中选择。")
    told = progress or Silent()
    townships = _chosen(scale)
    names = [township.name for township in townships]
    setting = _setting(scale, seed, as_of or today(), clean, names)
    folder.mkdir(parents=True, exist_ok=True)
    records = Records()
    files = 0
    residents = 0
    maker = Maker()
    for order, township in enumerate(townships):
        residents += _make_township(folder, setting, maker, township, records, order)
        files += 1
        told.step(_BUILD, order + 1, len(townships), township.name)
    county_ledgers(setting, records, names)
    desk = Desk(setting, records, names, protected_numbers(records))
    files += _write_offices(folder, desk, told)
    recipients = _recipients(records)
    _write_truth(folder, records)
    (folder / "mingcha-params.yaml").write_bytes(PARAMS.encode())
    return SimulationReport(
        folder, setting.as_of, files, residents, recipients, len(records.truth.hits), len(records.truth.misses)
    )


def _chosen(scale: str) -> list[Township]:
    wanted = SCALES[scale].townships
    found = load_townships()
    if wanted is None:
        return found
    by_name = {township.name: township for township in found}
    return [by_name[name] for name in wanted]


def _setting(scale: str, seed: int, as_of: date, clean: bool, names: Sequence[str]) -> Setting:
    """Which townships pay too little and which have their tiers upside down: one of some eight each."""
    real = [name for name in names if name != LOCAL_UNIT]
    low = frozenset(real[2::8] or real[:1])
    mixed = frozenset(real[1::8] or real[:1])
    return Setting(seed, as_of, scale, clean, low, mixed)


def _make_township(
    folder: Path, setting: Setting, maker: Maker, township: Township, records: Records, order: int
) -> int:
    ground = build_township(setting, maker, township, records, order)
    plant_all(ground)
    if order == 0:
        neighbours(ground, _NEIGHBOURS if setting.scale != "village" else _NEIGHBOURS // 6)
    settle_ledgers(ground)
    write_register(folder, setting, township.name, ground.houses, order, protected_numbers(records))
    _keep_bystanders(ground.pools.get("couple", []) + ground.pools.get("elders", []), records)
    return sum(len(house.members) for house in ground.houses)


def _keep_bystanders(houses: Sequence[House], records: Records) -> None:
    """People in no programme, for the lists of departments that are not about aid."""
    for house in houses[::2]:
        records.bystanders.extend(house.members)


def _write_offices(folder: Path, desk: Desk, told: Progress) -> int:
    files = 0
    for place, office in enumerate(OFFICES, start=1):
        for book in office(desk):
            write_book(book, folder, stream(desk.setting.seed, "hand", book.path))
            files += 1
            told.step(_WRITE, place, len(OFFICES), book.path)
    return files + sum(1 for _ in write_strays(desk, folder))


def _recipients(records: Records) -> int:
    numbers = {member.person.number for dibao in records.dibao for member in dibao.insured}
    numbers.update(tekun.person.number for tekun in records.tekun)
    numbers.update(child.person.number for child in records.children)
    numbers.update(subsidy.person.number for subsidy in records.subsidies)
    numbers.update(person.number for house in records.near_poor for person, _ in house.members)
    return len(numbers)


def _write_truth(folder: Path, records: Records) -> None:
    hits = sorted(records.truth.hits)
    _write_lines(folder / "truth.csv", ("rule_id", "id_number", "period"), hits)
    _write_lines(folder / "near-misses.csv", ("rule_id", "id_number", "why"), sorted(records.truth.misses))


def _write_lines(path: Path, header: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    path.write_bytes(buffer.getvalue().encode())
