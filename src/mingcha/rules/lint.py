"""What the SQL and header of a rule must obey beyond their form; checked when a rulebook is loaded."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from string import Formatter

from sqlglot import exp

from mingcha.errors import Place, RuleError
from mingcha.rules.header import line_of
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


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a rule or view. word: what stands on the line that is meant."""

    cause: str
    remedy: str = ""
    word: str = ""


def error_of(item: View, fault: Fault) -> RuleError:
    """A fault as an error with its line."""
    row = line_of(item.text, fault.word)
    return RuleError(fault.cause, remedy=fault.remedy, place=Place(item.path.name, row=row))


def query_faults(item: View, schema: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """What is wrong with the SELECT of a rule or view, columns apart. Raises RuleError where it cannot be parsed."""
    query = parse_select(item.path, item.sql, item.first_line)
    if any(each.args.get("recursive") for each in query.find_all(exp.With)):
        yield Fault("不得用 WITH RECURSIVE（可能没有尽头）。", "请把要连的层数逐层写出。", "RECURSIVE")
    unknown = sorted(set(item.reads) - set(schema))
    if unknown:
        yield Fault(f"reads 中没有这样的数据项或视图：{_names(unknown)}。", _nearest(unknown[0], schema), unknown[0])
    read = tables(query)
    strange = sorted(read - set(item.reads))
    if strange:
        yield Fault(
            f"SQL 读了 reads 未列的表：{_names(name or '（表函数）' for name in strange)}。",
            "规则只能读数据项和共用视图，并须在 reads 里逐一列出。",
            next((name for name in strange if name), "FROM"),
        )
    if set(item.reads) - read:
        yield Fault(f"reads 列了 SQL 没有读的表：{_names(set(item.reads) - read)}。", "请从 reads 删去。", "reads")
    used, declared = placeholders(query), set(item.params)
    undeclared = sorted(used - declared - set(BUILT_IN_PARAMS))
    if undeclared:
        cure = "请在 params 里写明它取哪一个政策参数。"
        yield Fault(f"SQL 用了 params 未列的参数：{_names(undeclared)}。", cure, f"${undeclared[0]}")
    if declared - used or declared & set(BUILT_IN_PARAMS):
        idle = _names(declared - (used - set(BUILT_IN_PARAMS)))
        yield Fault(f"params 列了 SQL 没有用的参数，或与固有参数重名：{idle}。", "请从 params 删去。", "params")
    yield from _unportable(query)


def _names(names: Collection[str] | Iterator[str]) -> str:
    return "、".join(sorted(names))


def _nearest(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"是不是 {near[0]}？" if near else "数据项和视图的名字见 mingcha rules --json。"


def _unportable(query: exp.Query) -> Iterator[Fault]:
    for star in query.find_all(exp.Star):
        if not isinstance(star.parent, exp.Count):
            yield Fault("除 COUNT(*) 外不得用 *，请逐列写明。", word="*")
    for node in query.find_all(*_REFUSED):
        said, cure, word = next(words for kind, words in _REFUSED.items() if isinstance(node, kind))
        yield Fault(f"不得用 {said}。", cure, word)
    if any(select.args.get("qualify") for select in query.find_all(exp.Select)):
        yield Fault("不得用 QUALIFY（Spark 不支持）。", "请改用子查询。", "QUALIFY")
    for function in query.find_all(exp.Func):
        name = function.name.upper() if isinstance(function, exp.Anonymous) else function.sql_name()
        if name not in PORTABLE:
            yield Fault(
                f"函数 {name} 不在可移植函数之列。",
                "可用的函数见 docs/howto/write-a-rule.md。",
                _as_written(function, name),
            )


#: What no rule may hold: how it is called, the cure, what shows the line.
_REFUSED: dict[type[exp.Expression], tuple[str, str, str]] = {
    exp.Interval: ("INTERVAL（两种引擎结果不同）", "请用 ADD_MONTHS 或日期加天数。", "INTERVAL"),
    exp.Lambda: ("lambda", "请改用聚合。", "lambda"),
    exp.Into: ("SELECT INTO", "规则只查数据，不写数据。", "INTO"),
    exp.Lock: ("FOR UPDATE", "请删去。", "FOR"),
    exp.TableSample: ("抽样（每次结果不同）", "请删去。", "SAMPLE"),
    exp.Pivot: ("PIVOT", "请改用 CASE 和 GROUP BY。", "PIVOT"),
}


def _as_written(function: exp.Func, name: str) -> str:
    return function.name if isinstance(function, exp.Anonymous) else name


def rule_faults(rule: Rule) -> Iterator[Fault]:
    """What is wrong with a rule beyond its query. Raises RuleError where a sentence cannot be read."""
    expected = SUBJECT_KEYS[rule.subject]
    first = rule.columns[0]
    if rule.columns[: len(expected)] != expected:
        yield Fault(f"对象为 {rule.subject} 的规则，SELECT 须以 {_names(expected)} 开头。", "请调整列序。", first)
    ranks = [_rank(column) for column in rule.columns[len(expected) :]]
    order = "列序应为：对象、姓名地点、ev_、fact_、period、amount、confidence。"
    if None in ranks:
        strange = [column for column in rule.columns[len(expected) :] if _rank(column) is None]
        yield Fault(f"SELECT 中有规定之外的列：{_names(strange)}。", order, strange[0])
    elif ranks != sorted(ranks, key=lambda rank: rank or 0):
        yield Fault("SELECT 的列序不对。", order, rule.columns[len(expected)])
    if not any(column.startswith("ev_") for column in rule.columns):
        yield Fault("SELECT 至少须有一列证据 ev_。", "请选出所依据的行的 row_id，取名 ev_ 开头。", first)
    if rule.severity == "red" and "confidence" in rule.columns and rule.identity == "exact":
        yield Fault(
            "红色规则只用精确身份，不得输出 confidence。", "请删去这一列，或把 identity 改为 mixed。", "confidence"
        )
    known = set(rule.facts) | set(rule.params) | SENTENCE_NAMES
    for field, allowed in (("summary", known), ("finds", set(rule.params))):
        unknown = _placeholders_of(getattr(rule, field), rule, field) - allowed
        if unknown:
            cause = f"{field} 中的 {_names(unknown)} 填不出来：没有这样的 fact_ 列或参数。"
            yield Fault(cause, "请在 SELECT 里加上这一列，或改句子。", field)


def _rank(column: str) -> int | None:
    if column in _IDENTITY_COLUMNS:
        return 0
    for rank, prefix in enumerate(("ev_", "fact_"), start=1):
        if column.startswith(prefix):
            return rank
    return _TAIL.index(column) + 3 if column in _TAIL else None


def _placeholders_of(sentence: str, rule: Rule, field: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    except ValueError as error:
        cause = f"{field} 的大括号不成对。"
        raise error_of(rule, Fault(cause, "每个 { 都要有 }，中间写事实或参数的名字。", field)) from error


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
        f"{item.path.name}：第{line + item.first_line}行的数字 {number} 或是政策参数："
        "请改为参数，或行尾注明 -- literal: 理由"
        for line, number in numbers
        if number not in _PLAIN_NUMBERS and not _OPT_OUT.search(lines[line])
    ]
