"""Whole folders: what is walked, what is passed over, and children that die, hang or run out of room."""

from __future__ import annotations

import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.engine.containers.container_files import load, texts
from tests.engine.containers.test_container_books import far_book, plain_xls, repacked, roster, saved

from mingcha.errors import MingchaError, UsageError
from mingcha.intake.containers import KnownFile, Limits, read_folder, start_readers
from mingcha.intake.containers.pool import Pool, Task
from mingcha.intake.containers.walk import safe_name
from mingcha.intake.model import FileProblem, RawSheet

CSV = "姓名,乡镇\n张三,城关镇\n"
Found = list[RawSheet | FileProblem | KnownFile]
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")


def put(folder: Path, name: str, content: bytes | str = CSV) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "材料"
    path.mkdir()
    return path


def run(folder: Path, **options: Any) -> Found:
    return list(read_folder(folder, folder.parent / "staging", **options))


def outcomes(found: Found) -> dict[str, str]:
    return {
        item.file: item.code if isinstance(item, FileProblem) else "known" if isinstance(item, KnownFile) else "sheet"
        for item in found
    }


def test_subfolders_are_walked_in_order_and_our_own_files_passed_over(folder: Path) -> None:
    for number, name in enumerate(["乙/2.csv", "乙/1.csv", "甲.csv", "10.csv", "2.csv", "A.CSV"]):
        put(folder, name, f"姓名,乡镇\n张{number},城关镇\n")
    for name in ("~$甲.xlsx", ".DS_Store", "Thumbs.db", ".隐/a.csv", "__MACOSX/b.csv", "x.tmp", "desktop.ini"):
        put(folder, name)
    for name in ("mingcha-mapping.yaml", "mingcha-params.yaml", "truth.csv", "乙/truth.csv", "out/findings.csv"):
        put(folder, name)
    for name in ("findings.csv", "intake.json", "rejected.csv", "report.html"):  # an earlier run's, told to lie there
        put(folder, f"上次结果/{name}")
    found = run(folder, exclude=[folder / "out"])
    names = [item.file for item in found]
    assert names == sorted(names, key=lambda name: name.encode())
    assert set(outcomes(found).items()) == {
        (name, "sheet") for name in ("乙/2.csv", "乙/1.csv", "甲.csv", "10.csv", "2.csv", "A.CSV")
    }


def test_equal_content_is_read_once_and_known_content_not_at_all(folder: Path) -> None:
    put(folder, "a.csv")
    put(folder, "b/c.csv")
    put(folder, "d.csv", CSV + "李四,李集镇\n")
    asked: list[tuple[str, str]] = []

    def known(sha256: str, file: str) -> bool:
        asked.append((sha256, file))
        return file == "d.csv"

    found = run(folder, known=known)
    assert outcomes(found) == {"a.csv": "sheet", "b/c.csv": "file.duplicate", "d.csv": "known"}
    duplicate = next(item for item in found if isinstance(item, FileProblem))
    assert (duplicate.outcome, "《a.csv》" in duplicate.message) == ("duplicate", True)
    assert [file for _, file in asked] == ["a.csv", "d.csv"]
    sheet = next(item for item in found if isinstance(item, RawSheet))
    assert sheet.sha256 == asked[0][0]
    assert texts(load(sheet.data)) == {1: ["姓名", "乡镇"], 2: ["张三", "城关镇"]}


def test_progress_by_file(folder: Path) -> None:
    put(folder, "a.csv")
    put(folder, "b.txt", "说明")
    steps: list[tuple[str, int, int | None, str]] = []

    class Steps:
        def step(self, stage: str, done: int, total: int | None, detail: str = "") -> None:
            steps.append((stage, done, total, detail))

    run(folder, progress=Steps())
    assert steps == [("读取文件", 1, 2, "a.csv"), ("读取文件", 2, 2, "b.txt")]


@posix
def test_links_are_not_followed_but_told(folder: Path) -> None:
    put(folder, "a.csv")
    put(folder.parent, "外面/x.csv")
    (folder / "子").mkdir()
    (folder / "子/回去").symlink_to(folder)
    (folder / "自己").symlink_to("自己")
    (folder / "出去").symlink_to(folder.parent / "外面")
    (folder / "出去文件.csv").symlink_to(folder.parent / "外面/x.csv")
    (folder / "断.csv").symlink_to(folder / "没有.csv")
    (folder / "里面.csv").symlink_to(folder / "a.csv")
    assert outcomes(run(folder)) == {
        "a.csv": "sheet",
        "子/回去": "link.loop",
        "自己": "link.loop",
        "出去": "link.outside",
        "出去文件.csv": "link.outside",
        "断.csv": "link.broken",
        "里面.csv": "link.inside",
    }


