"""A large sheet is typed in stretches, several at once: the snapshot is the one of a sheet typed in one go."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.engine.convert.conftest import KEYS, Sealed
from tests.engine.recognise.sheets import Cell, sheet

from mingcha.intake.convert import Converted, convert, keys
from mingcha.intake.convert import sheet as sheets
from mingcha.intake.converters import Typists
from mingcha.intake.recognise import build_context, plan_sheet, unfold_forms
from mingcha.values.ids import check_digit

HEADER: list[Cell] = ["序号", "姓名", "身份证号码", "死亡日期", "户籍地址"]


def rows_of(count: int) -> list[list[Cell]]:
    """Dead persons; every ninth has no readable number and no name, every seventh a date in another form."""
    rows: list[list[Cell]] = [HEADER]
    for number in range(1, count + 1):
        body = f"41142619{50 + number % 40}0{1 + number % 9}1{number % 10}{number:03d}"[:17]
        is_lost = number % 9 == 0
        day = f"2023年{1 + number % 6}月{1 + number % 28}日" if number % 7 == 0 else f"202301{1 + number % 28:02d}"
        name = None if is_lost else f"王{'甲乙丙丁戊'[number % 5]}"
        rows.append([number, name, None if is_lost else body + check_digit(body), day, f"夏邑县会亭镇第{number % 3}村"])
    return rows


def converted(
    folder: Path, name: str, rows: list[list[Cell]], *, size: int | None, monkeypatch: pytest.MonkeyPatch
) -> tuple[Converted, Path, set[tuple[str, int, str]]]:
    """What became of the sheet, typed in stretches of that size; None: in one go. And what is to be sealed."""
    sealed = Sealed()
    context = build_context(folder, {})
    raw = unfold_forms(sheet(folder, rows, file="死亡名单.xlsx", name="死亡人员"), context)
    plan = plan_sheet(raw, context)[0]
    out = folder / f"{name}.parquet"
    with duckdb.connect() as con, monkeypatch.context() as patch:
        if size is not None:
            patch.setattr(sheets, "CHUNK_ROWS", size)
        typists = Typists(con)
        done = convert(raw, plan, sheet_id=7, keys=KEYS, con=con, out=out, seal=sealed, side_by_side=typists.each)
        typists.close()
    return done, out, set(sealed.rows)


@pytest.mark.parametrize("size", [1, 7, 24, 49])
@pytest.mark.parametrize("repeats", [1, 5], ids=["all new", "the same in every stretch"])
def test_stretches_give_the_same_snapshot(
    tmp_path: Path, size: int, repeats: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "_FEW", 0)
    rows = [HEADER, *rows_of(50 // repeats)[1:] * repeats]
    one, whole, told = converted(tmp_path, "one", rows, size=None, monkeypatch=monkeypatch)
    many, parts, told_again = converted(tmp_path, "many", rows, size=size, monkeypatch=monkeypatch)
    assert one.accepted
    assert one.rejected
    assert one.read == 50
    assert pq.ParquetFile(parts).num_row_groups > 1
    assert pq.read_table(parts).equals(pq.read_table(whole))
    assert many.rejects.equals(one.rejects)
    assert (many.read, many.accepted, many.doubtful, many.rejected) == (
        one.read,
        one.accepted,
        one.doubtful,
        one.rejected,
    )
    assert told_again == told
    assert told


def test_no_word_of_a_refused_row_stays_in_the_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of(12)
    rows[9][4] = "夏邑县会亭镇独一无二村"  # of the row that has neither number nor name
    context = build_context(tmp_path, {})
    raw = unfold_forms(sheet(tmp_path, rows, file="死亡名单.xlsx", name="死亡人员"), context)
    out = tmp_path / "out.parquet"
    with duckdb.connect() as con:
        done = convert(raw, plan_sheet(raw, context)[0], sheet_id=7, keys=KEYS, con=con, out=out, seal=Sealed())
    assert done.rejected == 1
    kept = pq.read_table(out, read_dictionary=["hukou_address"])["hukou_address"].combine_chunks()
    assert isinstance(kept, pa.DictionaryArray)
    assert any("第1村" in word for word in kept.dictionary.to_pylist())
    assert not any("独一无二" in word for word in kept.dictionary.to_pylist())
