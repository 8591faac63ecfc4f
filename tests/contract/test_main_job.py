"""The promises of the command line, kept by the real program on real files."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest

from tests.contract.county import ACCOUNT, ALIVE, AS_OF, DEAD, TWICE, write_book, write_county

COLUMNS = (
    "finding_id,rule_id,severity,subject_kind,id_number,name,household_id,township,village,period,amount,confidence,"
    "summary,evidence"
)


def mingcha(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mingcha", *map(str, arguments)]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, env=environment, check=False
    )


def findings_in(out: Path) -> list[dict[str, str]]:
    with (out / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_county(tmp_path_factory.mktemp("county"))
    done = mingcha("compare", folder, "--as-of", AS_OF)
    assert done.returncode == 0, done.stderr
    return folder


def test_writes_every_promised_file(compared: Path) -> None:
    names = {path.name for path in (compared / "mingcha-out").iterdir()}
    assert names == {"findings.csv", "findings.xlsx", "report.html", "intake.json", "rejected.csv"}


def test_findings_have_the_promised_columns_and_a_bom(compared: Path) -> None:
    raw = (compared / "mingcha-out" / "findings.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").splitlines()[0] == COLUMNS


def test_finds_what_is_there_and_nothing_else(compared: Path) -> None:
    found = {(row["rule_id"], row["name"]) for row in findings_in(compared / "mingcha-out")}
    assert {("R01", "王亡"), ("R02", "王亡"), ("R08", "赵两头")} <= found
    assert not {rule for rule, name in found if name == "李在世"}


def test_numbers_are_masked_unless_revealed(compared: Path, tmp_path: Path) -> None:
    masked = findings_in(compared / "mingcha-out")
    assert all(row["id_number"][6:14] == "********" for row in masked)
    for path in (compared / "mingcha-out").iterdir():
        data = path.read_bytes()
        assert not any(number.encode() in data for number in (DEAD, ALIVE, TWICE)), path.name
    assert mingcha("compare", compared, "--as-of", AS_OF, "--out", tmp_path, "--reveal").returncode == 0
    assert {row["id_number"] for row in findings_in(tmp_path)} >= {DEAD, TWICE}


def test_evidence_opens_the_source_rows(compared: Path) -> None:
    row = next(row for row in findings_in(compared / "mingcha-out") if row["rule_id"] == "R02")
    places = [(each["dataset"], each["file"], each["row"]) for each in json.loads(row["evidence"])]
    assert ("payment", "发放.csv", 2) in places
    assert ("funeral", "火化名单.csv", 2) in places
    assert (row["period"], Decimal(row["amount"])) == ("2023-03", Decimal("1260.50"))


def test_every_sheet_balances(compared: Path) -> None:
    report = json.loads((compared / "mingcha-out" / "intake.json").read_text(encoding="utf-8"))
    sheets = {sheet["file"]: sheet for sheet in report["sheets"]}
    assert {sheet["dataset"] for sheet in sheets.values()} >= {"dibao_member", "tekun_person", "funeral", "payment"}
    for sheet in sheets.values():
        assert sheet["read"] == sheet["accepted"] + sheet["doubtful"] + sheet["rejected"], sheet["file"]
    member = sheets["民政/低保人员2023年6月.xlsx"]
    assert (member["read"], member["accepted"], member["rejected"]) == (4, 3, 1)
    with (compared / "mingcha-out" / "rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        rejected = [row for row in csv.DictReader(file) if row["outcome"] == "rejected"]
    assert {(row["file"], row["row"]) for row in rejected} == {("民政/低保人员2023年6月.xlsx", "6")}


def test_the_same_finding_has_the_same_id_on_every_run(compared: Path, tmp_path: Path) -> None:
    first = {row["finding_id"] for row in findings_in(compared / "mingcha-out")}
    for out, workspace in (("o1", "w1"), ("o2", "w1"), ("o3", "w2")):
        done = mingcha(
            "compare", compared, "--as-of", AS_OF, "--out", tmp_path / out, "--workspace", tmp_path / workspace
        )
        assert done.returncode == 0, done.stderr
        assert {row["finding_id"] for row in findings_in(tmp_path / out)} == first
    assert (tmp_path / "o1" / "findings.csv").read_bytes() == (tmp_path / "o2" / "findings.csv").read_bytes()


def test_the_workspace_holds_no_number_in_clear(compared: Path, tmp_path: Path) -> None:
    mingcha("compare", compared, "--as-of", AS_OF, "--out", tmp_path / "out", "--workspace", tmp_path / "w")
    held = [path for path in (tmp_path / "w").rglob("*") if path.is_file()]
    assert len(held) > 10
    for path in held:
        data = path.read_bytes()
        for number in (DEAD, ALIVE, TWICE, ACCOUNT):
            assert number.encode() not in data, path.name


def test_a_changed_file_is_read_again_the_others_are_not(compared: Path, tmp_path: Path) -> None:
    folder = write_county(tmp_path / "county")
    mingcha("compare", folder, "--as-of", AS_OF, "--workspace", tmp_path / "w")
    lake = {path.name for path in (tmp_path / "w" / "lake").rglob("*.parquet")}
    text = (folder / "火化名单.csv").read_bytes().decode("gb18030").replace("2023-01-05", "2023-06-01")
    (folder / "火化名单.csv").write_bytes(text.encode("gb18030"))
    assert mingcha("compare", folder, "--as-of", AS_OF, "--workspace", tmp_path / "w").returncode == 0
    found = {row["rule_id"] for row in findings_in(folder / "mingcha-out")}
    assert not found & {"R01", "R02"}
    now = {path.name for path in (tmp_path / "w" / "lake").rglob("*.parquet")}
    assert lake < now
    assert len(now - lake) == 1, "only the changed file became a new snapshot; the earlier ones stay"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["compare", "没有这个文件夹"], 2), (["compare"], 2), (["compare", ".", "--as-of", "昨天"], 2), (["nonsense"], 2)],
)
def test_wrong_calls_say_so_and_end_with_2(tmp_path: Path, arguments: list[str], status: int) -> None:
    done = mingcha(*arguments, cwd=tmp_path)
    assert done.returncode == status
    assert any("一" <= sign <= "鿿" for sign in done.stderr), "a Chinese sentence"
    assert "Traceback" not in done.stderr


def test_a_folder_of_nothing_ends_with_3(tmp_path: Path) -> None:
    (tmp_path / "说明.docx").write_bytes(b"x")
    done = mingcha("compare", tmp_path, "--as-of", AS_OF)
    assert done.returncode == 3
    assert not (tmp_path / "mingcha-out").exists()


def test_unknown_rules_and_parameters_are_named(compared: Path, tmp_path: Path) -> None:
    assert "R99" in mingcha("compare", compared, "--rules", "R99", "--out", tmp_path).stderr
    params = tmp_path / "p.yaml"
    params.write_text("PL-1: 3\n", encoding="utf-8")
    done = mingcha("compare", compared, "--params", params, "--out", tmp_path / "o")
    assert done.returncode == 2
    assert "最接近的是 PL-" in done.stderr


def test_chosen_rules_alone_run(compared: Path, tmp_path: Path) -> None:
    mingcha("compare", compared, "--as-of", AS_OF, "--rules", "R08", "--out", tmp_path)
    assert {row["rule_id"] for row in findings_in(tmp_path)} == {"R08"}


def test_a_parameter_moves_the_limit(compared: Path, tmp_path: Path) -> None:
    params = tmp_path / "p.yaml"
    params.write_text("PL-01: 6\n", encoding="utf-8")
    mingcha("compare", compared, "--as-of", AS_OF, "--params", params, "--out", tmp_path / "o")
    assert "R01" not in {row["rule_id"] for row in findings_in(tmp_path / "o")}


def test_a_mapping_beside_the_files_is_obeyed_and_remembered(tmp_path: Path) -> None:
    folder = tmp_path / "county"
    write_county(folder)
    rows = [["甲栏", "乙栏", "丙栏"], ["王亡", DEAD, "2022-12-01"], ["某某", ALIVE[:-1] + "?", "2022-12-01"]]
    write_book(folder / "怪表.xlsx", rows)
    mapping = "- file: 怪表.xlsx\n  dataset: death_cancel\n  columns: {甲栏: name, 乙栏: id_no, 丙栏: death_date}\n"
    (folder / "mingcha-mapping.yaml").write_text(mapping, encoding="utf-8")
    work = ["--as-of", AS_OF, "--workspace", tmp_path / "w"]
    assert mingcha("compare", folder, *work).returncode == 0
    report = json.loads((folder / "mingcha-out" / "intake.json").read_text(encoding="utf-8"))
    assert {s["dataset"] for s in report["sheets"] if s["file"] == "怪表.xlsx"} == {"death_cancel"}
    (folder / "mingcha-mapping.yaml").unlink()
    (folder / "怪表.xlsx").rename(folder / "又一张怪表.xlsx")
    assert mingcha("compare", folder, *work).returncode == 0
    report = json.loads((folder / "mingcha-out" / "intake.json").read_text(encoding="utf-8"))
    assert {s["dataset"] for s in report["sheets"] if s["file"] == "又一张怪表.xlsx"} == {"death_cancel"}


def test_rules_and_explain_speak(tmp_path: Path) -> None:
    entries = json.loads(mingcha("rules", "--json").stdout)
    first = next(entry for entry in entries if entry["id"] == "R01")
    assert first["title"] == "死亡未退出"
    assert "PL-01" in str(first["parameters"])
    text = mingcha("explain", "r01").stdout
    assert "死亡" in text
    assert "误报" in text
    assert mingcha("explain", "R99").returncode == 2


_OWN_RULE = """/* ---
id: X01
title: 在册特困人员
version: 1
status: trial
severity: blue
clauses: [C22]
law: [本县办法]
subject: person
identity: exact
needs: [tekun_person]
reads: [aid_person]
finds: 在册特困人员。
summary: "{name}是在册特困人员。"
false_hits: [名册未更新]
verify: [核对名册]
--- */
SELECT aid.person_key, aid.name, aid.row_id AS ev_roll
FROM aid_person AS aid
WHERE aid.program = 'TK' AND aid.is_active
"""


def test_a_countys_own_rules_are_checked_tried_and_run(tmp_path: Path) -> None:
    folder = write_county(tmp_path / "county")
    path = folder / "mingcha-rules" / "own" / "X01_tekun.sql"
    path.parent.mkdir(parents=True)
    path.write_text(_OWN_RULE.replace("is_active", "is_actve"), encoding="utf-8")
    wrong = mingcha("rules", "check", folder / "mingcha-rules")
    assert (wrong.returncode, "第20行" in wrong.stdout, "is_actve" in wrong.stdout) == (1, True, True)
    path.write_text(_OWN_RULE, encoding="utf-8")
    assert mingcha("rules", "check", folder / "mingcha-rules").returncode == 0
    tried = mingcha("rules", "try", path, "--on", folder, "--as-of", AS_OF)
    assert tried.returncode == 0, tried.stderr
    assert "会查出 1 条" in tried.stdout
    assert "赵两头是在册特困人员" in tried.stdout
    assert TWICE not in tried.stdout
    assert not (folder / "mingcha-out").exists()
    done = mingcha("compare", folder, "--as-of", AS_OF)
    assert done.returncode == 0, done.stderr
    assert [row["name"] for row in findings_in(folder / "mingcha-out") if row["rule_id"] == "X01"] == ["赵两头"]
    report = json.loads((folder / "mingcha-out" / "intake.json").read_text(encoding="utf-8"))
    assert not any("sql" in str(each) for each in (report["sheets"], report.get("problems")))


def _is_there(folder: Path, pattern: str) -> bool:
    try:
        return any(folder.glob(pattern))
    except FileNotFoundError:  # swept away while it was looked through
        return False


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("once_there", ["staging/*/raw", "staging/*/out/*"])
def test_stopped_in_the_middle_nothing_has_changed(compared: Path, tmp_path: Path, sign: int, once_there: str) -> None:
    workspace, out = tmp_path / "w", tmp_path / "out"
    done = mingcha("compare", compared, "--as-of", AS_OF, "--workspace", workspace, "--out", out, "--rules", "R08")
    assert done.returncode == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    manifest = (workspace / "manifest.json").read_bytes()
    folder = write_county(tmp_path / "county")
    (folder / "火化名单.csv").write_bytes((folder / "火化名单.csv").read_bytes() + b"\n")
    command = [
        sys.executable,
        "-m",
        "mingcha",
        "compare",
        str(folder),
        "--workspace",
        str(workspace),
        "--out",
        str(out),
    ]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while child.poll() is None and not _is_there(workspace, once_there):
        time.sleep(0.01)
    child.send_signal(sign)
    assert child.wait(timeout=120) != 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert (workspace / "manifest.json").read_bytes() == manifest
    done = mingcha("compare", compared, "--as-of", AS_OF, "--workspace", workspace, "--out", out, "--rules", "R08")
    assert done.returncode == 0, done.stderr
    assert not any((workspace / "staging").glob("*"))
