"""``mingcha serve``, ``manage`` and ``demo`` as users call them, and the engine that stands without them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import mingcha
from mingcha import api
from mingcha.cli import demo, main, workbench
from mingcha.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 60


def _run_py() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_py", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _python(code: str, *, data: Path, **options: Any) -> subprocess.Popen[str]:
    environment = {**os.environ, "MINGCHA_DATA": str(data), "MINGCHA_DATABASE": "", "PYTHONUTF8": "1"}
    environment["PYTHONPATH"] = str(ROOT / "src")
    environment["DJANGO_SETTINGS_MODULE"] = "mingcha_web.site.settings"
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, **pipes, **options)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_engine_stands_without_django(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "for name in ('django', 'mingcha_web', 'waitress', 'psycopg', 'pyspark'): sys.modules[name] = None\n"
        "import mingcha, mingcha.api, mingcha.cli.main\n"
        "mingcha.cli.main.build_parser()\n"
        "print(len(mingcha.api.rule_titles()) > 30)"
    )
    done = _python(code, data=tmp_path)
    out, errors = done.communicate(timeout=_PATIENCE)
    assert (out.strip(), errors) == ("True", "")


def test_what_run_py_registers_is_found_as_an_installed_package(tmp_path: Path) -> None:
    run_py = _run_py()
    (tmp_path / "mingcha-0.0.1.dist-info").mkdir()
    run_py._register(tmp_path)
    (found,) = importlib.metadata.distributions(path=[str(tmp_path)])
    assert (found.name, found.version) == ("mingcha", mingcha.__version__)
    commands = {each.name: each.value for each in found.entry_points if each.group == "mingcha.commands"}
    assert set(commands) == {"serve", "manage", "demo"}
    for target in commands.values():
        module, _, name = target.partition(":")
        assert callable(getattr(importlib.import_module(module), name))


def test_without_a_workbench_the_word_says_so(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(workbench, "entry_points", lambda **_: ())
    assert main.main(["serve"]) == 2
    assert "没有装好工作台" in capsys.readouterr().err


def test_a_port_in_use_is_told_in_chinese(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code = f"import sys; from mingcha_web.command import serve; sys.exit(serve(['--port', '{port}']))"
        done = _python(code, data=tmp_path)
        _, errors = done.communicate(timeout=_PATIENCE)
    assert done.returncode == 2
    assert f"端口 {port} 已被别的程序占用" in errors


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to end a program politely")
def test_serve_answers_starts_its_processes_again_and_ends_politely(tmp_path: Path) -> None:
    port = _free_port()
    asked = ["--port", str(port), "--processes", "2"]
    code = f"import sys; from mingcha_web.command import serve; sys.exit(serve({asked}))"
    server = _python(code, data=tmp_path)
    try:
        _log_in_page(_when_up(server, port))
        first = _children_of(server.pid)
        for child in first:
            os.kill(child, signal.SIGKILL)
        second = _children_of(server.pid, other_than=first)
        for _ in range(20):
            _log_in_page(port)
        server.send_signal(signal.SIGTERM)
        out, errors = server.communicate(timeout=_PATIENCE)
    finally:
        server.kill()
    assert server.returncode == 0
    assert "工作台已停止" in out
    assert errors.count("已重新启动") == 2
    assert "Traceback" not in errors
    assert not any(Path(f"/proc/{child}").exists() for child in second)


def _log_in_page(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    connection.request("GET", "/login/")
    assert "登录" in connection.getresponse().read().decode()
    connection.close()


def _when_up(server: subprocess.Popen[str], port: int) -> int:
    assert server.stdout is not None
    assert f"http://127.0.0.1:{port}/" in server.stdout.readline()
    assert "mingcha manage add_administrator" in server.stdout.readline()
    return port


def _children_of(parent: int, *, other_than: frozenset[int] = frozenset()) -> frozenset[int]:
    """The worker's process and that of the second web server, as soon as there are both."""
    if not Path(f"/proc/{parent}/task/{parent}/children").parent.exists():
        pytest.skip("this system does not list a process's children under /proc")
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        threads = Path(f"/proc/{parent}/task").iterdir()
        found = frozenset(int(each) for thread in threads for each in _children(thread)) - other_than
        if len(found) == 2:
            return found
        time.sleep(0.1)
    raise AssertionError("not both were started")


