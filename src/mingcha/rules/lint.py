"""What the SQL and header of a rule must obey beyond their form; checked when a rulebook is loaded."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from importlib.resources import files
from string import Formatter

from sqlglot import exp

from mingcha.errors import Place, RuleError
from mingcha.rules.lineage import qualified
from mingcha.rules.model import BUILT_IN_PARAMS, SUBJECT_KEYS, Rule, View
from mingcha.rules.sql import parse_select, placeholders, tables

#: Macros every engine provides (see engines): the calendar and names as the law and the offices count them.
MACROS = frozenset(
    {
        "ADD_MONTHS",
        "MONTHS_OF_AGE",
        "AGE_ON",
        "NAMES_AGREE",
        "MONTH_OF",
        "MONTH_END",
        "ADD_TO_MONTH",
        "DAYS_BETWEEN",
        "WORKDAYS_BETWEEN",
    }
)

#: Functions that DuckDB runs as written and that transpile to the same meaning in Spark, as the parser names them.
PORTABLE = MACROS | frozenset((files(__package__) / "portable.txt").read_text(encoding="utf-8").split())

#: What sentences may always name, beside facts and parameters.
SENTENCE_NAMES = frozenset({"name", "as_of", "period", "amount", "township", "village"})

_IDENTITY_COLUMNS = ("name", "township", "village", "household_key")
_TAIL = ("period", "amount", "confidence")
_OPT_OUT = re.compile(r"--\s*literal:\s*\S")
_SIZED_TYPE = re.compile(r"\b(?:DECIMAL|NUMERIC|VARCHAR)\s*\([\d,\s]*\)", re.IGNORECASE)
_PLAIN_NUMBERS = {"0", "1"}
#: Comments, texts and names first, so that a number within them is none. A tokenizer of the dialect would take a lone
#: ``$`` within a text for the start of a dollar-quoted one, and lose count of the lines.
_NUMBERS = re.compile(
    r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$?[^\W\d]\w*|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)""",
    re.DOTALL,
)


def lint_query(item: View, schema: Mapping[str, Collection[str]]) -> None:
    """Checks the SELECT of a rule or view.

    schema   columns of every dataset and view that may be read
    Raises RuleError naming the first thing found.
    """
    query = parse_select(item.path, item.sql)
    for cause in _query_faults(item, query, schema):
        raise RuleError(cause, place=Place(item.path.name))
    qualified(item, {name: schema[name] for name in item.reads})


def _query_faults(item: View, query: exp.Query, schema: Mapping[str, Collection[str]]) -> Iterator[str]:
    unknown = set(item.reads) - set(schema)
    if unknown:
        yield f"reads 中没有这样的数据项或视图：{_names(unknown)}。"
    read = tables(query)
    if read - set(item.reads):
        yield f"SQL 读了 reads 未列的表：{_names(name or '（表函数）' for name in read - set(item.reads))}。"
    if set(item.reads) - read:
        yield f"reads 列了 SQL 没有读的表：{_names(set(item.reads) - read)}。"
    used, declared = placeholders(query), set(item.params)
    if used - declared - set(BUILT_IN_PARAMS):
        yield f"SQL 用了 params 未列的参数：{_names(used - declared - set(BUILT_IN_PARAMS))}。"
    if declared - used or declared & set(BUILT_IN_PARAMS):
        yield f"params 列了 SQL 没有用的参数，或与固有参数重名：{_names(declared - (used - set(BUILT_IN_PARAMS)))}。"
    yield from _unportable(query)


def _names(names: Collection[str] | Iterator[str]) -> str:
    return "、".join(sorted(names))


def _unportable(query: exp.Query) -> Iterator[str]:
    for star in query.find_all(exp.Star):
        if not isinstance(star.parent, exp.Count):
            yield "除 COUNT(*) 外不得用 *，请逐列写明。"
    if any(select.args.get("qualify") for select in query.find_all(exp.Select)):
        yield "不得用 QUALIFY（Spark 不支持），请改用子查询。"
    if query.find(exp.Interval):
        yield "不得用 INTERVAL（两种引擎结果不同），请用 ADD_MONTHS 或日期加天数。"
    if query.find(exp.Lambda):
        yield "不得用 lambda，请改用聚合。"
    for function in query.find_all(exp.Func):
        name = function.name.upper() if isinstance(function, exp.Anonymous) else function.sql_name()
        if name not in PORTABLE:
            yield f"函数 {name} 不在可移植函数之列。"


def lint_rule(rule: Rule) -> None:
    """Checks what only rules promise: output columns in order, sentences that can be filled. Raises RuleError."""
    for cause in _rule_faults(rule):
        raise RuleError(cause, place=Place(rule.path.name))


def _rule_faults(rule: Rule) -> Iterator[str]:
    expected = SUBJECT_KEYS[rule.subject]
    if rule.columns[: len(expected)] != expected:
        yield f"对象为 {rule.subject} 的规则，SELECT 须以 {_names(expected)} 开头。"
    ranks = [_rank(column) for column in rule.columns[len(expected) :]]
    if None in ranks:
        strange = [column for column in rule.columns[len(expected) :] if _rank(column) is None]
        yield f"SELECT 中有规定之外的列：{_names(strange)}。"
    elif ranks != sorted(ranks, key=lambda rank: rank or 0):
        yield "SELECT 的列序应为：对象、姓名地点、ev_、fact_、period、amount、confidence。"
    if not any(column.startswith("ev_") for column in rule.columns):
        yield "SELECT 至少须有一列证据 ev_。"
    if rule.severity == "red" and "confidence" in rule.columns and rule.identity == "exact":
        yield "红色规则只用精确身份，不得输出 confidence。"
    known = set(rule.facts) | set(rule.params) | SENTENCE_NAMES
    for field, allowed in (("summary", known), ("finds", set(rule.params))):
        unknown = _placeholders_of(getattr(rule, field), rule) - allowed
        if unknown:
            yield f"{field} 中的 {_names(unknown)} 填不出来：没有这样的 fact_ 列或参数。"


def _rank(column: str) -> int | None:
    if column in _IDENTITY_COLUMNS:
        return 0
    for rank, prefix in enumerate(("ev_", "fact_"), start=1):
        if column.startswith(prefix):
            return rank
    return _TAIL.index(column) + 3 if column in _TAIL else None


def _placeholders_of(sentence: str, rule: Rule) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    except ValueError as error:
        raise RuleError(f"句子的大括号不成对：{error}。", place=Place(rule.path.name)) from error


def literal_warnings(item: View) -> list[str]:
    """Numbers in the SQL that may be policy in disguise: line number and number, in Chinese.

    0 and 1, sizes of types, and lines that give a reason as ``-- literal: …`` are left alone.
    """
    lines = item.sql.split("\n")
    plain = _SIZED_TYPE.sub(lambda found: "VARCHAR" + "\n" * found.group().count("\n"), item.sql)
    numbers = [
        (plain.count("\n", 0, found.start()), found["number"]) for found in _NUMBERS.finditer(plain) if found["number"]
    ]
    return [
        f"{item.path.name}：第{line + 1}行的数字 {number} 或是政策参数：请改为参数，或行尾注明 -- literal: 理由"
        for line, number in numbers
        if number not in _PLAIN_NUMBERS and not _OPT_OUT.search(lines[line])
    ]
