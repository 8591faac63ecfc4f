"""The rule catalogue as built, and one rule in plain Chinese."""

from __future__ import annotations

from typing import Any

from mingcha.datasets import load_catalogue
from mingcha.parameters import Parameters
from mingcha.parameters.facts import families, find_fact
from mingcha.parameters.words import value_words
from mingcha.rules.lineage import columns_read
from mingcha.rules.loader import schema_of
from mingcha.rules.model import ASKED_TABLES, SEVERITIES, ParamUse, Rule, Rulebook

_SUBJECTS = {
    "person": "个人",
    "household": "家庭",
    "account": "银行账户",
    "officer": "干部和经办人员",
    "township": "乡镇",
    "unit": "单位",
    "item": "事项",
}


def datasets_read(rulebook: Rulebook, rule: Rule) -> dict[str, tuple[str, ...]]:
    """Dataset → its columns that a rule reads, by itself or through views; sorted."""
    schema = schema_of(rulebook.views)
    found: dict[str, set[str]] = {}
    for item in (rule, *rulebook.views_of(rule)):
        for name, columns in columns_read(item, schema).items():
            if name not in rulebook.views and name not in ASKED_TABLES:
                found.setdefault(name, set()).update(columns)
    return {name: tuple(sorted(columns)) for name, columns in sorted(found.items())}


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
            for use in _uses(rulebook, rule)
        ],
        "finds": rule.finds,
        "false_hits": list(rule.false_hits),
        "verify": list(rule.verify),
        "reading": rule.reading,
    }


def _uses(rulebook: Rulebook, rule: Rule) -> list[ParamUse]:
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
    uses = _uses(rulebook, rule)
    lines = [
        f"{rule.id} {rule.title}（{SEVERITIES[rule.severity]}色，第{rule.version}版）",
        "",
        f"查什么：{_filled(rule, parameters)}",
        f"对象：{_SUBJECTS[rule.subject]}。查出的是疑点，须核实后才能认定。",
        f"依据：{'；'.join(rule.law)}",
        f"工作方案条款：{'、'.join(rule.clauses)}",
        f"所需数据：{'；'.join(_need(rulebook, group) for group in rule.needs) or '无特别要求'}",
    ]
    if rule.reading:
        lines.append(f"口径：{rule.reading}")
    lines += ["", f"{parameters.as_of:%Y-%m-%d}执行的参数：" if uses else "参数：不用参数。"]
    lines += [f"  {use.key} {parameters.title(use.key)}：{_value(use, parameters)}" for use in uses]
    lines += ["", "已知的误报：", *(f"  {index}. {text}" for index, text in enumerate(rule.false_hits, 1))]
    lines += ["", "怎样核实：", *(f"  {index}. {text}" for index, text in enumerate(rule.verify, 1))]
    return "\n".join(lines)


def _filled(rule: Rule, parameters: Parameters) -> str:
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


__all__ = ["catalogue_entries", "datasets_read", "explain", "rules_by_parameter"]
