"""Loads the rulebook: the packaged one, and a county's own folder of the same shape."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from mingcha.datasets import columns_of, load_catalogue
from mingcha.errors import MingchaError, RuleError
from mingcha.parameters import known_key, nearest_key
from mingcha.rules.header import fail, read_rule, read_view
from mingcha.rules.known import locked_columns
from mingcha.rules.lineage import qualified
from mingcha.rules.lint import error_of, literal_warnings, query_faults, rule_faults
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
    """The packaged rulebook and a county's own rules, all checked.

    extra   folders of the same shape (``<theme>/Xnn_slug.sql``, ``views/<name>.sql``), or single files
    Raises RuleError with the file, the line and what is wrong with it.
    """
    return _load(extra) if extra else _packaged()


@cache
def _packaged() -> Rulebook:
    # what the lock registers was checked when it was written
    return _load((), locked_columns())


def check_packaged() -> Rulebook:
    """The packaged rulebook with every text linted, whatever the lock says. Raises RuleError."""
    return _load(())


def _load(extra: Sequence[Path], checked: Collection[str] = ()) -> Rulebook:
    """All rules and views. checked: SHA-256 of texts that need not be linted again."""
    own = [_as_own(read(path)) for path in sql_files(extra)]
    items = [*(read(path) for path in sql_files([packaged_folder()])), *own]
    views = _unique([item for item in items if not isinstance(item, Rule)])
    rules = _unique([item for item in items if isinstance(item, Rule)])
    ordered = _in_order(views)
    _check_asked(rules.values(), ordered)
    schema = schema_of(ordered)
    # of a view of the lock that changed everything is looked at again: it may leave a rule without a column
    whole = checked or (locked_columns() if extra else ())
    stands = all(view.sha256 in whole for view in ordered.values() if not view.own)
    for item in (*ordered.values(), *rules.values()):
        if not (stands and item.sha256 in whole):
            for error in errors_in(item, schema):
                raise error
    return Rulebook(dict(sorted(rules.items())), ordered)


def sql_files(places: Iterable[Path]) -> list[Path]:
    """The rule and view files of folders, and single files, each once.

    Raises RuleError where there is no such place.
    """
    found: list[Path] = []
    for place in places:
        if not place.exists():
            raise RuleError(f"规则文件夹“{place.name}”不存在。", remedy="请检查路径。")
        found += sorted(place.rglob("*.sql")) if place.is_dir() else [place]
    return list({path.resolve(): path for path in found}.values())


def read(path: Path) -> View:
    """A rule, or a view where the folder is called ``views``. Raises RuleError."""
    return read_view(path) if path.parent.name == "views" else read_rule(path)


def _as_own(item: View) -> View:
    """A county's own. Raises RuleError where its id is one of the catalogue's."""
    if isinstance(item, Rule) and not item.id.startswith("X"):
        raise fail(
            item.path,
            f"本县自定规则的编号须以 X 开头，不能是 {item.id}。",
            "R 开头的编号留给规则目录，请改为 X01、X02……",
            word="id",
        )
    return replace(item, own=True)


def read_own_rule(path: Path) -> Rule:
    """A rule of a county's own; it is not checked against the tables there are. Raises RuleError."""
    rule = _as_own(read_rule(path))
    if not isinstance(rule, Rule):
        raise AssertionError(path)
    return rule


def errors_in(item: View, schema: Mapping[str, tuple[str, ...]]) -> Iterator[RuleError]:
    """Everything wrong with a rule or view, against the tables there are."""
    try:
        sound = True
        for fault in query_faults(item, schema):
            sound = False
            yield error_of(item, fault)
        if sound:
            qualified(item, {name: schema[name] for name in item.reads})
        if isinstance(item, Rule):
            yield from (error_of(item, fault) for fault in rule_faults(item))
            yield from _strange_needs(item, schema)
    except RuleError as error:
        yield error
    yield from _strange_params(item)


def _unique(items: Sequence[Item]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for item in items:
        if item.id in found:
            cause = f"编号 {item.id} 已被《{found[item.id].path.name}》使用。"
            raise fail(item.path, cause, "请换一个编号，并改文件名。", word="id")
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


def _strange_params(item: View) -> Iterator[RuleError]:
    for use in item.params.values():
        if not known_key(use.key):
            near = f"最接近的是 {nearest_key(use.key)}。"
            yield fail(item.path, f"没有编号为 {use.key} 的参数。", near, word=use.key)


def _strange_needs(rule: Rule, schema: Mapping[str, object]) -> Iterator[RuleError]:
    unknown = sorted({name for group in rule.needs for name in group} - set(schema))
    if unknown:
        cause = f"needs 中没有这样的数据项或视图：{'、'.join(unknown)}。"
        yield fail(rule.path, cause, "名字见 mingcha rules --json。", word=unknown[0])


def lint_rule_file(path: Path, views: Mapping[str, View]) -> Rule:
    """One rule read and checked by itself, against the given views. Raises RuleError."""
    rule: Rule = read_rule(path)
    for error in errors_in(rule, schema_of(views)):
        raise error
    return rule


@dataclass(frozen=True)
class Inspected:
    """What a look at a county's own folder gave.

    rules, views  ids that could be read
    errors        everything wrong, with file, line and cure
    warnings      Chinese sentences about what may be wrong
    cases         how many golden cases (示例) were run; none of texts that have errors of their own
    """

    rules: tuple[str, ...]
    views: tuple[str, ...]
    errors: tuple[MingchaError, ...]
    warnings: tuple[str, ...]
    cases: int = 0


def inspect(places: Sequence[Path]) -> Inspected:
    """Everything wrong with a county's own rules, not the first thing alone. Raises RuleError for a missing folder."""
    items: list[View] = []
    errors: list[MingchaError] = []
    for path in sql_files(places):
        try:
            items.append(_as_own(read(path)))
        except RuleError as error:
            errors.append(error)
    views = {item.id: item for item in items if not isinstance(item, Rule)}
    schema = schema_of({**_packaged().views, **views})
    for item in items:
        errors += errors_in(item, schema)
    if not errors:
        try:
            load_rulebook(places)  # what shows only in company: ids used twice, views in a circle
        except RuleError as error:
            errors.append(error)
    return Inspected(
        tuple(item.id for item in items if isinstance(item, Rule)),
        tuple(views),
        tuple(errors),
        tuple(warning for item in items for warning in literal_warnings(item)),
    )
