"""The fictitious county: what it promises to those who compare it."""

from __future__ import annotations

import csv
import hashlib
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from dbfread import DBF
from python_calamine import CalamineWorkbook

from mingcha.errors import UsageError
from mingcha.rules import load_rulebook
from mingcha.simulate import SimulationReport, simulate
from mingcha.simulate.plant import PLANTS

AS_OF = date(2026, 3, 20)
LISTED = list(PLANTS)
_RULES = load_rulebook().rules
#: what the truth names otherwise than by an identity number: the township, or the text of the unit or item
_NO_NUMBER = {"R05", *(rule for rule in LISTED if _RULES[rule].subject in {"township", "unit", "item"})}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_valid(number: str) -> bool:
    """Check digit and date, worked out here once more."""
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1]


def digest(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def lines(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def sheets(folder: Path) -> Iterator[tuple[str, str, list[list[object]]]]:
    for path in sorted(folder.rglob("*.xlsx")):
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            yield path.relative_to(folder).as_posix(), name, book.get_sheet_by_name(name).to_python()


@pytest.fixture(scope="module")
def township(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SimulationReport]:
    folder = tmp_path_factory.mktemp("township")
    return folder, simulate(folder, scale="township", seed=7, as_of=AS_OF)


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("village")
    simulate(folder, scale="village", seed=3, as_of=AS_OF)
    return folder


def test_same_seed_gives_same_bytes(village: Path, tmp_path: Path) -> None:
    simulate(tmp_path, scale="village", seed=3, as_of=AS_OF)
    assert digest(tmp_path) == digest(village)


def test_same_bytes_in_another_process_with_another_hash_seed(village: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import date; from pathlib import Path; from mingcha.simulate import simulate; "
        "simulate(Path(sys.argv[1]), scale='village', seed=3, as_of=date(2026, 3, 20))"
    )
    environment = {"PYTHONHASHSEED": "12345", "PYTHONPATH": str(Path(simulate.__code__.co_filename).parents[2])}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, env=environment)
    assert digest(tmp_path) == digest(village)


def test_another_seed_gives_other_people(village: Path, tmp_path: Path) -> None:
    simulate(tmp_path, scale="village", seed=4, as_of=AS_OF)
    assert (tmp_path / "truth.csv").read_bytes() != (village / "truth.csv").read_bytes()


@pytest.mark.parametrize("rule", LISTED)
def test_township_scale_plants_every_rule_beside_near_misses(
    township: tuple[Path, SimulationReport], rule: str
) -> None:
    folder, _ = township
    assert any(line["rule_id"] == rule for line in lines(folder / "truth.csv"))
    if rule != "R09":  # the rule notes name no near miss for it
        assert any(line["rule_id"] == rule for line in lines(folder / "near-misses.csv"))


def test_every_rule_is_planted() -> None:
    assert set(PLANTS) == set(_RULES)


def test_village_scale_plants_every_rule(village: Path) -> None:
    planted = {line["rule_id"] for line in lines(village / "truth.csv")}
    assert planted == set(LISTED)


def test_planted_cases_are_distinct_and_no_near_misses(township: tuple[Path, SimulationReport]) -> None:
    folder, report = township
    hits = [(line["rule_id"], line["id_number"]) for line in lines(folder / "truth.csv")]
    misses = [(line["rule_id"], line["id_number"]) for line in lines(folder / "near-misses.csv")]
    assert len(hits) == report.planted
    assert [hit for hit, count in Counter(hits).items() if count > 1] == []
    assert set(hits) & set(misses) == set()


def test_numbers_in_truth_are_valid_unless_planted_bad(township: tuple[Path, SimulationReport]) -> None:
    folder, _ = township
    people = [line for line in lines(folder / "truth.csv") if line["rule_id"] not in _NO_NUMBER]
    assert [line for line in people if not is_valid(line["id_number"])] == []
    damaged = [
        line for line in lines(folder / "truth.csv") if line["rule_id"] == "R05" and not is_valid(line["id_number"])
    ]
    assert damaged


def test_register_numbers_are_valid_unique_and_agree_with_sex(township: tuple[Path, SimulationReport]) -> None:
    folder, report = township
    rows = lines_of_register(folder / "公安局" / "户籍" / "会亭镇户籍人口.csv")
    sound = [row for row in rows if is_valid(row["公民身份号码"])]
    numbers = [row["公民身份号码"] for row in sound]
    assert len(numbers) == len(set(numbers)) > 20_000
    assert len(sound) > 0.995 * len(rows)  # some did not survive the export
    assert all((int(row["公民身份号码"][16]) % 2 == 1) == (row["性别"] == "男") for row in sound)
    assert report.residents > 100_000


def lines_of_register(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_population_is_roughly_as_the_census_has_it(township: tuple[Path, SimulationReport]) -> None:
    folder, report = township
    rows = lines_of_register(folder / "公安局" / "户籍" / "会亭镇户籍人口.csv")
    households = len({row["户号"] for row in rows})
    assert 2.5 < len(rows) / households < 3.1
    ages = [AS_OF.year - int(row["出生日期"][:4]) for row in rows]
    assert 0.16 < sum(age >= 60 for age in ages) / len(ages) < 0.28
    assert 0.15 < sum(age < 15 for age in ages) / len(ages) < 0.3
    assert 5_000 < report.recipients < 7_500
    old = [row for row in rows if int(row["出生日期"][:4]) < 1997]
    assert sum(row["公民身份号码"].startswith("412326") for row in old) / len(old) > 0.9
    names = Counter(row["姓名"] for row in rows)
    assert 0.1 < 1 - len(names) / len(rows) < 0.5


def test_dibao_roll_is_shaped_as_elsewhere(township: tuple[Path, SimulationReport]) -> None:
    folder, _ = township
    book = CalamineWorkbook.from_path(folder / "民政局" / "低保" / "2026年3月农村低保人员名册.xlsx")
    genders: Counter[str] = Counter()
    for name in book.sheet_names:
        if name != "封面":
            genders.update(
                str(cell) for row in book.get_sheet_by_name(name).to_python() for cell in row if cell in {"男", "女"}
            )
    assert genders.total() > 1_000
    assert 0.35 < genders["女"] / genders.total() < 0.5


def test_phones_and_accounts_lie_outside_real_ranges(township: tuple[Path, SimulationReport]) -> None:
    folder, _ = township
    phones: set[str] = set()
    accounts: set[str] = set()
    for _, _, rows in sheets(folder):
        for row in rows:
            for cell in row:
                text = str(cell)
                if re.fullmatch(r"1\d{10}", text):
                    phones.add(text)
                elif re.fullmatch(r"\d{19}", text):
                    accounts.add(text)
    assert accounts
    assert [phone for phone in phones if not phone.startswith("100")] == []
    assert [account for account in accounts if not account.startswith("99")] == []


def test_clean_mode_has_no_extra_rows_or_files(tmp_path: Path) -> None:
    simulate(tmp_path, scale="village", seed=3, as_of=AS_OF, clean=True)
    found = list(sheets(tmp_path))
    assert found
    for file, name, rows in found:
        words = {str(cell).strip() for row in rows for cell in row}
        assert not words & {"合计", "小计", "注：", "封面"}, (file, name)
        assert name == name.strip()
    assert not list(tmp_path.rglob("*.docx"))
    assert not list(tmp_path.rglob("*副本*"))


def test_untidy_mode_has_each_kind_of_untidiness(township: tuple[Path, SimulationReport]) -> None:
    folder, _ = township
    cells = Counter[str]()
    for _, name, rows in sheets(folder):
        cells["sheet name with blank"] += name != name.strip()
        for row in rows:
            first = str(row[0]).strip() if row else ""
            cells["total"] += first in {"合计", "小计"}
            cells["padded"] += sum(
                isinstance(cell, str) and re.fullmatch(r"[一-龥]　[一-龥]", cell) is not None for cell in row
            )
            cells["wide digits"] += sum(isinstance(cell, str) and "１" in cell for cell in row)
            cells["lost tail"] += sum(isinstance(cell, float) and cell > 1e17 for cell in row)
    assert {kind for kind, count in cells.items() if count == 0} == set()


def test_all_containers_are_there(township: tuple[Path, SimulationReport]) -> None:
    folder, report = township
    starts = {path.name: path.read_bytes()[:200] for path in folder.rglob("*") if path.is_file()}
    assert any(name.endswith(".xls") and b"<html" in start for name, start in starts.items())
    assert any(name.endswith(".xls") and b"mso-application" in start for name, start in starts.items())
    assert any(name.endswith(".csv") and start.startswith(b"\xef\xbb\xbf") for name, start in starts.items())
    gbk = (folder / "公安局" / "死亡注销人员名单.csv").read_bytes()
    assert "公民身份号码" in gbk.decode("gb18030")
    dbf = list(DBF(folder / "财政局" / "银行回盘" / "GLJT01.DBF", encoding="gb18030"))
    assert dbf
    assert set(dbf[0]) == {"户名", "账号", "金额", "交易状态", "项目名称", "所属月份"}
    assert any(name.endswith(".xls") and start.startswith(b"\xd0\xcf\x11\xe0") for name, start in starts.items())
    assert any(name.endswith(".ods") and b"oasis.opendocument.spreadsheet" in start for name, start in starts.items())
    assert report.files == len(starts) - 3  # truth, near misses and parameters are not sheets of an office


@pytest.mark.parametrize(
    ("file", "first", "merged"),
    [("交警大队/机动车登记信息.xls", "机动车所有人", True), ("住建局/不动产登记信息.ods", "权利人", False)],
)
def test_own_writers_are_read_by_others(
    township: tuple[Path, SimulationReport], file: str, first: str, merged: bool
) -> None:
    sheet = CalamineWorkbook.from_path(township[0] / file).get_sheet_by_index(0)
    rows = sheet.to_python()
    header = next(row for row in rows if any(first in str(cell).replace("\n", "") for cell in row))
    assert len([cell for cell in header if cell]) >= 8
    assert len(rows) > 100
    if merged:
        assert sheet.merged_cell_ranges


def test_other_departments_lists_have_damaged_masked_and_missing_numbers(
    township: tuple[Path, SimulationReport],
) -> None:
    folder, _ = township
    pensions = next((folder / "人社局").glob("城乡居保*.csv"))
    rows = list(csv.DictReader(pensions.read_text(encoding="utf-8-sig").splitlines()))
    numbers = [row["身份证号"] or "" for row in rows]
    assert any("E+17" in number for number in numbers)
    assert any(re.fullmatch(r"\d{6}\*{8}.{4}", number) for number in numbers)
    assert any(re.fullmatch(r"\d{17}[\dX]", number) and not is_valid(number) for number in numbers)
    assert any(number in {"", "无", "不详"} for number in numbers)
    assert any(not row["姓名"] for row in rows)
    odd = sum(not is_valid(number) for number in numbers)
    assert 0.005 < odd / len(rows) < 0.06


def test_rows_of_planted_people_are_never_spoilt(township: tuple[Path, SimulationReport]) -> None:
    folder, _ = township
    listed = {
        line["id_number"]
        for file in ("truth.csv", "near-misses.csv")
        for line in lines(folder / file)
        if is_valid(line["id_number"])
    }
    register: set[str] = set()
    for path in (folder / "公安局" / "户籍").glob("*.csv"):
        data = path.read_bytes()
        text = data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "gb18030")
        for row in csv.reader(text.splitlines()):
            register.update(row[1:2])
    dead = (folder / "公安局" / "死亡注销人员名单.csv").read_bytes().decode("gb18030")
    missing = {number for number in listed - register if number not in dead}
    # people of other counties and those whom the roll alone has are on no register
    assert len(missing) <= 0.1 * len(listed)


def test_clean_sheets_have_nothing_spoilt(tmp_path: Path) -> None:
    simulate(tmp_path, scale="village", seed=3, as_of=AS_OF, clean=True)
    pensions = next((tmp_path / "人社局").glob("城乡居保*.csv"))
    rows = list(csv.DictReader(pensions.read_text(encoding="utf-8-sig").splitlines()))
    assert all(is_valid(row["身份证号"]) and row["姓名"] for row in rows)


def test_headers_of_two_and_three_levels_are_merged(township: tuple[Path, SimulationReport]) -> None:
    book = CalamineWorkbook.from_path(township[0] / "民政局" / "特困" / "2026年3月特困人员名册.xlsx")
    sheet = book.get_sheet_by_name("桑堌乡")
    heads = [row for row in sheet.to_python()[:6] if "救助供养金" in row or "其中" in row]
    assert len(heads) == 2
    assert sheet.merged_cell_ranges


def test_archives_carry_no_time(township: tuple[Path, SimulationReport]) -> None:
    folder, _ = township
    for path in folder.rglob("*.xlsx"):
        with ZipFile(path) as archive:
            assert {info.date_time for info in archive.infolist()} == {(2020, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("scale", ["province", "planet"])
def test_unknown_scale_is_refused_clearly(tmp_path: Path, scale: str) -> None:
    with pytest.raises(UsageError, match="规模"):
        simulate(tmp_path / "x", scale=scale, as_of=AS_OF)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("as_of", [date(2024, 2, 29), date(2025, 1, 1), date(2026, 5, 31), date(2023, 6, 22)])
def test_any_day_can_be_simulated(tmp_path: Path, as_of: date) -> None:
    report = simulate(tmp_path, scale="village", seed=1, as_of=as_of)
    assert {line["rule_id"] for line in lines(tmp_path / "truth.csv")} == set(LISTED)
    assert report.as_of == as_of


def test_village_scale_is_fast(tmp_path: Path) -> None:
    start = time.process_time()
    simulate(tmp_path, scale="village", seed=9, as_of=AS_OF)
    assert time.process_time() - start < 3


def test_parameters_say_they_are_fictitious(village: Path) -> None:
    assert "虚构示例，不得用于工作" in (village / "mingcha-params.yaml").read_text(encoding="utf-8")