@posix
def test_the_folder_itself_may_be_a_link(folder: Path) -> None:
    put(folder, "a.csv")
    link = folder.parent / "链接"
    link.symlink_to(folder)
    assert outcomes(run(link)) == {"a.csv": "sheet"}


@posix
def test_pipes_are_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "管道.csv")
    assert outcomes(run(folder)) == {"管道.csv": "file.special"}


@posix
def test_strange_file_names_are_shown_safely(folder: Path) -> None:
    for raw in ("名册.csv".encode("gb18030"), b"\xff\xfe.csv", "a\u202eb.csv".encode(), b"x\\..\\c.csv", b"d\ne.csv"):
        put(folder, os.fsdecode(raw), CSV + raw.hex() + ",1\n")
    found = outcomes(run(folder))
    assert set(found.values()) == {"sheet"}
    assert len(found) == 5
    assert "名册.csv" in found
    assert "a�b.csv" in found
    assert "x＼..＼c.csv" in found
    for name in found:
        assert name.isprintable()
        name.encode()


@pytest.mark.parametrize("name", ["a/b", "a\\b", "\x00", "\u2028", "\ud800", "\udcff\udcfe", "正常.xlsx", "\u200b"])
def test_shown_names_can_be_printed_and_encoded(name: str) -> None:
    shown = safe_name(name)
    shown.encode()
    assert shown.isprintable()
    assert "/" not in shown


@pytest.mark.parametrize("name", ["空.xlsx", "空.txt"])
def test_files_of_no_bytes(folder: Path, name: str) -> None:
    put(folder, name, b"")
    (problem,) = run(folder)
    assert isinstance(problem, FileProblem)
    assert problem.outcome == ("failed" if name.endswith("xlsx") else "ignored")
    assert f"《{name}》" in problem.message


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_files_and_folders_without_permission(folder: Path) -> None:
    put(folder, "a.csv").chmod(0)
    put(folder, "子/b.csv")
    (folder / "子").chmod(0)
    try:
        assert outcomes(run(folder)) == {"a.csv": "file.permission", "子": "folder.permission"}
    finally:
        (folder / "子").chmod(0o700)


def test_a_missing_folder_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        run(tmp_path / "没有")
    assert "没有" in str(error.value)


def test_a_file_that_vanishes_on_the_way(folder: Path) -> None:
    put(folder, "a.csv")
    for number in range(6):
        put(folder, f"b{number}.csv", CSV + str(number))
    items = read_folder(folder, folder.parent / "staging")
    first = next(items)
    (folder / "b5.csv").unlink()
    assert outcomes([first, *items])["b5.csv"] == "file.vanished"


def hidden_far_book() -> bytes:
    """Three sheets; the middle one ends the reader library: its far cell is written so that no scan sees it."""
    book = openpyxl.Workbook()
    book.active["A1"] = "甲"  # type: ignore[index]
    book.create_sheet("坏")["A1"] = "乙"
    book.create_sheet("后")["A1"] = "丙"
    far = b'<row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row></sheetData>'
    return repacked(
        saved(book), lambda name, data: data.replace(b"</sheetData>", far) if name.endswith("sheet2.xml") else data
    )


@posix
def test_a_sheet_that_ends_the_worker_leaves_other_sheets_and_files(folder: Path) -> None:
    put(folder, "a.xlsx", hidden_far_book())
    put(folder, "b.csv")
    found = run(folder, limits=Limits(memory_bytes=1 << 30))
    assert [(item.file, item.sheet) for item in found if isinstance(item, RawSheet)] == [
        ("a.xlsx", "Sheet"),
        ("a.xlsx", "后"),
        ("b.csv", ""),
    ]
    (problem,) = [item for item in found if isinstance(item, FileProblem)]
    assert (problem.code, "“坏”" in problem.message) == ("sheet.crash", True)


def test_a_far_cell_is_read_in_the_child_too(folder: Path) -> None:
    put(folder, "a.xlsx", far_book())
    assert outcomes(run(folder)) == {"a.xlsx": "sheet"}


def slow_page() -> str:
    return "<table>" + "<tr><td>张三<td>城关镇" * 400_000 + "</table>"


def test_a_file_beyond_its_time_is_stopped(folder: Path) -> None:
    put(folder, "a.xls", slow_page())
    put(folder, "b.csv")
    found = run(folder, limits=Limits(seconds=0.2, seconds_per_mib=0.0))
    assert outcomes(found) == {"a.xls": "file.timeout", "b.csv": "sheet"}
    assert not [path for path in (folder.parent / "staging").iterdir() if not path.name.endswith(".arrow")]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_stops_the_run(folder: Path) -> None:
    put(folder, "a.csv")
    staging = folder.parent / "staging"
    staging.mkdir()
    (staging / "00001-000.arrow.part0").symlink_to("/dev/full")
    with pytest.raises(MingchaError) as error:
        run(folder)
    assert error.value.code == "disk.full"


