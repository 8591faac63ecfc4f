"""Which files of a folder there are to read, in an order that is the same on every system."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from mingcha.intake.containers.problems import problem
from mingcha.intake.model import FileProblem

# beside the sheets lie our own files: mappings, parameters, and what a simulated county planted
OWN_FILES = frozenset(
    ("mingcha-mapping.yaml", "mingcha-mapping.yml", "mingcha-params.yaml", "truth.csv", "near-misses.csv")
)
# what an earlier comparison wrote, wherever it was told to: never read as a sheet that an office handed in
_OUTPUTS = frozenset(("findings.csv", "findings.xlsx", "report.html", "intake.json", "rejected.csv"))
_OUTPUT_SIGNS = frozenset(("findings.csv", "intake.json", "rejected.csv"))
_SYSTEM_FILES = frozenset(("thumbs.db", "desktop.ini", "ehthumbs.db", "__macosx", "icon\r"))


@dataclass(frozen=True)
class FoundFile:
    """A file to read. file: its name as shown, inside the folder, with '/'."""

    path: Path
    file: str
    size: int


def walk(folder: Path, exclude: Collection[Path] = ()) -> Iterator[FoundFile | FileProblem]:
    """All files below the folder, sorted by name; links and what cannot be opened as problems.

    Hidden and temporary files of the system and of office programs (~$x.xlsx, .DS_Store) are passed over in silence.
    exclude   folders and files left out with all below them
    Raises OSError if the folder itself cannot be listed.
    """
    root = folder.resolve(strict=True)
    walker = _Walker(root, {_real(path) for path in exclude})
    yield from walker.entries(root, "")


def _real(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


class _Walker:
    def __init__(self, root: Path, exclude: set[str]) -> None:
        self._root = root
        self._exclude = exclude
        self._shown: set[str] = set()
        self._open: set[tuple[int, int]] = set()

    def entries(self, folder: Path, shown: str) -> Iterator[FoundFile | FileProblem]:
        status = folder.stat()
        place = (status.st_dev, status.st_ino)
        if place in self._open and place[1] != 0:  # a bind mount or junction back to where we are
            yield problem("link.loop", shown.rstrip("/"))
            return
        self._open.add(place)
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
        ours = _OUTPUTS if {entry.name for entry in entries} >= _OUTPUT_SIGNS else frozenset[str]()
        for entry in entries:
            is_left_out = entry.name in ours or os.path.normcase(entry.path) in self._exclude
            if not is_left_out and not is_passed_over(entry.name):
                yield from self._entry(entry, self._unique(shown + safe_name(entry.name)))
        self._open.discard(place)

    def _unique(self, shown: str) -> str:
        """Two names that look alike once made safe are told apart."""
        name, count = shown, 1
        while name in self._shown:
            count += 1
            name = f"{shown}（{count}）"
        self._shown.add(name)
        return name

    def _entry(self, entry: os.DirEntry[str], shown: str) -> Iterator[FoundFile | FileProblem]:
        try:
            if entry.is_symlink() or _is_junction(entry):
                found = self._link(Path(entry.path), shown)
            elif entry.is_dir(follow_symlinks=False):
                yield from self._folder(Path(entry.path), shown)
                return
            else:
                found = _file(Path(entry.path), shown, entry.stat(follow_symlinks=False))
        except PermissionError:
            found = problem("file.permission", shown)
        except OSError:
            found = problem("file.vanished", shown)
        if found is not None:
            yield found

    def _folder(self, path: Path, shown: str) -> Iterator[FoundFile | FileProblem]:
        entries = self.entries(path, shown + "/")
        while True:
            try:
                found = next(entries)
            except StopIteration:
                return
            except PermissionError:
                yield problem("folder.permission", shown)
                return
            except OSError:
                yield problem("file.vanished", shown)
                return
            yield found

    def _link(self, path: Path, shown: str) -> FoundFile | FileProblem | None:
        real = _real(path)
        if not os.path.exists(path):
            looping = os.path.lexists(path) and _is_loop(path)
            return problem("link.loop" if looping else "link.broken", shown)
        root = os.path.normcase(str(self._root))
        if _real(self._root) == real or os.path.commonpath([real, os.path.normcase(str(path.parent))]) == real:
            return problem("link.loop", shown)
        if os.path.commonpath([real, root]) != root:
            return problem("link.outside", shown)
        if any(os.path.commonpath([real, left_out]) == left_out for left_out in self._exclude):
            return None
        return problem("link.inside", shown)


def _is_loop(path: Path) -> bool:
    try:
        path.stat()
    except FileNotFoundError:
        return False
    except (OSError, RuntimeError):  # ELOOP: a link to itself
        return True
    return False


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """A Windows junction is a link too; Python tells from 3.12 on."""
    tell = getattr(entry, "is_junction", None)
    return bool(tell is not None and tell())


def _file(path: Path, shown: str, status: os.stat_result) -> FoundFile | FileProblem:
    if not stat.S_ISREG(status.st_mode):
        return problem("file.special", shown)
    return FoundFile(path, shown, status.st_size)


def is_passed_over(name: str) -> bool:
    """Whether nobody expects this file to be read: hidden, temporary, or one of ours.

    >>> is_passed_over("~$6月.xlsx"), is_passed_over(".DS_Store"), is_passed_over("6月.xlsx")
    (True, True, False)
    """
    lower = name.lower()
    return name.startswith((".", "~$")) or lower in _SYSTEM_FILES or lower in OWN_FILES or lower.endswith(".tmp")


def safe_name(name: str) -> str:
    """A file name as it may be shown: readable, on one line, without signs that turn or hide text.

    Bytes that are no UTF-8 are mostly GBK from an unpacked archive.

    >>> safe_name("6月\\u202excod.xls"), safe_name("a\\\\b.csv")
    ('6月�xcod.xls', 'a＼b.csv')
    """
    if any("\ud800" <= sign <= "\udfff" for sign in name):
        raw = name.encode("utf-8", "surrogateescape") if _only_escapes(name) else name.encode("utf-8", "replace")
        try:
            name = raw.decode("gb18030")
        except UnicodeDecodeError:
            name = raw.decode("utf-8", "replace")
    name = name.replace("\\", "＼").replace("/", "／")
    return "".join("�" if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") else sign for sign in name)


def _only_escapes(name: str) -> bool:
    return all(not "\ud800" <= sign <= "\udfff" or "\udc80" <= sign <= "\udcff" for sign in name)
