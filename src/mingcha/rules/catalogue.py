"""The rule catalogue as built, and one rule in plain Chinese."""

from __future__ import annotations

import re
from typing import Any

from mingcha.datasets import load_catalogue
from mingcha.parameters import Parameters
from mingcha.parameters.facts import families, find_fact
from mingcha.parameters.words import value_words
from mingcha.rules.known import locked_reads
from mingcha.rules.lineage import columns_through
from mingcha.rules.loader import schema_of
from mingcha.rules.model import ASKED_TABLES, SEVERITIES, ParamUse, Rule, Rulebook

#: Subject of a finding → its Chinese word.
SUBJECTS = {
    "person": "个人",
    "household": "家庭",
    "account": "银行账户",
    "officer": "干部和经办人员",
    "township": "乡镇",
    "unit": "单位",
    "item": "事项",
}


def datasets_read(rulebook: Rulebook, rule: Rule) -> dict[str, tuple[str, ...]]:
    """Dataset → its columns that a rule needs, by itself or through views; sorted.

    Of a text that the lock registers, with all it rests on, this was told when the lock was written.
    """
    views = rulebook.views_of(rule)
    known = locked_reads()
    if rule.sha256 in known and all(view.sha256 in known for view in views):
        return dict(known[rule.sha256])
    found = columns_through(rule, views, schema_of(rulebook.views))
    return {name: columns for name, columns in found.items() if name not in ASKED_TABLES}


def catalogue_entries(rulebook: Rulebook) -> list[dict[str, Any]]:
    """One JSON-able entry a rule: what ``mingcha rules --json`` prints."""
    return [_entry(rulebook, rule) for rule in rulebook.rules.values()]


def _entry(rulebook: Rulebook, rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "version": rule.version,
        "status": rule.status,
        "severity": rule.severity,
        "clauses": list(rule.clauses),
        "law": list(rule.law),
        "subject": rule.subject,
        "identity": rule.identity,
        "needs": [list(group) for group in rule.needs],
        "views": [view.id for view in rulebook.views_of(rule)],
        "datasets": {name: list(columns) for name, columns in datasets_read(rulebook, rule).items()},
        "parameters": [
            {"key": use.key, "title": _param_title(use.key), "optional": use.optional, "part": use.part}
            for use in uses_of(rulebook, rule)
        ],
        "finds": rule.finds,
        "false_hits": list(rule.false_hits),
        "verify": list(rule.verify),
        "reading": rule.reading,
    }


def uses_of(rulebook: Rulebook, rule: Rule) -> list[ParamUse]:
    """One entry a fact id, in the order of the ids."""
    return list({use.key: use for use in reversed(rulebook.params_of(rule))}.values())[::-1]


def _param_title(key: str) -> str:
    fact = find_fact(key)
    return fact.title if fact else key


def rules_by_parameter(rulebook: Rulebook) -> dict[str, tuple[str, ...]]:
    """Fact id (without part) → ids of the rules that take it. A family counts for each of its facts."""
    found: dict[str, set[str]] = {}
    for rule in rulebook.rules.values():
        for use in rulebook.params_of(rule):
            base = use.key.partition(".")[0]
            for key in families().get(base, (base,)):
                found.setdefault(key, set()).add(rule.id)
    return {key: tuple(sorted(rules)) for key, rules in sorted(found.items())}


def explain(rulebook: Rulebook, rule: Rule, parameters: Parameters) -> str:
    """One rule in plain Chinese: what it finds, legal basis, parameters in force, known false hits, how to verify."""
    uses = uses_of(rulebook, rule)
    lines = [
        f"{rule.id} {rule.title}（{SEVERITIES[rule.severity]}色，第{rule.version}版）",
        "",
        f"查什么：{filled_sentence(rule, parameters)}",
        f"对象：{SUBJECTS[rule.subject]}。查出的是疑点，须核实后才能认定。",
        f"依据：{'；'.join(rule.law)}",
        f"工作方案条款：{'、'.join(rule.clauses)}",
        f"所需数据：{'；'.join(_need(rulebook, group) for group in rule.needs) or '无特别要求'}",
    ]
    if rule.reading:
        lines.append(f"口径：{unfolded(rule.reading)}")
    lines += ["", f"{parameters.as_of:%Y-%m-%d}执行的参数：" if uses else "参数：不用参数。"]
    lines += [f"  {use.key} {parameters.title(use.key)}：{_value(use, parameters)}" for use in uses]
    lines += ["", "已知的误报：", *(f"  {index}. {text}" for index, text in enumerate(rule.false_hits, 1))]
    lines += ["", "怎样核实：", *(f"  {index}. {text}" for index, text in enumerate(rule.verify, 1))]
    return "\n".join(lines)


def unfolded(text: str) -> str:
    """A text whose lines were folded, without the blanks that folding leaves between Chinese words.

    >>> unfolded("有效。 写明 3 天")
    '有效。写明 3 天'
    """
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", text)


def filled_sentence(rule: Rule, parameters: Parameters) -> str:
    """What a rule finds, with the values in force."""
    words = {
        local: value_words(find_fact(use.key), parameters.get(use.key), unit=False)
        for local, use in rule.params.items()
    }
    return rule.finds.format(**{local: word or "未设置" for local, word in words.items()})


def _need(rulebook: Rulebook, group: tuple[str, ...]) -> str:
    datasets = load_catalogue().datasets
    titles = [rulebook.views[name].title if name in rulebook.views else datasets[name].title for name in group]
    return "、".join(titles) + ("（有其一即可）" if len(titles) > 1 else "")


def _value(use: ParamUse, parameters: Parameters) -> str:
    value = parameters.get(use.key)
    if value is None:
        return f"未设置，未比对：{use.part}" if use.optional else "未设置，本规则不运行"
    return value_words(find_fact(use.key), value)


__all__ = [
    "SUBJECTS",
    "catalogue_entries",
    "datasets_read",
    "explain",
    "filled_sentence",
    "rules_by_parameter",
    "unfolded",
    "uses_of",
]
