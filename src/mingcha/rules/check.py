"""Checks the whole rulebook: ``python -m mingcha.rules.check [FOLDER …]``. Prints what is wrong, then warnings."""

from __future__ import annotations

import sys
from pathlib import Path

from mingcha.errors import RuleError
from mingcha.rules.lint import literal_warnings
from mingcha.rules.loader import check_packaged, load_rulebook
from mingcha.rules.lock import check_lock, read_lock


def main(folders: list[str]) -> int:
    """Exit status: 0 nothing wrong, 1 something is."""
    try:
        rulebook = load_rulebook([Path(folder) for folder in folders]) if folders else check_packaged()
    except RuleError as error:
        print(error)
        return 1
    lines = [line for item in (*rulebook.rules.values(), *rulebook.views.values()) for line in literal_warnings(item)]
    if not folders:
        lines += check_lock(rulebook, read_lock())
    print("\n".join([*lines, f"共{len(rulebook.rules)}条规则、{len(rulebook.views)}个视图，{len(lines)}处提醒。"]))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
