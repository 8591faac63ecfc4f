"""A made-up comparison for the tests of outputs; run as a module it writes its files into a folder to look at."""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from mingcha.findings.result import (
    FINDING_SCHEMA,
    LINK_SCHEMA,
    REJECTED_COLUMNS,
    ComparisonResult,
    ParameterInForce,
    RuleOutcome,
)
from mingcha.intake.model import FileProblem, IntakeReport, SheetReport

RULES = (
    ("R01", "死亡未退出", "red", "死亡满3个月，次日起仍在救助名册上的人员。"),
    ("R02", "死后发放", "red", "死亡当月以后仍有发放记录的人员。"),
    ("R04", "死亡信息矛盾", "yellow", "两处死亡日期相差超过7天，或死亡之后仍有见面核实记录的人员。"),
    ("R05", "证件号异常", "yellow", "救助名册上身份证号有误、出生日期或性别与号码不符，或同一号码对应不同姓名的人员。"),
    ("R08", "低保特困重复", "red", "同时在低保和特困名册上的人员。"),
    (
        "R16",
        "护理补贴等级不符",
        "orange",
        "享受重度残疾人护理补贴，但残疾等级不在规定之列，或残疾证已注销、过期的人员。",
    ),
    ("R17", "应享两补未享", "blue", "低保家庭中的持证残疾人，未享受困难残疾人生活补贴，也没有不能享受的情形。"),
    ("R32", "近亲属应备未备", "red", "与在任村干部、经办人员是近亲属而没有备案的救助对象。"),
    ("R40", "账户户名不符", "orange", "发放账户的户名不是本人、户主、家庭成员或监护人。"),
    ("R67", "监测对象未摸排", "blue", "未享受低保、特困，也没有入户结果的防返贫监测对象。"),
)
TOWNSHIPS = ("城关镇", "会亭镇", "马头镇", "济阳镇", "李集镇", "车站镇", "杨集镇", "韩道口镇", "太平镇", "罗庄镇")


def outcome(rule_id: str, **changes: Any) -> RuleOutcome:
    values: dict[str, Any] = {
        "id": rule_id,
        "title": "死亡未退出",
        "severity": "red",
        "clauses": ("C38",),
        "finds": "死亡满3个月，次日起仍在救助名册上的人员。",
        "law": ("夏民办〔2023〕14号四(三)", "民发〔2022〕83号三(一)"),
        "verify": ("查死亡或火化证明", "入户见人", "核对停保审批日期"),
        "false_hits": ("死亡登记证号录错", "已停保但名册未更新"),
        "state": "ran",
        "reason": "",
        "findings": 0,
        "amount": None,
        "seconds": 0.1,
    }
    return RuleOutcome(**{**values, **changes})


def finding(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "finding_id": "R01-AAAAAAAAAAAA",
        "rule_id": "R01",
        "severity": "red",
        "subject_kind": "person",
        "id_number": "411426********0017",
        "name": "王小明",
        "household_id": "HAAAAAAAAAA",
        "township": "城关镇",
        "village": "福利居委会",
        "period": "2023-03",
        "amount": Decimal("1260.50"),
        "confidence": 1.0,
        "summary": "王小明于2023年1月5日死亡，应于2023年4月5日前退出，至2023年6月30日仍在册。",
        "evidence": '[{"dataset": "funeral", "file": "火化名单.csv", "sheet": "", "row": 2}]',
    }
    return {**values, **changes}


def findings_table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=FINDING_SCHEMA)


def rejected_table(rows: list[tuple[Any, ...]]) -> pa.Table:
    types = {"row": pa.int64()}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in REJECTED_COLUMNS])
    return pa.Table.from_pylist([dict(zip(REJECTED_COLUMNS, row, strict=True)) for row in rows], schema=schema)


