"""The benchmark measures the whole job and says what it could not measure; how fast it is, is not asserted."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from mingcha.bench import bench, tasks
from mingcha.bench.child import TooLong, _TreeWatch, measured
from mingcha.bench.measure import PARTS
from mingcha.bench.page import page
from mingcha.bench.targets import TARGETS, table
from mingcha.errors import UsageError


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that nobody has made yet."""
    return tmp_path_factory.mktemp("bench") / "there" / "not yet"


@pytest.fixture(scope="module")
def figures(place: Path) -> dict[str, Any]:
    parts = [part for part in PARTS if part != "plain"]
    found: dict[str, Any] = json.loads(json.dumps(bench("village", parts=parts, place=place)))
    return found


def test_what_was_made_meanwhile_is_gone(figures: dict[str, Any], place: Path) -> None:
    assert figures["first"]["rows"] > 0
    assert list(place.iterdir()) == []


def test_every_part_of_a_village_is_measured(figures: dict[str, Any]) -> None:
    assert figures["not_measured"] == {}
    assert figures["first"]["rows"] > 1000
    assert figures["first"]["findings"] > 0
    assert figures["again"]["states"].keys() == {"cached"}
    assert figures["again"]["changed_file"]
    assert figures["intake"]["xlsx"]["rows"] == figures["intake"]["csv"]["rows"] > 1000
    for form in ("xlsx", "csv", "payments"):
        each = figures["intake"][form]
        assert sorted(each["runs"])[1] == each["rows_a_second"]
    assert figures["rules"]["findings"] == figures["first"]["findings"]
    assert figures["rules"]["skipped"] == {}
    assert [each["times"] for each in figures["growth"]] == [1, 4, 16]
    assert figures["growth"][0]["rows"] < figures["growth"][2]["rows"]
    assert figures["province"]["rules"]["rows"] > 1000


def test_other_ways_do_the_same_work(figures: dict[str, Any]) -> None:
    assert all(rule["same"] and rule["found"] for rule in figures["polars"]["rules"].values())
    assert figures["office"]["both"] > 0


def test_the_page_says_what_the_figures_say(figures: dict[str, Any]) -> None:
    text = page(figures, "## Why\n\nSomething.")
    for row in figures["table"]:
        assert f"| {row['what']} |" in text
    assert "| against one plain SQL query a rule | not measured |" in text
    assert "## Why" in text
    assert "## A province" in text
    assert f"a register as one .csv {figures['intake']['csv']['runs'][0]:,}, " in text


def test_plain_queries_are_timed_rule_by_rule(tmp_path: Path) -> None:
    folder, workspace = str(tmp_path / "county"), str(tmp_path / "workspace")
    tasks.simulate(folder, "village")
    tasks.compare(folder, workspace, str(tmp_path / "out"))
    found = tasks.plain(workspace, f"{folder}/mingcha-params.yaml", ["R08", "R12"])
    assert found["rule_seconds"].keys() == {"R08", "R12"}
    assert all(0 < seconds < found["bound"] for seconds in found["rule_seconds"].values())
    assert found["stopped"] == []


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell")
def test_memory_of_all_processes_is_added_up() -> None:
    holds = "import subprocess, sys; held = b'1' * (64 << 20); "
    inner = f"{holds} print(flush=True); sys.stdin.read()"
    outer = f"{holds} subprocess.run([sys.executable, '-c', {inner!r}])"
    with subprocess.Popen([sys.executable, "-c", outer], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # both hold what they hold
        with _TreeWatch(process.pid) as watch:
            deadline = time.monotonic() + 60
            while watch.peak_mib is None and time.monotonic() < deadline:
                time.sleep(0.05)
        process.communicate()
    assert watch.peak_mib is not None
    assert 128 <= watch.peak_mib < 256


def test_a_measurement_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(TooLong, match="已停止"):
        measured("simulate", within=0.05, folder=str(tmp_path / "county"), scale="village")


def test_a_promise_is_kept_or_lacking_by_its_bounds() -> None:
    good = {"rules": {"scans": 1.9, "seconds": 0.9}, "intake": {"csv": {"rows_a_second": 160_000}}}
    rows = {row["what"]: row for row in table(good)}
    pack = rows["all rules on county snapshots, findings written"]
    assert (pack["holds_must"], pack["holds_aim"]) == (True, True)
    csv = rows["CSV the same way"]
    assert (csv["holds_must"], csv["holds_aim"]) == (True, False)
    slow = {row["what"]: row for row in table({"rules": {"scans": 1.9, "seconds": 3.0}})}
    assert slow["all rules on county snapshots, findings written"]["holds_aim"] is False
    assert slow["CSV the same way"]["holds_must"] is None
    assert len(rows) == len(TARGETS)


@pytest.mark.parametrize(("scale", "parts"), [("planet", ()), ("village", ("weather",))])
def test_what_is_unknown_is_refused(scale: str, parts: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        bench(scale, parts=parts)