def test_a_killed_worker_is_replaced(folder: Path) -> None:
    task = Task(put(folder, "a.csv"), 10, folder.parent, "t")
    pool = Pool(Limits(), size=1)
    try:
        assert [event["event"] for event in pool.submit(task).result().events] == ["sheet"]
        (first,) = pool.pids()
        os.kill(first, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        results = [pool.submit(task).result().events for _ in range(2)]
        assert results[-1][0]["event"] == "sheet"
        (second,) = pool.pids()
        assert second != first
    finally:
        pool.close()
    assert pool.pids() == []


def test_letting_go_early_leaves_neither_process_nor_file(folder: Path) -> None:
    for number in range(5):
        put(folder, f"{number}.xls", slow_page() + str(number))
    put(folder, "0.csv")
    items = read_folder(folder, folder.parent / "staging")
    assert next(items).file == "0.csv"
    assert _children()
    items.close()
    assert _children() == set()
    assert [path.name for path in (folder.parent / "staging").iterdir()] == ["00001-000.arrow"]


def test_a_reader_starts_before_there_is_anything_to_read(folder: Path) -> None:
    put(folder, "a.csv")
    with closing(start_readers()) as readers:
        deadline = time.monotonic() + 60
        while not readers.pids() and time.monotonic() < deadline:
            time.sleep(0.01)
        (early,) = readers.pids()
        items = read_folder(folder, folder.parent / "staging", readers=readers)
        assert next(items).file == "a.csv"
        assert readers.pids() == [early]
        assert list(items) == []
        assert readers.pids() == []
    with closing(start_readers()):
        pass  # nothing was read: it ends all the same
    assert _children() == set()


def test_a_reader_that_cannot_start_is_told_with_the_first_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "a.csv")
    monkeypatch.setattr(sys, "executable", str(folder / "nothing"))
    with closing(start_readers()) as readers, pytest.raises(MingchaError) as error:
        list(read_folder(folder, folder.parent / "staging", readers=readers))
    assert error.value.code == "worker"


def _children() -> set[int]:
    """Worker processes of this process."""
    listing = Path(f"/proc/{os.getpid()}/task")
    if not listing.exists():
        pytest.skip("needs /proc")
    children = {int(pid) for task in listing.iterdir() for pid in _text(task / "children").split()}
    return {pid for pid in children if b"containers.worker" in _command(pid)}


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # that thread has ended meanwhile
        return ""


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # ended meanwhile
        return b""


SCRIPT = """
import sys
import time
from contextlib import closing
from pathlib import Path
from mingcha.intake.containers import read_folder
sys.path.insert(0, sys.argv[3])
from tests.engine.containers.test_container_folder import _children
items = read_folder(Path(sys.argv[1]), Path(sys.argv[2]))
next(items)
print(sorted(_children()), flush=True)
for item in items:
    pass
print("done", flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs process descriptors")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_their_parent(folder: Path, end: signal.Signals) -> None:
    put(folder, "0.csv")
    for number in range(1, 9):
        put(folder, f"{number}.xls", slow_page() + str(number))
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-c", SCRIPT, str(folder), str(folder.parent / "s"), str(root)]
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as parent:
        assert parent.stdout is not None
        workers = json.loads(parent.stdout.readline())
        assert workers
        descriptors = [os.pidfd_open(pid) for pid in workers]
        parent.send_signal(end)
        for descriptor in descriptors:
            assert select.select([descriptor], [], [], 10)[0], "a worker outlived its parent"
            os.close(descriptor)
        assert b"done" not in parent.stdout.read()


def test_files_damaged_at_random_all_have_an_outcome(folder: Path) -> None:
    """Seeds of each container with bytes changed, cut off or added: every file has an outcome, none is lost."""
    chance = random.Random(20230621)
    page = "<table><tr><td>姓名<td>乡镇<tr><td>张三<td>城关镇</table>"
    seeds = [roster(), plain_xls(), page.encode(), CSV.encode("gb18030")]
    for number in range(80):
        content = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 30)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.3:
            del content[chance.randrange(len(content)) :]
        put(folder, f"{number:02d}.xls", bytes(content) + bytes([number]))
    for number in range(20):
        put(folder, f"乱{number}.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + chance.randbytes(3000))
    found = run(folder, limits=Limits(seconds=10))
    assert len(outcomes(found)) == 100
    for item in found:
        if isinstance(item, FileProblem):
            assert item.message.startswith("《")
            assert item.message.endswith("。")