def sheet(**changes: Any) -> SheetReport:
    values: dict[str, Any] = {
        "file": "民政/低保人员2023年6月.xlsx",
        "sheet": "低保",
        "dataset": "dibao_member",
        "header_rows": (2, 3),
        "columns": {"name": "姓名", "id_no": "身份证号"},
        "read": 10,
        "accepted": 7,
        "doubtful": 1,
        "rejected": 2,
        "skipped": {"合计": 1},
        "reasons": {"身份证号缺失": 2},
        "doubts": {"身份证号校验位不对": 1},
        "roll_month": "2023-06",
        "confidence": 0.97,
        "nearest": (("dibao_member", 0.97), ("low_income_member", 0.6)),
        "unfit": ("备用",),
        "fingerprint": "f1",
        "notes": ("工作表是隐藏的，已照常读取。",),
        "snapshot": "s1",
        "sheet_id": 1,
    }
    return SheetReport(**{**values, **changes})


def parameter(**changes: Any) -> ParameterInForce:
    values: dict[str, Any] = {
        "key": "PL-01",
        "value": 3,
        "unit": "个月",
        "effective_from": date(2023, 6, 21),
        "effective_to": None,
        "region": "411426",
        "source": "S00 夏民办〔2023〕14号 四(三)",
        "status": "verified",
        "rules": ("R01",),
    }
    return ParameterInForce(**{**values, **changes})


def result(**changes: Any) -> ComparisonResult:
    values: dict[str, Any] = {
        "as_of": date(2023, 6, 30),
        "county": "夏邑县",
        "folder": "6月比对",
        "is_fictitious": False,
        "findings": findings_table([finding()]),
        "links": LINK_SCHEMA.empty_table(),
        "rejected": rejected_table(
            [("rejected", "民政/低保人员2023年6月.xlsx", "低保", 6, "身份证号", "", "身份证号缺失")]
        ),
        "intake": IntakeReport((sheet(),), (FileProblem("通知.docx", "ignored", "file.other", "不是表格文件。"),)),
        "rules": (outcome("R01", findings=1, amount=Decimal("1260.50")),),
        "parameters": (parameter(),),
        "covered": {"低保": 4200},
        "revealed": False,
        "seconds": 12.3,
    }
    return ComparisonResult(**{**values, **changes})


