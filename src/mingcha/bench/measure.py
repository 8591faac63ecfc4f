"""The whole benchmark: makes the counties, runs each measurement in a process of its own, gathers the figures."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from mingcha import __version__
from mingcha.bench.child import measured
from mingcha.bench.targets import table
from mingcha.errors import MingchaError, UsageError
from mingcha.progress import Progress, Silent

#: Parts that can be left out, for want of time or of what they need.
PARTS = ("intake", "rules", "plain", "polars", "office", "growth", "province")
#: How often a list is read in; the middle run counts, as with rules.
_TIMES = 3
#: Rows of the large list as a book and as text.
_LIST_ROWS = {"village": (2_000, 2_000), "township": (10_000, 10_000), "county": (200_000, 1_000_000)}
#: Residents of the smallest of three provinces, each four times the one before.
_GROWTH_FROM = {"village": 5_000, "township": 20_000, "county": 200_000}
_GROWTH = (1, 4, 16)
#: Residents of the province measured; None = all of it.
_PROVINCE = {"village": 20_000, "township": 200_000, "county": None}
#: What a whole province and its views take on disk.
_PROVINCE_BYTES = 20 << 30
_CONTAINERS = {
    "xlsx": (".xlsx",), "csv": (".csv", ".txt"), "xls": (".xls", ".et"), "ods": (".ods",), "dbf": (".dbf",),
}  # fmt: skip


def bench(
    scale: str = "township",
    *,
    parts: Collection[str] = PARTS,
    place: Path | None = None,
    progress: Progress | None = None,
    so_far: Callable[[dict[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Measures one county; returns JSON-able figures, the table of promises under ``table``.

    scale   village, township or county; the last also measures a whole province
    parts   of ``PARTS``
    place   folder for what is made meanwhile, some GB, which is removed at the end; made where it is not there;
            None = the system's
    so_far  given the figures after each part: the whole takes an hour, and may be stopped
    Raises UsageError for an unknown scale or part; what cannot be measured stands under ``not_measured``.
    """
    if scale not in _LIST_ROWS:
        raise UsageError(f"没有“{scale}”这个规模。", remedy="请从 village、township、county 中选择。")
    unknown = set(parts) - set(PARTS)
    if unknown:
        raise UsageError(f"没有这样的部分：{'、'.join(sorted(unknown))}。", remedy=f"可选：{'、'.join(PARTS)}。")
    if place is not None:
        place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mingcha-bench-", dir=place) as folder:
        run = _Bench(scale, Path(folder), progress or Silent())
        run.whole_job()
        for part in (name for name in PARTS if name in parts):
            run.part(part)
            if so_far is not None:
                so_far(_told(run.figures))
    return _told(run.figures)


def _told(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in figures.items() if name != "made"} | {"table": table(figures)}


