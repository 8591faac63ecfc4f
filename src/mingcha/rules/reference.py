"""The reference of the rules and the register of the data they need, written from headers, cases and SQL.

``python -m mingcha.rules.reference FOLDER`` writes both; a test keeps what lies in the repository's docs current.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mingcha.datasets import Dataset, columns_of, load_catalogue
from mingcha.parameters import Parameters, load_parameters
from mingcha.parameters.facts import find_fact
from mingcha.parameters.words import value_words
from mingcha.rules.cases import Example, examples_of
from mingcha.rules.catalogue import SUBJECTS, datasets_read, filled_sentence, unfolded, uses_of
from mingcha.rules.loader import load_rulebook
from mingcha.rules.model import SEVERITIES, Rule, Rulebook

#: The day whose parameters the printed reference shows: the last of the month in which the work plan was issued.
REFERENCE_DAY = date(2023, 6, 30)
_EXAMPLES = 8
_IDENTITIES = {
    "exact": "只按有效身份证号和姓名都一致的比对",
    "mixed": "按身份证号，号码缺失时按同村同名，可信度写在疑点里",
    "none": "不涉及个人身份",
}
#: What tells a person, of all columns the most sensitive: field type → its word.
_PERSONAL = {"id18": "身份证号", "cert": "证件号", "account": "银行账号", "phone": "电话", "name": "姓名"}
#: Columns that every snapshot has of its own: no office delivers them.
_SYSTEM = frozenset({"row_id", "row_no", "is_doubtful", "doubts", "roll_month", "county_name"})


@dataclass(frozen=True)
class Need:
    """What one rule needs of one dataset.

    offices   who delivers it
    fields    headers of the columns, in the dataset's order
    personal  those among them that tell who somebody is
    """

    dataset: str
    title: str
    offices: tuple[str, ...]
    fields: tuple[str, ...]
    personal: tuple[str, ...]


def needs_of(rulebook: Rulebook, rule: Rule) -> list[Need]:
    """What a rule needs, dataset by dataset, told from its SQL."""
    datasets = load_catalogue().datasets
    return [_need(datasets[name], columns) for name, columns in datasets_read(rulebook, rule).items()]


def _need(dataset: Dataset, columns: Iterable[str]) -> Need:
    wanted = set(columns) - _SYSTEM
    named = (column.field for column in columns_of(dataset) if column.name in wanted and column.field is not None)
    fields = [name for name in dict.fromkeys(named) if name in dataset.fields]
    headers = tuple(dataset.fields[name].header for name in fields)
    personal = tuple(dataset.fields[name].header for name in fields if dataset.fields[name].type in _PERSONAL)
    return Need(dataset.id, dataset.title, dataset.offices, headers, personal)


def register(rulebook: Rulebook) -> list[tuple[str, Need, tuple[str, ...]]]:
    """The data-sharing register (数据共享清单): office, what is needed of one of its datasets, ids of the rules.

    Sorted by office and dataset; of a dataset that several offices deliver each has a line.
    """
    datasets = load_catalogue().datasets
    columns: dict[str, set[str]] = {}
    rules: dict[str, list[str]] = {}
    for rule in rulebook.rules.values():
        for name, own in datasets_read(rulebook, rule).items():
            columns.setdefault(name, set()).update(own)
            rules.setdefault(name, []).append(rule.id)
    lines = []
    for name, read in columns.items():
        need = _need(datasets[name], read)
        lines += [(office, need, tuple(rules[name])) for office in need.offices or ("未写明",)]
    return sorted(lines, key=lambda line: (line[0], line[1].dataset))


# ---- Markdown


def page(rulebook: Rulebook, rule: Rule, parameters: Parameters) -> str:
    """One rule's page in Chinese Markdown."""
    uses = uses_of(rulebook, rule)
    lines = [
        f"# {rule.id} {rule.title}",
        "",
        f"{SEVERITIES[rule.severity]}色 · 对象：{SUBJECTS[rule.subject]} · 第{rule.version}版 · "
        f"工作方案条款 {'、'.join(rule.clauses)}",
        "",
        f"**查什么**：{filled_sentence(rule, parameters)}",
        "",
        "查出的是疑点，核实后才能下结论。",
        "",
        "## 依据",
        "",
        *(f"- {each}" for each in rule.law),
        "",
        "## 口径",
        "",
        *([unfolded(rule.reading), ""] if rule.reading else []),
        f"身份匹配：{_IDENTITIES[rule.identity]}。",
        "",
        "## 参数",
        "",
    ]
    lines += _table(
        ("编号", "参数", f"执行值（{parameters.as_of}）"), [_parameter(use.key, parameters) for use in uses]
    ) or [
        "不用政策参数。",
        "",
    ]
    lines += ["## 例子", "", *_examples(examples_of(rule))]
    lines += ["## 已知的误报", "", *(f"{number}. {each}" for number, each in enumerate(rule.false_hits, 1)), ""]
    lines += ["## 怎样核实", "", *(f"{number}. {each}" for number, each in enumerate(rule.verify, 1)), ""]
    lines += ["## 用到的数据", ""]
    rows = [(need.title, "、".join(need.offices), "、".join(need.fields)) for need in needs_of(rulebook, rule)]
    lines += _table(("数据", "报送单位", "用到的栏目"), rows)
    return "\n".join(lines).rstrip() + "\n"


