"""One run at a time in a workspace: a lock the system releases when the process ends, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from mingcha.errors import WorkspaceError


class FolderLock:
    """An exclusive lock on a file. Raises WorkspaceError at once where another process holds it."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._handle)
        except OSError as error:
            os.close(self._handle)
            raise WorkspaceError(
                "这个工作区正在被另一次比对使用。", remedy="请等它结束，或换一个工作区。", code="workspace.busy"
            ) from error

    def release(self) -> None:
        """Gives the lock back; safe to call twice."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