class _Bench:
    """One benchmark: its folder and the figures so far."""

    def __init__(self, scale: str, folder: Path, progress: Progress) -> None:
        self._scale = scale
        self._folder = folder
        self._progress = progress
        self._county = folder / "county"
        self._params = self._county / "mingcha-params.yaml"
        self._workspace = folder / "workspace"
        self.figures: dict[str, Any] = {
            "version": __version__,
            "measured_on": date.today().isoformat(),  # the machine's own day
            "machine": {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()},
            "scale": scale,
            "not_measured": {},
        }

    def part(self, name: str) -> None:
        """Measures one part; what cannot be measured is said and the others go on."""
        work: dict[str, Callable[[], Any]] = {
            "intake": self._intake, "rules": self._rules, "plain": self._plain, "polars": self._polars,
            "office": self._office, "growth": self._growth, "province": self._province,
        }  # fmt: skip
        try:
            self.figures[name] = work[name]()
        except MingchaError as error:
            self.figures["not_measured"][name] = str(error)

    def _measured(self, name: str, **options: Any) -> dict[str, Any]:
        self._progress.step("测量", 0, None, name)
        given: dict[str, Any] = {key: str(each) if isinstance(each, Path) else each for key, each in options.items()}
        return measured(name, **given)

    def whole_job(self) -> None:
        """The county made, compared, compared again, and once more after one file changed."""
        self.figures["simulate"] = self._measured("simulate", folder=self._county, scale=self._scale)
        first = self._measured("compare", **self._job())
        again = self._measured("compare", **self._job())
        changed = _change_one(self._county)
        after = self._measured("compare", **self._job())
        self.figures["first"] = first
        self.figures["again"] = {
            "seconds": again["seconds"], "states": again["states"], "changed_file": changed,
            "changed_seconds": after["seconds"], "changed_states": after["states"],
            "same_percent": _percent(again["seconds"], first["seconds"]),
            "changed_percent": _percent(after["seconds"], first["seconds"]),
        }  # fmt: skip

    def _job(self) -> dict[str, Any]:
        return {"folder": self._county, "workspace": self._workspace, "out": self._folder / "out"}

    def _intake(self) -> dict[str, Any]:
        """One large list in each of the two forms that offices send most, and payments; then the county's own files."""
        lists = self._lists()
        found: dict[str, Any] = {}
        for form, written, named in (
            ("xlsx", "list.xlsx", "户籍人口.xlsx"),
            ("csv", "list.csv", "户籍人口.csv"),
            ("payments", "payments.csv", "一卡通发放回盘.csv"),
        ):
            found[form] = self._one_list(lists / written, named)
        found["county"] = {name: self._of_county(name, endings) for name, endings in _CONTAINERS.items()}
        return found

    def _one_list(self, written: Path, named: str) -> dict[str, Any]:
        """One list read in some times, each in a new process and workspace: the run that lies in the middle."""
        runs: list[dict[str, Any]] = []
        for _ in range(_TIMES):
            with self._emptied("intake-list") as place:
                shutil.copy(written, place / named)
                runs.append(self._measured("take_in", folder=place, workspace=self._folder / "intake-workspace"))
        by_speed = sorted(runs, key=lambda run: int(run["rows_a_second"]))
        return by_speed[_TIMES // 2] | {"runs": [run["rows_a_second"] for run in runs]}

    def _of_county(self, name: str, endings: tuple[str, ...]) -> dict[str, Any] | None:
        files = [
            path for path in self._county.rglob("*") if path.suffix.lower() in endings and path.parent != self._county
        ]
        if not files:
            return None
        with self._emptied(f"county-{name}") as place:
            for path in files:
                target = place / path.relative_to(self._county)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
            return self._measured("take_in", folder=place, workspace=self._folder / "intake-workspace")

    @contextmanager
    def _emptied(self, name: str) -> Iterator[Path]:
        place = self._folder / name
        place.mkdir()
        try:
            yield place
        finally:
            shutil.rmtree(place)
            shutil.rmtree(self._folder / "intake-workspace", ignore_errors=True)

    def _lists(self) -> Path:
        folder = self._folder / "lists"
        if not folder.exists():
            rows, text_rows = _LIST_ROWS[self._scale]
            self._measured(
                "make_lists", folder=folder, rows=rows, text_rows=text_rows,
                register=self._county / "公安局" / "户籍", payments=self._county / "财政局",
            )  # fmt: skip
        return folder

    def _rules(self) -> dict[str, Any]:
        return self._measured("rules", workspace=self._workspace, params=self._params, out=self._folder / "out")

    def _plain(self) -> dict[str, Any]:
        found = self._measured("plain", workspace=self._workspace, params=self._params)
        ours = self.figures.get("rules", {}).get("seconds")
        return found | ({"times_faster": round(found["seconds"] / ours, 2)} if ours else {})

    def _polars(self) -> dict[str, Any]:
        return self._measured("polars", workspace=self._workspace, params=self._params, out=self._folder / "views")

    def _office(self) -> dict[str, Any]:
        lists = self._lists()
        found = self._measured("office", xlsx=lists / "list.xlsx", other=lists / "other.xlsx")
        ours = self.figures.get("intake", {}).get("xlsx", {}).get("rows_a_second")
        return found | ({"times_faster": round(ours / found["rows_a_second"], 2)} if ours else {})

    def _growth(self) -> list[dict[str, Any]]:
        found = []
        for times in _GROWTH:
            residents = _GROWTH_FROM[self._scale] * times
            with self._province_of(residents) as place:
                rules = self._rules_of(place)
            kept = ("rows", "snapshots_mib", "scan_seconds", "seconds", "scans", "peak_mib")
            found.append({"times": times, "residents": residents} | {name: rules[name] for name in kept})
        return found

    def _province(self) -> dict[str, Any]:
        residents = _PROVINCE[self._scale]
        free = shutil.disk_usage(self._folder).free
        if residents is None and free < _PROVINCE_BYTES:
            raise MingchaError(f"磁盘只剩{free >> 30}GB，整个省的数据需要{_PROVINCE_BYTES >> 30}GB。")
        with self._province_of(residents) as place:
            made = self.figures["made"]
            return {"simulate": made, "rules": self._rules_of(place)}

    @contextmanager
    def _province_of(self, residents: int | None) -> Iterator[Path]:
        place = self._folder / "province"
        try:
            self.figures["made"] = self._measured("simulate", folder=place, scale="province", residents=residents)
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def _rules_of(self, place: Path) -> dict[str, Any]:
        return self._measured(
            "rules", workspace=place, params=place / "mingcha-params.yaml", out=self._folder / "out-province", times=1
        )


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 1)


def _change_one(folder: Path) -> str:
    """Adds a blank line to one text file: other bytes, the same rows. Returns its name."""
    texts = sorted(path for path in folder.rglob("*.csv") if path.parent != folder)
    if not texts:
        return ""
    with texts[0].open("ab") as out:
        out.write(b"\r\n")
    return texts[0].relative_to(folder).as_posix()