def _children(thread: Path) -> list[str]:
    try:
        return (thread / "children").read_text(encoding="ascii").split()
    except OSError:
        return []


# --- demo ---------------------------------------------------------------------------------------------------------


class _Workbench:
    """Stands in for the workbench's entry points and notes what they were called with."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def command(self, name: str) -> Any:
        """What is registered under a name."""
        return {"demo": self.fill, "serve": self.serve}[name]

    def fill(self, sample: Path, *, home: Path, as_of: Any, progress: Any) -> list[tuple[str, str, str]]:
        """Makes the data folder, as the real one does."""
        assert (sample / "truth.csv").exists()
        home.mkdir(exist_ok=True)
        self.calls.append("fill")
        return [("县级经办", "xianban", "pw")]

    def serve(self, arguments: list[str]) -> int:
        """Serves nothing."""
        self.calls.append(f"serve {' '.join(arguments)}")
        return 0


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> _Workbench:
    """A demo without the minutes that comparing takes."""
    stand_in = _Workbench()

    def simulate(folder: Path, **_: Any) -> None:
        folder.mkdir(parents=True)
        (folder / "truth.csv").touch()
        stand_in.calls.append("simulate")

    def compare(_folder: Path, *, out: Path, **_: Any) -> None:
        out.mkdir(exist_ok=True)

    monkeypatch.setattr(workbench, "command", stand_in.command)
    monkeypatch.setattr(api, "simulate", simulate)
    monkeypatch.setattr(api, "compare", compare)
    monkeypatch.setattr(demo, "print_summary", lambda *_: None)
    return stand_in


def test_demo_fills_the_workbench_tells_its_accounts_and_serves(
    stand_in: _Workbench, tmp_path: Path, capsys: Any
) -> None:
    assert main.main(["demo", "--folder", str(tmp_path / "demo"), "--port", "8123"]) == 0
    assert stand_in.calls == ["simulate", "fill", "serve --port 8123"]
    out = capsys.readouterr().out
    assert "县级经办" in out
    assert "账号 xianban" in out
    assert "密码 pw" in out


def test_demo_without_serving_stops_before_it(stand_in: _Workbench, tmp_path: Path) -> None:
    assert main.main(["demo", "--folder", str(tmp_path / "demo"), "--no-serve"]) == 0
    assert stand_in.calls == ["simulate", "fill"]


def test_a_second_demo_starts_at_once_and_fresh_makes_another(stand_in: _Workbench, tmp_path: Path) -> None:
    command = ["demo", "--folder", str(tmp_path / "demo"), "--no-serve"]
    main.main(command)
    main.main(command)
    assert stand_in.calls == ["simulate", "fill", "fill"]
    main.main([*command, "--fresh"])
    main.main([*command, "--scale", "village"])
    assert stand_in.calls[3:] == ["simulate", "fill", "simulate", "fill"]


def test_a_demo_of_another_version_or_broken_off_is_made_anew(stand_in: _Workbench, tmp_path: Path) -> None:
    command = ["demo", "--folder", str(tmp_path / "demo"), "--no-serve"]
    main.main(command)
    mark = tmp_path / "demo" / ".mingcha-demo"
    for text in (json.dumps({"version": "0", "scale": "township"}), "", "[]"):
        mark.write_text(text, encoding="utf-8")
        main.main(command)
    assert stand_in.calls == ["simulate", "fill"] * 4


def test_a_folder_that_is_no_demo_is_left_alone(stand_in: _Workbench, tmp_path: Path) -> None:
    (tmp_path / "家谱.txt").write_text("…", encoding="utf-8")
    with pytest.raises(UsageError, match="已有别的文件"):
        demo._make(tmp_path, "village")
    assert main.main(["demo", "--folder", str(tmp_path), "--no-serve"]) == 2
    assert stand_in.calls == []
    assert [path.name for path in tmp_path.iterdir()] == ["家谱.txt"]
