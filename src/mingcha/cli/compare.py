"""``mingcha compare``: compares a folder as it lies and writes what looks wrong."""

from __future__ import annotations

import argparse
from pathlib import Path

from mingcha import api
from mingcha.cli.options import a_date, a_size, rule_ids, some_seconds
from mingcha.cli.show import progress_for_terminal
from mingcha.findings.result import SEVERITIES, ComparisonResult

_SEVERITY_WORDS = {"red": "红色", "orange": "橙色", "yellow": "黄色", "blue": "蓝色（应保未保线索）"}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command."""
    parser = commands.add_parser("compare", help="比对一个文件夹里的表格")
    parser.add_argument("folder", metavar="DIR", type=Path, help="放着各部门表格的文件夹")
    parser.add_argument("--as-of", type=a_date, metavar="DATE", help="比对日，默认今天")
    parser.add_argument("--out", type=Path, metavar="DIR", help="结果写到哪里，默认 DIR/mingcha-out")
    parser.add_argument("--workspace", type=Path, metavar="DIR", help="工作区：保存快照和密钥，再次比对更快")
    parser.add_argument("--rules", type=rule_ids, metavar="R01,R02", help="只运行这些规则")
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help="计算引擎，默认 duckdb")
    parser.add_argument("--spark-master", metavar="URL", help="Spark 集群的地址，默认在本机运行；只用于 --engine spark")
    parser.add_argument("--memory", type=a_size, metavar="4G", help="计算引擎最多占用的内存，默认按数据量定")
    parser.add_argument("--rule-seconds", type=some_seconds, metavar="N", help="单条规则最长运行秒数，超过的列出不算")
    parser.add_argument("--params", type=Path, metavar="FILE", help="政策参数文件（YAML），覆盖参数包")
    parser.add_argument("--reveal", action="store_true", help="结果中显示完整身份证号")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Carries the command out."""
    out = options.out or options.folder / "mingcha-out"
    progress = progress_for_terminal()
    try:
        result = api.compare(
            options.folder,
            as_of=options.as_of,
            out=out,
            workspace=options.workspace,
            rules=options.rules,
            engine=options.engine,
            spark_master=options.spark_master,
            params=options.params,
            reveal=options.reveal,
            bounds=api.Bounds(options.memory, options.rule_seconds),
            progress=progress,
        )
    finally:
        progress.close()
    print_summary(result, out)
    return 0


def print_summary(result: ComparisonResult, out: Path) -> None:
    """The run in a few lines: what was read, what was found, where it lies."""
    sheets = [sheet for sheet in result.intake.sheets if sheet.dataset]
    read, accepted = sum(sheet.read for sheet in sheets), sum(sheet.accepted for sheet in sheets)
    doubtful, rejected = sum(sheet.doubtful for sheet in sheets), sum(sheet.rejected for sheet in sheets)
    print(f"比对日 {result.as_of}，用时 {result.seconds:.1f} 秒")
    print(f"识别 {len(sheets)} 张表，读入 {read} 行：接受 {accepted}，存疑 {doubtful}，退回 {rejected}")
    # covers and notes hold no table and ask nothing of anybody
    unread = [sheet for sheet in result.intake.sheets if not sheet.dataset and (sheet.nearest or sheet.unfit)]
    if unread:
        print(f"有 {len(unread)} 张表没有认出来，请看 report.html 里的说明")
    severities = result.findings["severity"].to_pylist()
    parts = [f"{_SEVERITY_WORDS[name]} {severities.count(name)}" for name in SEVERITIES]
    print(f"疑点线索 {len(severities)} 条：{'，'.join(parts)}（都要核实后才能下结论）")
    skipped = [rule for rule in result.rules if rule.state == "skipped"]
    if skipped:
        print(f"未运行的规则 {len(skipped)} 条：{'、'.join(rule.id for rule in skipped)}，原因见 report.html")
    print(f"结果在 {out}：先打开 report.html")
