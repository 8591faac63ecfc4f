"""What the machine has left: memory and disk, asked before a run starts so that a want is said and not met halfway."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

from mingcha.errors import MingchaError

_MIB = 1 << 20
#: An engine with less than this stops at the first join.
LEAST_MEMORY = 128 * _MIB
#: What a run needs beside what its engine holds: program, libraries, results on their way out.
_BESIDE = 128 * _MIB
#: What is held whatever the size; and how much more for each byte of snapshots. Whenever DuckDB has let go of as much
#: as its bound leaves free, it hands all of that back to the system and fetches it anew: a narrow bound costs time.
#: A join that the bound leaves no room for lays both its sides on disk, which takes three times as long (ADR 0010).
_BASE_MEMORY, _SHARE_OF_SNAPSHOTS = 198 * _MIB, 0.9
#: What reading files in takes.
_INTAKE_MEMORY = 160 * _MIB
#: How much of the machine a run may take at most.
_SHARE_OF_MACHINE = 0.6
#: Delivered files become snapshots, sealed originals and passing drafts; sheets of text shrink, packed books grow.
_DISK_FOR_FILES = 4
#: What does not fit in memory lies on disk: as many bytes as the snapshots, seldom more.
_DISK_FOR_SNAPSHOTS = 1
_DISK_LEAST = 200 * _MIB


def memory_for(snapshot_bytes: int) -> int:
    """How much an engine holds of snapshots of that size, in bytes; what does not fit goes to disk."""
    return _within_machine(_BASE_MEMORY + round(_SHARE_OF_SNAPSHOTS * snapshot_bytes))


def memory_for_intake() -> int:
    """How much an engine holds while files are read in, in bytes."""
    return _within_machine(_INTAKE_MEMORY)


def _within_machine(wanted: int) -> int:
    installed = installed_memory()
    return wanted if installed is None else max(LEAST_MEMORY, min(wanted, round(_SHARE_OF_MACHINE * installed)))


def check_memory(wanted: int | None = None) -> None:
    """Raises MingchaError where the memory that is free cannot carry a run.

    wanted   bytes somebody set; None = the least that serves
    """
    need = (wanted or LEAST_MEMORY) + _BESIDE
    free = free_memory()
    if free is not None and free < need:
        raise MingchaError(
            f"可用内存只有{free // _MIB}MB，至少需要{need // _MIB}MB，没有开始。",
            remedy="请关闭其他程序后重试。",
            code="machine.memory",
        )


def check_disk(place: Path, *, files: int = 0, snapshots: int = 0) -> None:
    """Raises MingchaError where the disk under a folder cannot hold what a run makes.

    files, snapshots   bytes of spreadsheets still to read, and of snapshots there are
    """
    need = _DISK_LEAST + _DISK_FOR_FILES * files + _DISK_FOR_SNAPSHOTS * snapshots
    free = shutil.disk_usage(_there(place)).free
    if free < need:
        raise MingchaError(
            f"磁盘剩余{free // _MIB}MB，这次比对估计需要{need // _MIB}MB，没有开始。",
            remedy="请清理磁盘，或把工作区放到别的磁盘上（--workspace）。",
            code="machine.disk",
        )


def _there(place: Path) -> Path:
    while not place.exists() and place != place.parent:
        place = place.parent
    return place


def installed_memory() -> int | None:
    """Bytes of memory in the machine, or in the share of it that a container was given; None where nothing tells."""
    found = [each for each in (_from_system("SC_PHYS_PAGES"), _from_control_group(), _from_windows()[0]) if each]
    return min(found) if found else None


def free_memory() -> int | None:
    """Bytes of memory that can be had now; None where nothing tells."""
    if sys.platform == "linux":
        try:
            lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        except OSError:
            return None
        told = [line for line in lines if line.startswith("MemAvailable:")]
        return int(told[0].split()[1]) * 1024 if told else None
    return _from_windows()[1]


def _from_system(name: str) -> int | None:
    if not hasattr(os, "sysconf") or name not in os.sysconf_names:
        return None
    return os.sysconf(name) * os.sysconf("SC_PAGE_SIZE")


def _from_control_group() -> int | None:
    try:
        text = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


class _Status(ctypes.Structure):
    """MEMORYSTATUSEX of Windows."""

    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        ("total", ctypes.c_ulonglong),
        ("free", ctypes.c_ulonglong),
        ("others", ctypes.c_ulonglong * 5),
    )


def _from_windows() -> tuple[int | None, int | None]:
    """Installed and free; None elsewhere."""
    if sys.platform != "win32":
        return None, None
    status = _Status(length=ctypes.sizeof(_Status))
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None, None
    return int(status.total), int(status.free)
