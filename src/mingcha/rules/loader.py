"""Loads the rulebook: the packaged one, and a county's own folder of the same shape."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from mingcha.datasets import columns_of, load_catalogue
from mingcha.errors import RuleError
from mingcha.parameters import known_key, nearest_key
from mingcha.rules.header import fail, read_rule, read_view
from mingcha.rules.known import locked_columns
from mingcha.rules.lint import lint_query, lint_rule
from mingcha.rules.model import ASKED_TABLES, Rule, Rulebook, View

Item = TypeVar("Item", bound=View)


def packaged_folder() -> Path:
    """Where the packaged rulebook lies."""
    return Path(str(files("mingcha"))) / "rulebook"


def schema_of(views: Mapping[str, View]) -> dict[str, tuple[str, ...]]:
    """Table → columns, for every dataset, the given views and what a view may be asked about."""
    catalogue = load_catalogue()
    tables = {name: tuple(column.name for column in columns_of(each)) for name, each in catalogue.datasets.items()}
    asked = {name: tuple(columns) for name, columns in ASKED_TABLES.items()}
    return tables | asked | {name: view.columns for name, view in views.items()}


def load_rulebook(extra: Sequence[Path] = ()) -> Rulebook:
    """The packaged rulebook and the rules of further folders, all checked.

    extra   folders of the same shape (``<theme>/Rnn_slug.sql``, ``views/<name>.sql``)
    Raises RuleError with the file and what is wrong with it.
    """
    return _load((packaged_folder(), *extra)) if extra else _packaged()


@cache
def _packaged() -> Rulebook:
    # what the lock registers was checked when it was written
    return _load((packaged_folder(),), locked_columns())


def check_packaged() -> Rulebook:
    """The packaged rulebook with every text linted, whatever the lock says. Raises RuleError."""
    return _load((packaged_folder(),))


def _load(folders: Sequence[Path], checked: Collection[str] = ()) -> Rulebook:
    """All rules and views of the folders. checked: SHA-256 of texts that need not be linted again."""
    for folder in folders:
        if not folder.is_dir():
            raise RuleError(f"规则文件夹“{folder.name}”不存在。")
    paths = [path for folder in folders for path in sorted(folder.rglob("*.sql"))]
    views = _unique([read_view(path) for path in paths if path.parent.name == "views"])
    rules = _unique([read_rule(path) for path in paths if path.parent.name != "views"])
    ordered = _in_order(views)
    _check_asked(rules.values(), ordered)
    schema = schema_of(ordered)
    # a view that changed may leave a rule without a column: then everything is looked at again
    if all(view.sha256 in checked for view in ordered.values()):
        unchecked = [rule for rule in rules.values() if rule.sha256 not in checked]
    else:
        unchecked = list(rules.values())
        for view in ordered.values():
            lint_query(view, schema)
            _check_params(view)
    for rule in unchecked:
        lint_query(rule, schema)
        _check_params(rule)
        lint_rule(rule)
        _check_needs(rule, schema)
    return Rulebook(dict(sorted(rules.items())), ordered)


def _unique(items: Sequence[Item]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for item in items:
        if item.id in found:
            raise fail(item.path, f"编号 {item.id} 已被《{found[item.id].path.name}》使用。")
        found[item.id] = item
    return found


def _in_order(views: Mapping[str, View]) -> dict[str, View]:
    """Views sorted so that each comes after those it reads."""
    datasets = load_catalogue().datasets
    done: dict[str, View] = {}
    waiting = dict(sorted(views.items()))
    for view in waiting.values():
        if view.id in datasets:
            raise fail(view.path, f"视图 {view.id} 与数据项同名。")
    while waiting:
        ready = [name for name, view in waiting.items() if not set(view.reads) & set(waiting)]
        if not ready:
            first = next(iter(waiting.values()))
            raise fail(first.path, f"视图互相引用成环：{'、'.join(waiting)}。")
        for name in ready:
            done[name] = waiting.pop(name)
    return done


def _check_asked(rules: Iterable[Rule], views: Mapping[str, View]) -> None:
    """What answers for some persons or rows alone can neither be kept nor tell a rule of all."""
    narrow = set(ASKED_TABLES)
    for view in views.values():
        if set(view.reads) & narrow:
            if view.kept:
                raise fail(view.path, "读 asked_ 表的视图须写 kept: false。")
            narrow.add(view.id)
    for rule in rules:
        if set(rule.reads) & narrow:
            raise fail(rule.path, f"规则不能读只回答部分人员的视图：{'、'.join(sorted(set(rule.reads) & narrow))}。")


def _check_params(item: View) -> None:
    for use in item.params.values():
        if not known_key(use.key):
            raise fail(item.path, f"没有编号为 {use.key} 的参数。", f"最接近的是 {nearest_key(use.key)}。")


def _check_needs(rule: Rule, schema: Mapping[str, object]) -> None:
    unknown = {name for group in rule.needs for name in group} - set(schema)
    if unknown:
        raise fail(rule.path, f"needs 中没有这样的数据项或视图：{'、'.join(sorted(unknown))}。")


def lint_rule_file(path: Path, views: Mapping[str, View]) -> Rule:
    """One rule read and checked by itself, against the given views. Raises RuleError."""
    rule: Rule = read_rule(path)
    lint_query(rule, schema_of(views))
    _check_params(rule)
    lint_rule(rule)
    return rule
