"""The lock of the rulebook: which version of each rule has which text.

A text that changed under an old version would change findings unseen; the check names it.
``python -m mingcha.rules.lock`` writes the lock after versions were raised.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mingcha.errors import RuleError
from mingcha.rules.lineage import columns_through
from mingcha.rules.loader import check_packaged, packaged_folder, schema_of
from mingcha.rules.model import ASKED_TABLES, Rule, Rulebook, View
from mingcha.rules.sql import output_columns, parse_select


def lock_path() -> Path:
    """Where the packaged rulebook's lock lies."""
    return packaged_folder() / "lock.json"


def read_lock(path: Path | None = None) -> dict[str, dict[str, Any]]:
    """Rule or view id → version and sha256; {} where there is no lock yet."""
    path = path or lock_path()
    if not path.exists():
        return {}
    found: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def lock_of(rulebook: Rulebook) -> dict[str, dict[str, Any]]:
    """The lock a rulebook should have: version, text, the columns it gives and, of a rule, the data it needs."""
    items: list[View] = [*rulebook.rules.values(), *rulebook.views.values()]
    schema = schema_of(rulebook.views)
    return {item.id: _entry(rulebook, item, schema) for item in items}


def _entry(rulebook: Rulebook, item: View, schema: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "version": item.version,
        "sha256": item.sha256,
        "columns": list(output_columns(item.path, parse_select(item.path, item.sql, item.first_line))),
    }
    if isinstance(item, Rule):
        found = columns_through(item, rulebook.views_of(item), schema)
        entry["datasets"] = {name: list(columns) for name, columns in found.items() if name not in ASKED_TABLES}
    return entry


def check_lock(rulebook: Rulebook, locked: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What disagrees with the lock, as Chinese sentences; [] where all is well."""
    faults = []
    now = lock_of(rulebook)
    for name, entry in now.items():
        before = locked.get(name)
        if before is None:
            faults.append(f"{name} 还没有登记在 lock.json 中。")
        elif entry["version"] < before["version"]:
            faults.append(f"{name} 的版本号变小了。")
        elif entry["version"] == before["version"] and entry["sha256"] != before["sha256"]:
            faults.append(f"{name} 的内容变了，版本号没有变。")
        elif entry["version"] == before["version"] and entry["columns"] != before.get("columns"):
            faults.append(f"{name} 的列没有登记在 lock.json 中。")
        elif entry["version"] == before["version"] and entry.get("datasets") != before.get("datasets"):
            faults.append(f"{name} 读的数据比 lock.json 中登记的多或少：视图变了，请核对后重新登记。")
        elif entry["version"] > before["version"]:
            faults.append(f"{name} 的新版本还没有登记在 lock.json 中。")
    faults += [
        f"{name} 已不在规则库中：规则停用应改 status 为 retired，不删文件。" for name in locked if name not in now
    ]
    return faults


def write_lock(path: Path | None = None, *, anew: bool = False) -> None:
    """Registers the present versions and texts.

    anew   forget the old lock: only before a first release
    Raises RuleError where a text changed under its old version.
    """
    path = path or lock_path()
    rulebook = check_packaged()
    changed = [fault for fault in check_lock(rulebook, read_lock(path)) if "版本号" in fault]
    if changed and not anew:
        raise RuleError("".join(changed), remedy="请先把版本号加一。")
    text = json.dumps(lock_of(rulebook), ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    import sys

    try:
        write_lock(anew="--anew" in sys.argv[1:])
    except RuleError as error:
        sys.exit(str(error))