def township_scale(seed: int = 7, per_rule: int = 60) -> ComparisonResult:
    """A result of the size and variety a township comparison has."""
    draw = random.Random(seed)
    order = {"red": 0, "orange": 1, "yellow": 2, "blue": 3}
    rows: list[dict[str, Any]] = []
    for rule_id, title, severity, _ in RULES:
        for number in range(draw.randrange(3, per_rule)):
            name = draw.choice("王李张刘陈杨赵黄周吴") + draw.choice(
                ["秀英", "建国", "小明", "桂兰", "志强", "玉梅", "军"]
            )
            township = draw.choice(TOWNSHIPS)
            months = sorted(draw.sample(["2023-01", "2023-02", "2023-03", "2023-04", "2023-05"], draw.randrange(1, 5)))
            money = Decimal(draw.randrange(20000, 400000)) / 100 if rule_id in {"R01", "R02", "R08", "R40"} else None
            evidence = [
                {
                    "dataset": "dibao_member",
                    "file": "民政/农村低保人员2023年6月.xlsx",
                    "sheet": township,
                    "row": number + 4,
                }
            ]
            evidence += [
                {
                    "dataset": "payment",
                    "file": "财政/一卡通发放.xlsx",
                    "sheet": "发放",
                    "row": number * 7 + 3,
                    "month": month,
                }
                for month in months
            ]
            rows.append(
                finding(
                    finding_id=f"{rule_id}-{draw.randrange(32**11):012X}",
                    rule_id=rule_id,
                    severity=severity,
                    id_number=f"411426********{draw.randrange(1000, 9999)}",
                    name=name,
                    township=township,
                    village=draw.choice(["福利居委会", "会亭村", "郭庄村", "刘楼村", "前王楼村"]),
                    period=months[0],
                    amount=money,
                    confidence=0.8 if severity == "orange" and number % 9 == 0 else 1.0,
                    summary=f"{name}（{title}）：{'、'.join(months)}有发放记录，2023年1月5日死亡，请核实是否应当退出。",
                    evidence=json.dumps(evidence, ensure_ascii=False),
                )
            )
    rows.sort(key=lambda row: (order[row["severity"]], row["rule_id"], row["township"], row["village"], row["name"]))
    counts = Counter(row["rule_id"] for row in rows)
    outcomes = [
        outcome(rule_id, title=title, severity=severity, finds=finds, findings=counts[rule_id])
        for rule_id, title, severity, finds in RULES
    ]
    outcomes += [
        outcome("R06", title="异地重复", state="skipped", reason="未提供数据：外县低保名册"),
        outcome(
            "R39",
            title="一人持多卡",
            severity="orange",
            state="skipped",
            reason="参数未设置：KZ-07（一人代管卡折张数上限）",
        ),
        outcome("R07", title="一人多户", state="cached"),
    ]
    return result(
        is_fictitious=True,
        findings=findings_table(rows),
        intake=_intake(draw),
        rules=tuple(sorted(outcomes, key=lambda rule: rule.id)),
        parameters=(
            parameter(),
            parameter(key="CJ-02", value=["*-1", "*-2"], region="41", source="S14 国发〔2015〕52号", rules=("R16",)),
            parameter(
                key="R04-T", value=7, effective_from=None, region="00", source="", status="recalled", rules=("R04",)
            ),
            parameter(key="KZ-07", value=None, region="411426", source="", status="local-variable", rules=("R39",)),
            parameter(key="HN-SQ", value=None, region="4114", source="", status="local-variable", rules=("R46", "R47")),
        ),
        covered={"低保": 4213, "特困": 812, "孤儿和事实无人抚养儿童": 57, "残疾人两项补贴": 1908},
        seconds=38.4,
    )


def _intake(draw: random.Random) -> IntakeReport:
    sheets = [
        sheet(sheet=township, read=(read := draw.randrange(300, 600)), accepted=read - 9, doubtful=6, rejected=3)
        for township in TOWNSHIPS
    ]
    clean: dict[str, Any] = {"rejected": 0, "doubtful": 0, "reasons": {}, "doubts": {}, "roll_month": None}
    paid = {**clean, "rejected": 20, "reasons": {"金额读不懂": 12, "姓名缺失": 8}}
    dead = {**clean, "doubtful": 29, "doubts": {"身份证号缺失": 29}}
    odd: dict[str, Any] = {
        "nearest": (("dibao_household", 0.41), ("hukou", 0.2)),
        "unfit": ("编号", "甲", "乙方签字", "备注二"),
    }
    sheets += [
        sheet(file="财政/一卡通发放.xlsx", sheet="发放", dataset="payment", read=9120, accepted=9100, **paid),
        sheet(file="火化名单.csv", sheet="", dataset="funeral", read=640, accepted=611, **dead),
        sheet(file="残联/持证.et", sheet="Sheet1", dataset="disability_cert", read=2400, accepted=2400, **clean),
        sheet(file="杂/台账.xlsx", sheet="Sheet3", dataset=None, **{**clean, "read": 0, "accepted": 0, **odd}),
    ]
    problems = (
        FileProblem("通知.docx", "ignored", "file.other", "不是表格文件。"),
        FileProblem("低保6月 (1).xlsx", "duplicate", "file.duplicate", "与《低保6月.xlsx》内容相同，只读一次。"),
        FileProblem("加密.xls", "failed", "file.password", "文件有密码。请去掉密码后重新放入。"),
    )
    return IntakeReport(tuple(sheets), problems)


if __name__ == "__main__":
    from mingcha.outputs import write_outputs

    write_outputs(township_scale(), Path(sys.argv[1]))
