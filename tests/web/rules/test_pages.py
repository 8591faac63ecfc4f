"""Pages of rules and parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mingcha_web.access.models import User
from mingcha_web.runs.models import ParameterProposal

PATH = "/runs/parameters/PL-01/"
GOOD = {"value": "5", "effective_from": "2023-01-01", "source": "县政府办〔2023〕1号", "submit_key": "s1"}


def test_a_change_goes_from_proposal_to_approval(officer_client: Client, leader_client: Client) -> None:
    answer = officer_client.post(PATH, GOOD, follow=True)
    assert "等另一位同事审批" in answer.content.decode()
    address = answer.redirect_chain[-1][0]
    assert "批准</button>" not in answer.content.decode()
    page = leader_client.get(address).content.decode()
    assert "5个月" in page
    assert "批准</button>" in page
    leader_client.post(address, {"decision": "approve", "note": "同意"})
    shown = officer_client.get(f"{PATH}?day=2023-06-30").content.decode()
    assert "<strong>5个月</strong>" in shown
    assert "已批准" in shown


def test_a_waiting_change_stands_on_top_of_the_list(officer_client: Client, leader_client: Client) -> None:
    officer_client.post(PATH, GOOD)
    page = leader_client.get("/runs/parameters/").content.decode()
    assert "等待审批（1）" in page
    assert "有变更待审批" in page


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"value": "五六个"}, "应是整数"),
        ({"source": ""}, "请写明依据"),
        ({"effective_to": "2022-01-01"}, "失效日早于生效日"),
        ({"value": "{1"}, "读不懂"),
        ({"effective_from": "明天"}, "有效的日期"),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_is_kept(
    officer_client: Client, given: dict[str, str], sentence: str
) -> None:
    answer = officer_client.post(PATH, {**GOOD, "note": "看看这个", **given})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "看看这个" in answer.content.decode()
    assert not ParameterProposal.objects.exists()


def test_a_refusal_without_a_reason_is_asked_for_one(officer_client: Client, leader_client: Client) -> None:
    officer_client.post(PATH, GOOD)
    address = f"/runs/parameters/changes/{ParameterProposal.objects.get().pk}/"
    answer = leader_client.post(address, {"decision": "refuse", "note": ""})
    assert answer.status_code == 422
    assert "请写明理由" in answer.content.decode()


def test_ones_own_proposal_cannot_be_approved_by_a_forged_form(officer_client: Client) -> None:
    officer_client.post(PATH, GOOD)
    proposal = ParameterProposal.objects.get()
    answer = officer_client.post(f"/runs/parameters/changes/{proposal.pk}/", {"decision": "approve"})
    assert answer.status_code == 403
    assert "另一个人审批" in answer.content.decode()


def test_unset_parameters_are_marked_and_found(officer_client: Client) -> None:
    page = officer_client.get("/runs/parameters/?state=unset&day=2023-06-30").content.decode()
    assert "参数未设置" in page
    assert "死亡人员退出期限" not in page


def test_a_structured_parameter_names_its_parts(officer_client: Client) -> None:
    assert "城市低保标准：值" in officer_client.get("/runs/parameters/HN-SQ/").content.decode()


def test_an_unknown_parameter_or_rule_is_not_found(officer_client: Client) -> None:
    assert officer_client.get("/runs/parameters/NO-1/").status_code == 404
    assert officer_client.get("/runs/rules/R999/").status_code == 404


def test_a_rule_page_says_what_law_how_to_verify_and_how_often_true(
    officer_client: Client, make_run: Callable[..., Any], make_case: Callable[..., Any]
) -> None:
    make_run(rules={"R01": 9})
    make_case(verdicts=[("true", "fraud")])
    make_case(verdicts=[("untrue", "data")])
    page = officer_client.get("/runs/rules/R01/").content.decode()
    for words in (
        "夏民办〔2023〕14号",
        "查死亡证明",
        "死亡登记时身份证号录错",
        "50%",
        "骗取 1",
        "死亡人员退出期限",
        "SELECT",
    ):
        assert words in page


def test_a_rule_that_did_not_run_says_why(officer_client: Client, make_run: Callable[..., Any]) -> None:
    run = make_run()
    run.results.create(rule_id="R44", state="skipped", reason="数据未提供：发放记录")
    assert "数据未提供：发放记录" in officer_client.get("/runs/rules/R44/").content.decode()


def test_the_assistant_reads_rules_without_numbers_of_others(
    client_of: Callable[[User], Client], assistant: User, make_run: Callable[..., Any]
) -> None:
    make_run(rules={"R01": 987})
    client = client_of(assistant)
    assert "987" not in client.get("/runs/rules/").content.decode()
    assert "987" not in client.get("/runs/rules/R01/").content.decode()


@pytest.mark.parametrize("path", ["/runs/rules/", "/runs/rules/R01/", "/runs/parameters/", PATH])
def test_pages_take_few_queries(
    officer_client: Client, make_run: Callable[..., Any], path: str, django_assert_max_num_queries: Any
) -> None:
    make_run(rules={"R01": 3})
    officer_client.get(path)
    with django_assert_max_num_queries(10):
        officer_client.get(path)


def test_the_register_says_which_office_gives_which_columns(officer: User, client: Client) -> None:
    client.force_login(officer)
    page = client.get("/runs/rules/data/").content.decode()
    assert "公安局" in page
    assert "死亡注销" in page
    narrow = client.get("/runs/rules/data/?rule=R64").content.decode()
    assert "照料服务协议" in narrow
    assert "死亡注销" not in narrow
    assert "用到的数据" in client.get("/runs/rules/R64/").content.decode()
