"""Golden cases beside a county's own rules are run by ``mingcha rules check``, and each fault names its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.engine.rules.conftest import SQL, RuleWriter

from mingcha import api
from mingcha.cli.main import main

GIVEN = """given:
  as_of: 2023-06-22
  params: {months: 3}
  tekun_person: [{row_id: t1, person_key: 1, name: 马守仁, assess_date: 2023-03-21}]
"""
HIT = "  - {name: 满三个月, finds: [{person_key: 1, ev_roll: t1, fact_day: 2023-03-21}]}\n"
MISS = "  - {name: 差一天不报, change: {tekun_person: {assess_date: 2023-03-22}}, finds: []}\n"
HOWTO = Path(__file__).parents[3] / "docs" / "howto" / "own-rules.zh.md"


def _cases(rule: Path, text: str) -> Path:
    path = rule.with_name(f"{rule.stem}.cases.yaml")
    path.write_text(text, encoding="utf-8")
    return path


def _errors(rule: Path) -> list[str]:
    return [str(error) for error in api.check_own_rules([rule.parents[1]]).errors]


def test_cases_that_hold_are_counted(write_rule: RuleWriter) -> None:
    rule = write_rule()
    _cases(rule, f"{GIVEN}cases:\n{HIT}{MISS}")
    looked = api.check_own_rules([rule.parents[1]])
    assert (looked.errors, looked.cases) == ((), 2)


def test_a_rule_without_cases_is_no_fault(write_rule: RuleWriter) -> None:
    looked = api.check_own_rules([write_rule()])
    assert (looked.errors, looked.cases) == ((), 0)


def test_what_is_not_found_and_what_is_found_beside_is_told_by_line(write_rule: RuleWriter) -> None:
    rule = write_rule(SQL.replace(" > ", " >= "))
    text = f"{GIVEN}cases:\n{HIT.replace('2023-03-21}]', '2023-03-20}]')}{MISS}"
    _cases(rule, text)
    missing, beside = _errors(rule)
    assert missing == (
        "《X01_trial.cases.yaml》第6行：示例“满三个月”应查出的没有查出："
        "{person_key: 1, ev_roll: t1, fact_day: 2023-03-20}。"
        "实际查出 1 条：{person_key: 1, ev_roll: t1, fact_day: 2023-03-21}。"
    )
    assert beside == (
        "《X01_trial.cases.yaml》第7行：示例“差一天不报”不应查出的查出了 1 条："
        "{person_key: 1, ev_roll: t1, fact_day: 2023-03-22}。"
    )


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("{name: 甲}", "没有写全"),
        ("甲", "没有写全"),
        ("{name: 甲, finds: [1]}", "写法不对"),
        ("{name: 甲, change: [1], finds: []}", "写法不对"),
        ("{name: 甲, change: {dibao_member: null}, finds: []}", "不读的表：dibao_member"),
        ("{name: 甲, change: {tekun_person: {agee: 3}}, finds: []}", "没有这些列：agee"),
        ("{name: 甲, change: {tekun_person: [1]}, finds: []}", "不是一行一行的列"),
        ("{name: 甲, change: {tekun_person: {assess_date: 三月}}, finds: []}", "assess_date 的值不是 DATE"),
        ("{name: 甲, change: {tekun_person: {name: true}}, finds: []}", "name 的值不是 VARCHAR"),
        ("{name: 甲, change: {tekun_person: {person_key: [1, 2]}}, finds: []}", "列类型不符"),
        ("{name: 甲, change: {params: {month: 3}}, finds: []}", "没有这些参数：month"),
        ("{name: 甲, change: {params: [3]}, finds: []}", "params 写法不对"),
        ("{name: 甲, change: {as_of: 六月}, finds: []}", "没有写比对日"),
        ("{name: 甲, finds: [{fact_date: 2023-03-21}]}", "没有这些列：fact_date"),
    ],
)
def test_a_case_that_is_not_written_well_is_named_by_its_line(write_rule: RuleWriter, case: str, says: str) -> None:
    rule = write_rule()
    _cases(rule, f"{GIVEN}cases:\n{HIT}  - {case}\n")
    (error,) = _errors(rule)
    assert says in error
    assert error.startswith("《X01_trial.cases.yaml》第7行：")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("given: [\n", "第2行：示例文件不是正确的 YAML"),
        ("given: {as_of: 2023-02-30}\ncases: []\n", "示例文件不是正确的 YAML"),
        ("cases: []\n", "没有写全"),
        ("", "没有写全"),
        (f"{GIVEN.replace('months: 3', '')}cases:\n{HIT}", "第6行：示例“满三个月”没有给出必需的参数：months"),
    ],
)
def test_a_file_that_is_not_written_well_is_named(write_rule: RuleWriter, text: str, says: str) -> None:
    rule = write_rule()
    _cases(rule, text)
    (error,) = _errors(rule)
    assert says in error


def test_a_file_in_another_encoding_is_named(write_rule: RuleWriter) -> None:
    rule = write_rule()
    _cases(rule, "").write_bytes(GIVEN.encode("gb18030"))
    (error,) = _errors(rule)
    assert "须为 UTF-8" in error


def test_a_file_beside_no_rule_is_named(write_rule: RuleWriter) -> None:
    rule = write_rule()
    _cases(rule.with_name("X01_trail.sql"), f"{GIVEN}cases:\n{HIT}")
    assert _errors(rule) == [
        "《X01_trail.cases.yaml》：旁边没有同名的规则。示例文件与规则同名，只是结尾换成 .cases.yaml。"
    ]


def test_faults_of_the_text_come_before_its_cases(write_rule: RuleWriter) -> None:
    rule = write_rule(SQL.replace("assess_date", "assess_dat"))
    _cases(rule, f"{GIVEN}cases:\n{HIT}")
    assert all("X01_trial.sql" in error for error in _errors(rule))


def test_cases_of_own_views_are_run_as_well_and_feed_the_rule(write_rule: RuleWriter) -> None:
    rule = write_rule(
        SQL.replace("tekun_person AS", "assessed AS"), reads="[assessed]", needs="[tekun_person]", uses="[tekun_person]"
    )
    view = rule.parents[1] / "views" / "assessed.sql"
    view.parent.mkdir()
    view.write_text(
        "/* ---\nid: assessed\ntitle: 评估过的人\nversion: 1\nreads: [tekun_person]\n--- */\n"
        "SELECT p.row_id, p.person_key, p.name, p.assess_date FROM tekun_person AS p WHERE p.assess_date IS NOT NULL\n",
        encoding="utf-8",
    )
    _cases(
        view,
        f"{GIVEN.replace('  params: {months: 3}', '')}cases:\n  - {{name: 评估过, finds: [{{person_key: 1}}]}}\n"
        "  - {name: 没有评估不列, change: {tekun_person: {assess_date: null}}, finds: []}\n",
    )
    _cases(rule, f"through: [assessed]\n{GIVEN}cases:\n{HIT}{MISS}")
    looked = api.check_own_rules([rule.parents[1]])
    assert (looked.errors, looked.cases) == ((), 4)


def test_the_command_says_how_many_and_fails_by_its_status(
    write_rule: RuleWriter, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = write_rule()
    cases = _cases(rule, f"{GIVEN}cases:\n{HIT}{MISS}")
    assert main(["rules", "check", str(rule.parents[1])]) == 0
    assert "1条规则、0个视图、2个示例：没有问题。" in capsys.readouterr().out
    cases.write_text(f"{GIVEN}cases:\n{HIT.replace('person_key: 1', 'person_key: 2')}", encoding="utf-8")
    assert main(["rules", "check", str(rule)]) == 1
    assert "✗ 《X01_trial.cases.yaml》第6行" in capsys.readouterr().out


def test_the_how_to_s_rule_and_its_cases_hold(tmp_path: Path) -> None:
    text = HOWTO.read_text(encoding="utf-8")
    sql, cases = (re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)[0] for kind in ("sql", "yaml"))
    (tmp_path / "X01_old_scattered.sql").write_text(sql, encoding="utf-8")
    (tmp_path / "X01_old_scattered.cases.yaml").write_text(cases, encoding="utf-8")
    looked = api.check_own_rules([tmp_path])
    assert (looked.errors, looked.warnings, looked.cases) == ((), (), 4)