def _parameter(key: str, parameters: Parameters) -> tuple[str, str, str]:
    value = parameters.get(key)
    words = "未设置" if value is None else value_words(find_fact(key), value)
    return key, parameters.title(key), words


def _examples(examples: list[Example]) -> list[str]:
    """Some that are findings and some that are none."""
    hits = [each for each in examples if each.findings]
    misses = [each for each in examples if not each.findings]
    told = [f"- 报：{each.name}" for each in hits[: _EXAMPLES // 2]]
    told += [f"- 不报：{each.name.removesuffix('不报')}" for each in misses[:_EXAMPLES]]
    return [*told, "", f"全部 {len(examples)} 个例子在规则旁边的 `.cases.yaml` 里，每次测试都重新核对。", ""]


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """A table and a blank line; [] without rows."""
    body = [f"| {' | '.join(_cell(each) for each in row)} |" for row in rows]
    return [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *body, ""] if body else []


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def index(rulebook: Rulebook) -> str:
    """The list of all rules, and the rules of each clause."""
    rules = rulebook.rules.values()
    clauses: dict[str, list[str]] = {}
    for rule in rules:
        for clause in rule.clauses:
            clauses.setdefault(clause, []).append(f"[{rule.id}]({rule.id}.md)")
    listed = [
        (f"[{rule.id}]({rule.id}.md)", rule.title, SEVERITIES[rule.severity], "、".join(rule.clauses)) for rule in rules
    ]
    lines = [
        "# 规则目录",
        "",
        f"共 {len(rulebook.rules)} 条。由 `python -m mingcha.rules.reference docs/reference` 写成，请勿手改。",
        "",
    ]
    lines += _table(("规则", "名称", "级别", "条款"), listed)
    lines += ["## 按工作方案条款", ""]
    lines += _table(("条款", "规则"), [(clause, "、".join(found)) for clause, found in sorted(clauses.items())])
    return "\n".join(lines).rstrip() + "\n"


def register_page(rulebook: Rulebook) -> str:
    """The register as Markdown: by office, what it delivers, which columns are needed, for what."""
    lines = [
        "# 数据共享清单",
        "",
        "哪个单位的哪张表、哪些栏目，被哪些规则用到，用于核实什么（个人信息保护法第六条：限于实现处理目的的最小范围）。",
        "由规则的 SQL 推出，规则不读没有列出的栏目。",
        "由 `python -m mingcha.rules.reference docs/reference` 写成，请勿手改。",
        "",
    ]
    by_office: dict[str, list[tuple[str, ...]]] = {}
    for office, need, rules in register(rulebook):
        row = (need.title, "、".join(need.fields), "、".join(need.personal) or "—", "、".join(rules))
        by_office.setdefault(office, []).append(row)
    for office, rows in by_office.items():
        lines += [f"## {office}", "", *_table(("数据", "用到的栏目", "其中能认出个人的", "规则"), rows)]
    return "\n".join(lines).rstrip() + "\n"


def files(rulebook: Rulebook) -> Mapping[str, str]:
    """File name below docs/reference → its text."""
    parameters = load_parameters(REFERENCE_DAY)
    pages = {f"rules/{rule.id}.md": page(rulebook, rule, parameters) for rule in rulebook.rules.values()}
    return {**pages, "rules/README.md": index(rulebook), "data-sharing.md": register_page(rulebook)}


def write(folder: Path) -> None:
    """Writes all files; pages of rules that are no more are removed."""
    found = files(load_rulebook())
    for name, text in found.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    for path in (folder / "rules").glob("*.md"):
        if f"rules/{path.name}" not in found:
            path.unlink()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
