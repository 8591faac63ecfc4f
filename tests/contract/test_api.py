"""What the workbench stands on: files read once, compared by delivery, rows opened beside a run."""

from __future__ import annotations

import io
import json
import threading
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from mingcha import api
from mingcha.errors import UsageError
from tests.contract.county import AS_OF, DEAD, write_county

DAY = date.fromisoformat(AS_OF)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[api.DeliveredFile]]:
    """A workspace that has read the county; the files themselves are gone."""
    place = tmp_path_factory.mktemp("api")
    folder = write_county(place / "county")
    delivered = api.take_in(folder, place / "w")
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    return place / "w", delivered


def test_a_wrong_mapping_file_ends_the_run_though_the_first_file_is_being_read(tmp_path: Path) -> None:
    folder = write_county(tmp_path / "county")
    (folder / "mingcha-mapping.yaml").write_text("dataset: hukou\n", encoding="utf-8")
    before = set(threading.enumerate())
    with pytest.raises(UsageError, match="应为一个列表"):
        api.take_in(folder, tmp_path / "w")
    assert set(threading.enumerate()) <= before
    assert list((tmp_path / "w" / "staging").iterdir()) == []
    (folder / "mingcha-mapping.yaml").unlink()
    assert api.take_in(folder, tmp_path / "w")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        api.take_in(tmp_path / "nowhere", tmp_path / "w")


def keys_of(delivered: list[api.DeliveredFile]) -> list[str]:
    return [each.key for each in delivered if each.key]


def test_deliveries_are_compared_without_their_files(workspace: tuple[Path, list[api.DeliveredFile]]) -> None:
    place, delivered = workspace
    result = api.compare_deliveries(place, keys_of(delivered), as_of=DAY)
    found = set(result.findings["rule_id"].to_pylist())
    assert {"R01", "R02", "R08"} <= found
    assert result.links.num_rows == result.findings.num_rows
    without = [each.key for each in delivered if each.key and "火化" not in each.file]
    assert "R01" not in api.compare_deliveries(place, without, as_of=DAY).findings["rule_id"].to_pylist()


def test_a_finding_opens_its_rows_and_its_number(workspace: tuple[Path, list[api.DeliveredFile]]) -> None:
    place, delivered = workspace
    keys = keys_of(delivered)
    result = api.compare_deliveries(place, keys, as_of=DAY, rules=["R01"])
    (finding,) = result.findings.to_pylist()
    rows = api.source_rows(place, keys, json.loads(finding["evidence"]))
    assert all(rows)
    shown = " ".join(cell.text for row in rows for cell in row)
    assert DEAD not in shown
    assert f"{DEAD[:6]}********{DEAD[-4:]}" in shown
    (link,) = result.links.to_pylist()
    assert api.reveal_number(place, link["person_key"]) == DEAD
    assert api.reveal_number(place, 1) is None


def test_the_same_person_has_one_id_and_unchanged_facts_one_digest(
    workspace: tuple[Path, list[api.DeliveredFile]],
) -> None:
    place, delivered = workspace
    keys = keys_of(delivered)
    first, second = (
        {row["finding_id"]: (row["person_id"], row["facts"]) for row in result.links.to_pylist()}
        for result in (api.compare_deliveries(place, keys, as_of=DAY) for _ in range(2))
    )
    assert first == second


def test_refused_rows_are_told_without_numbers(workspace: tuple[Path, list[api.DeliveredFile]]) -> None:
    place, delivered = workspace
    rows = api.rejected_rows(place, keys_of(delivered)).to_pylist()
    assert [row["row"] for row in rows if row["outcome"] == "rejected"] == [6]
    assert DEAD not in str(rows)


@pytest.mark.parametrize("dataset", list(api.datasets()))
def test_a_blank_template_is_recognised_as_what_it_is(dataset: str, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(api.blank_template(dataset)))
    assert len(book.worksheets) == 2
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"{dataset}.xlsx").write_bytes(api.blank_template(dataset))
    (read,) = api.take_in(tmp_path / "in", tmp_path / "w")
    assert [sheet["dataset"] for sheet in read.sheets if sheet["dataset"]] == [dataset]
