"""``mingcha``: reads the command line, runs one command, turns errors into plain sentences and exit statuses.

Exit status: 0 done; 2 usage or unreadable folder; 3 nothing recognisable; 130 cancelled.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from mingcha import __version__
from mingcha.cli import bench, compare, demo, explain, rules, simulate, workbench
from mingcha.errors import MingchaError, NothingRecognised

DONE, FAILED, USAGE, NOTHING, CANCELLED = 0, 1, 2, 3, 130


class _ChineseParser(argparse.ArgumentParser):
    """An argument parser whose complaints a clerk can read."""

    def error(self, message: str) -> None:  # type: ignore[override]  # exits, as the parent does
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"命令写得不对：{message}\n用 {self.prog} --help 查看用法。\n")


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = _ChineseParser(prog="mingcha", description="明察：社会救助数据比对与综合治理")
    parser.add_argument("--version", action="version", version=f"mingcha {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令", parser_class=_ChineseParser)
    for module in (simulate, compare, rules, explain, bench, demo, workbench):
        module.add_parser(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    _speak_utf8()
    signal.signal(signal.SIGTERM, _as_interrupt)
    options = build_parser().parse_args(argv)
    try:
        status: int = options.run(options)
        return status
    except NothingRecognised as error:
        print(error, file=sys.stderr)
        return NOTHING
    except MingchaError as error:
        print(error, file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("已取消：工作区和原有结果保持原样。", file=sys.stderr)
        return CANCELLED
    except BrokenPipeError:
        # the reader of our output went away (| head): nothing to tell anybody
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        # a Windows console or a C locale would otherwise choke on Chinese
        if hasattr(stream, "reconfigure") and (stream.encoding or "").lower().replace("-", "") != "utf8":
            stream.reconfigure(encoding="utf-8", errors="replace")


def _as_interrupt(_signal: int, _frame: FrameType | None) -> None:
    """A polite end (SIGTERM) cleans up as Ctrl-C does."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
