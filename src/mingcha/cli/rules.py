"""``mingcha rules``: the catalogue as built; a county's own rules looked over and tried."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from mingcha import api
from mingcha.cli.options import a_date, a_size, some_seconds
from mingcha.cli.show import progress_for_terminal
from mingcha.findings.result import ComparisonResult, RuleOutcome

#: What a rule that is tried may take where nobody says otherwise.
_TRY_SECONDS, _TRY_MEMORY = 60.0, 1 << 30
_SHOWN = 20


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = commands.add_parser("rules", help="规则目录；检查和试运行本县自定的规则")
    parser.add_argument("--json", action="store_true", help="给程序读的 JSON")
    parser.set_defaults(run=run)
    tasks = parser.add_subparsers(metavar="动作", parser_class=type(parser))
    checking = tasks.add_parser("check", help="检查本县规则文件夹或文件和旁边的示例，逐处指出错在哪一行、怎么改")
    checking.add_argument("places", metavar="DIR", type=Path, nargs="+", help="规则文件夹或单个 .sql 文件")
    checking.set_defaults(run=check)
    trying = tasks.add_parser("try", help="在现有数据上试运行一条规则，看会查出什么；什么也不改")
    trying.add_argument("file", metavar="FILE", type=Path, help="规则文件（.sql）")
    trying.add_argument("--on", metavar="DIR", type=Path, required=True, help="工作区，或放着各部门表格的文件夹")
    trying.add_argument("--as-of", type=a_date, metavar="DATE", help="比对日，默认今天")
    trying.add_argument("--params", type=Path, metavar="FILE", help="政策参数文件（YAML），覆盖参数包")
    trying.add_argument("--views", type=Path, metavar="DIR", help="本县共用视图的文件夹，默认规则旁边的 views")
    trying.add_argument("--limit", type=int, metavar="N", default=_SHOWN, help=f"最多列出几条，默认 {_SHOWN}")
    trying.add_argument("--seconds", type=some_seconds, metavar="N", default=_TRY_SECONDS, help="最长运行秒数，默认 60")
    trying.add_argument("--memory", type=a_size, metavar="1G", default=_TRY_MEMORY, help="最多占用的内存，默认 1G")
    trying.set_defaults(run=try_out)


def run(options: argparse.Namespace) -> int:
    """Shows the catalogue."""
    entries = api.rule_catalogue()
    if options.json:
        print(json.dumps(entries, ensure_ascii=False, indent=2))
        return 0
    for entry in entries:
        basis = f"（{'、'.join(entry['clauses'])}；数据：{'、'.join(entry['datasets'])}）"
        print(f"{entry['id']}  {entry['severity']:<6}  {entry['title']}  {basis}")
    return 0


def check(options: argparse.Namespace) -> int:
    """Names everything wrong with a county's own rules; 0 where nothing is."""
    looked = api.check_own_rules(options.places)
    for error in looked.errors:
        print(f"✗ {error}")
    for warning in looked.warnings:
        print(f"！{warning}")
    counts = f"{len(looked.rules)}条规则、{len(looked.views)}个视图、{looked.cases}个示例"
    outcome = (
        f"{len(looked.errors)}处错误，{len(looked.warnings)}处提醒" if looked.errors or looked.warnings else "没有问题"
    )
    print(f"看了{counts}：{outcome}。")
    return 1 if looked.errors else 0


def try_out(options: argparse.Namespace) -> int:
    """Shows what one rule would find."""
    rule = api.own_rule(options.file)
    views = options.views or options.file.parent / "views"
    progress = progress_for_terminal()
    try:
        result = api.compare(
            options.on,
            as_of=options.as_of,
            rules=[rule.id],
            params=options.params,
            own_rules=[options.file, *([views] if views.is_dir() else [])],
            bounds=api.Bounds(options.memory, options.seconds),
            progress=progress,
        )
    finally:
        progress.close()
    return _told(result, next(each for each in result.rules if each.id == rule.id), options.limit)


def _told(result: ComparisonResult, outcome: RuleOutcome, limit: int) -> int:
    print(f"{outcome.id} {outcome.title}：查什么：{outcome.finds}")
    if outcome.state == "skipped":
        print(f"没有运行：{outcome.reason}")
        return 1
    if outcome.reason:
        print(outcome.reason)
    amount = f"，涉及{outcome.amount}元" if outcome.amount else ""
    print(f"比对日 {result.as_of}，用时 {outcome.seconds:.1f} 秒。")
    print(f"会查出 {outcome.findings} 条{amount}，都要核实后才能下结论。")
    for finding in result.findings.slice(0, limit).to_pylist():
        print(f"  {finding['township'] or '—'} {finding['village'] or ''}  {finding['summary']}")
    if outcome.findings > limit:
        print(f"  ……还有 {outcome.findings - limit} 条（--limit 可以多看）")
    return 0
