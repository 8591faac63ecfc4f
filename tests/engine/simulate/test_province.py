"""The fictitious province: what it promises, at a size that takes seconds."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from mingcha import api
from mingcha.datasets import columns_of, load_catalogue
from mingcha.errors import UsageError
from mingcha.lake import write_province
from mingcha.simulate import SimulationReport
from mingcha.snapshots import Workspace

AS_OF = date(2026, 11, 28)
RESIDENTS = 20_000  # two counties: one pays dibao by household, one by person
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def write(folder: Path, to: str, seed: int = 1) -> SimulationReport:
    return write_province(folder, to=to, residents=RESIDENTS, seed=seed, as_of=AS_OF, progress=None)


def digest(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def lines(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SimulationReport]:
    folder = tmp_path_factory.mktemp("province") / "held"
    return folder, write(folder, "snapshots")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("province") / "written"
    write(folder, "csv")
    return folder


def found_beside(folder: Path, found: api.ComparisonResult) -> tuple[list[object], list[object], list[object]]:
    """(planted and not found, near misses reported, findings nobody planted)."""
    truth, misses = lines(folder / "truth.csv"), lines(folder / "near-misses.csv")
    got = {(row["rule_id"], row["id_number"]): row["period"] or "" for row in found.findings.to_pylist()}
    planted = {(line["rule_id"], line["id_number"]): line["period"] for line in truth}
    missed = [key for key, period in planted.items() if key not in got or (period and got[key] != period)]
    reported = [key for line in misses if (key := (line["rule_id"], line["id_number"])) in got]
    return list(missed), list(reported), [key for key in got if key not in planted]


def test_every_planted_case_is_found_and_nothing_else(held: tuple[Path, SimulationReport]) -> None:
    folder, report = held
    assert report.planted == len(lines(folder / "truth.csv")) > 80
    assert found_beside(folder, api.compare(folder, as_of=AS_OF, reveal=True)) == ([], [], [])


def test_files_give_the_same_findings(written: Path, held: tuple[Path, SimulationReport]) -> None:
    for name in ("truth.csv", "near-misses.csv", "mingcha-params.yaml"):
        assert (written / name).read_bytes() == (held[0] / name).read_bytes()
    assert found_beside(written, api.compare(written, as_of=AS_OF, reveal=True)) == ([], [], [])


def test_same_seed_gives_same_bytes(written: Path, held: tuple[Path, SimulationReport], tmp_path: Path) -> None:
    write(tmp_path / "written", "csv")
    assert digest(tmp_path / "written") == digest(written)
    write(tmp_path / "held", "snapshots")
    assert digest(tmp_path / "held" / "lake") == digest(held[0] / "lake")
    assert (tmp_path / "held" / "manifest.json").read_bytes() == (held[0] / "manifest.json").read_bytes()


def test_another_seed_gives_other_people(written: Path, tmp_path: Path) -> None:
    write(tmp_path, "csv", seed=2)
    assert (tmp_path / "truth.csv").read_bytes() != (written / "truth.csv").read_bytes()


def snapshots(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted((folder / "lake").rglob("*.parquet")):
        yield path.parent.name, path


def test_snapshots_have_the_columns_intake_writes(held: tuple[Path, SimulationReport]) -> None:
    with duckdb.connect() as con:
        for dataset, path in snapshots(held[0]):
            described = con.execute(f"DESCRIBE SELECT * FROM '{path.as_posix()}'").fetchall()
            wanted = [(column.name, column.type) for column in columns_of(load_catalogue().datasets[dataset])]
            assert [(row[0], row[1]) for row in described] == wanted, dataset


def test_snapshots_hold_what_intake_makes_of_the_files(
    written: Path, held: tuple[Path, SimulationReport], tmp_path: Path
) -> None:
    """The same rows, read from the CSV files, keys made in the same way: equal but for the number of the sheet."""
    with Workspace(tmp_path / "read") as space:
        space.turn_persons_in_sql()
    api.take_in(written, tmp_path / "read")
    place = "row_id & ((1::BIGINT << 38) - 1) AS row_id"
    where = f"REPLACE ({place})"
    with duckdb.connect() as con:
        for dataset in sorted({name for name, _ in snapshots(held[0])}):
            made, read = (
                f"SELECT * {where} FROM '{folder.as_posix()}/lake/{dataset}/*.parquet' WHERE county_name IS NULL"
                for folder in (held[0], tmp_path / "read")
            )
            found = con.execute(
                f"SELECT count(*) FROM (({made} EXCEPT ALL {read}) UNION ALL ({read} EXCEPT ALL {made}))"
            )
            assert found.fetchall() == [(0,)], dataset


def test_numbers_are_valid_and_given_once(written: Path) -> None:
    numbers = [line["身份证号"] for path in sorted(written.rglob("户籍信息.csv")) for line in lines(path)]
    assert len(numbers) == len(set(numbers)) > 19_000
    for number in numbers[::50]:
        total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
        assert "10X98765432"[total % 11] == number[-1]
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def test_rows_of_the_register_keep_houses_together(held: tuple[Path, SimulationReport]) -> None:
    for path in (path for dataset, path in snapshots(held[0]) if dataset == "hukou"):
        houses = pq.read_table(path, columns=["household_no"])["household_no"].to_pylist()
        assert houses == sorted(houses)


def test_numbers_of_people_in_aid_can_be_shown_those_of_the_register_alone_not(
    held: tuple[Path, SimulationReport],
) -> None:
    folder, _ = held
    with Workspace(folder, is_reader=True) as space, duckdb.connect() as con:
        lake = (folder / "lake").as_posix()
        payee = con.execute(f"SELECT min(person_key) FROM '{lake}/payment/*.parquet'").fetchall()[0][0]
        others = con.execute(f"""
            SELECT person_key FROM '{lake}/hukou/*.parquet' WHERE head_name LIKE '%' ORDER BY person_key LIMIT 400
        """).fetchall()
        shown = space.vault.reveal("person", [payee, *(row[0] for row in others)], space.segments())
    assert payee in shown
    assert len(shown) < 300


def test_twelve_months_of_payments(held: tuple[Path, SimulationReport]) -> None:
    folder, report = held
    with duckdb.connect() as con:
        months = con.execute(f"""
            SELECT count(DISTINCT period), min(period), max(period), count(*)
            FROM '{(folder / "lake").as_posix()}/payment/*.parquet'
        """).fetchall()[0]
    assert months == (12, "2025-11", "2026-10", report.payments)


def test_a_folder_that_holds_data_is_left_alone(held: tuple[Path, SimulationReport]) -> None:
    before = digest(held[0])
    with pytest.raises(UsageError, match="已有数据"):
        write(held[0], "snapshots")
    assert digest(held[0]) == before


def test_size_and_form_are_the_provinces_alone(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="只有省级规模"):
        api.simulate(tmp_path, scale="village", residents=100)
    with pytest.raises(UsageError, match="没有"):
        api.simulate(tmp_path / "other", scale="province", to="paper", residents=100)
