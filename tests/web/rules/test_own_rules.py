"""A county's own rules in the workbench: written, tried on the data there are, decided on by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from tests.web.uploads.conftest import county, deliver, place

from mingcha import api
from mingcha_web.access.errors import NotAllowed, WorkbenchError, WrongState
from mingcha_web.access.models import User
from mingcha_web.access.policy import Role
from mingcha_web.audit.models import Entry
from mingcha_web.findings.models import Finding
from mingcha_web.runs.models import OwnRule, OwnRuleState, RuleTrial, Run
from mingcha_web.runs.own_rules import SKELETON, faults_of, files_in_force, own_rule_get_for, own_rule_list_for
from mingcha_web.runs.own_rules_services import (
    own_rule_decide,
    own_rule_propose,
    own_rule_retire,
    own_rule_save,
    own_rule_withdraw,
    trial_start,
)
from mingcha_web.runs.rules_words import explain, rule_card, rule_cards
from mingcha_web.runs.services import run_start
from mingcha_web.runs.tasks import run_compare, trial_carry_out

__all__ = ["county", "deliver", "place"]

DAY = date(2023, 6, 30)
_keys = iter(range(10_000))


pytestmark = pytest.mark.usefixtures("place")


@pytest.fixture
def author(make_user: Callable[..., User]) -> User:
    return make_user(Role.RULE_AUTHOR)


def save(by: User, text: str = SKELETON, **named: object) -> OwnRule:
    return own_rule_save(text=text, by=by, **{"submit_key": f"own{next(_keys)}", **named})  # type: ignore[arg-type]


def tried(rule: OwnRule, **fields: object) -> OwnRule:
    """As if it had run on the data."""
    RuleTrial.objects.create(
        **{
            "own_rule": rule,
            "as_of": DAY,
            "sha256": rule.sha256,
            "result": "ran",
            "state": "done",
            "by": rule.written_by,
            "submit_key": f"own{next(_keys)}",
            **fields,
        }
    )
    return rule


def proposed(by: User, text: str = SKELETON) -> OwnRule:
    return own_rule_propose(rule_id=tried(save(by, text)).pk, by=by)


def in_force(by: User, other: User, text: str = SKELETON) -> OwnRule:
    return own_rule_decide(rule_id=proposed(by, text).pk, is_approved=True, by=other)


def test_what_a_new_rule_begins_with_has_no_fault(author: User) -> None:
    rule = save(author)
    assert (rule.rule_id, rule.title, faults_of(rule)) == ("X01", "高龄分散供养特困人员", ([], []))
    assert rule.header["severity"] == "blue"


def test_a_faulty_text_is_kept_and_its_lines_are_named(author: User) -> None:
    rule = save(author, SKELETON.replace("aid.is_active", "aid.is_actve").replace("TK-02.age", "TK-2x"))
    faults, _ = faults_of(rule)
    assert rule.header == {}
    assert [each for each in faults if "第" in each] == faults
    assert any("is_actve" in each for each in faults)
    assert not any("own.sql" in each for each in faults)


def test_a_text_sent_twice_is_kept_once(author: User) -> None:
    assert save(author, submit_key="same") == save(author, submit_key="same")


def test_ones_own_draft_is_changed_anything_else_is_written_anew(author: User, officer: User, leader: User) -> None:
    draft = save(author)
    assert save(author, SKELETON + "\n", rule_id=draft.pk).pk == draft.pk
    approved = in_force(author, leader)
    again = save(author, rule_id=approved.pk)
    assert again.pk != approved.pk
    assert OwnRule.objects.get(pk=approved.pk).state == OwnRuleState.APPROVED


def test_drafts_are_their_writers(author: User, officer: User) -> None:
    draft = save(author)
    with pytest.raises(Http404):
        own_rule_get_for(officer, draft.pk)
    tried(draft)
    own_rule_propose(rule_id=draft.pk, by=author)
    assert own_rule_get_for(officer, draft.pk) == draft


def test_township_people_see_none(author: User, leader: User, make_user: Callable[..., User]) -> None:
    in_force(author, leader)
    assert not own_rule_list_for(make_user(Role.TOWNSHIP_OFFICER)).exists()
    with pytest.raises(NotAllowed):
        save(make_user(Role.TOWNSHIP_OFFICER))


def test_only_what_was_tried_as_it_stands_is_handed_in(author: User) -> None:
    rule = save(author)
    with pytest.raises(WrongState, match="试运行"):
        own_rule_propose(rule_id=rule.pk, by=author)
    tried(rule, result="skipped")
    with pytest.raises(WrongState, match="试运行"):
        own_rule_propose(rule_id=rule.pk, by=author)
    tried(rule)
    rule = save(author, SKELETON.replace("年满", "已满"), rule_id=rule.pk)
    with pytest.raises(WrongState, match="试运行"):
        own_rule_propose(rule_id=rule.pk, by=author)
    assert own_rule_propose(rule_id=tried(rule).pk, by=author).state == OwnRuleState.PROPOSED


def test_somebody_else_decides(officer: User, second_officer: User) -> None:
    rule = proposed(officer)
    with pytest.raises(NotAllowed):
        own_rule_decide(rule_id=rule.pk, is_approved=True, by=officer)
    with pytest.raises(WorkbenchError, match="理由"):
        own_rule_decide(rule_id=rule.pk, is_approved=False, by=second_officer)
    refused = own_rule_decide(rule_id=rule.pk, is_approved=False, note="依据不清", by=second_officer)
    assert refused.state == OwnRuleState.REFUSED
    assert files_in_force() == ([], {})


def test_the_database_itself_keeps_two_people_apart(author: User) -> None:
    rule = save(author)
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnRule.objects.filter(pk=rule.pk).update(state="approved", decided_by=author)


def test_what_was_handed_in_can_be_taken_back(author: User, officer: User) -> None:
    rule = proposed(author)
    with pytest.raises(NotAllowed):
        own_rule_withdraw(rule_id=rule.pk, by=officer)
    assert own_rule_withdraw(rule_id=rule.pk, by=author).state == OwnRuleState.DRAFT


def test_an_approved_rule_stands_among_the_others(author: User, leader: User) -> None:
    assert "X01" not in rule_cards()
    in_force(author, leader)
    assert list(rule_cards())[-1] == "X01"
    assert rule_card("X01").title == "高龄分散供养特困人员"
    assert "年满60岁" in dict(explain("X01", DAY).lines)["查什么"]


def test_a_new_text_replaces_the_one_in_force(author: User, leader: User) -> None:
    first = in_force(author, leader)
    second = in_force(author, leader, SKELETON.replace("高龄分散供养特困人员", "高龄特困人员探视"))
    first.refresh_from_db()
    assert (first.state, second.state) == (OwnRuleState.REPLACED, OwnRuleState.APPROVED)
    assert rule_card("X01").title == "高龄特困人员探视"
    assert len(files_in_force()[0]) == 1


def test_a_retired_rule_runs_no_more_and_is_still_known(author: User, leader: User) -> None:
    rule = in_force(author, leader)
    with pytest.raises(WorkbenchError, match="理由"):
        own_rule_retire(rule_id=rule.pk, note=" ", by=leader)
    own_rule_retire(rule_id=rule.pk, note="办法已废止", by=leader)
    assert files_in_force() == ([], {})
    assert rule_card("X01").title == "高龄分散供养特困人员"


def test_a_rule_the_program_no_longer_takes_is_left_out_and_said_so(author: User, leader: User) -> None:
    rule = in_force(author, leader)
    OwnRule.objects.filter(pk=rule.pk).update(text=SKELETON.replace("aid.support_mode", "aid.gone"))
    files, broken = files_in_force()
    assert files == []
    assert "重新审批" in broken["X01"]


def test_every_step_is_on_record(author: User, leader: User) -> None:
    own_rule_retire(rule_id=in_force(author, leader).pk, note="不用了", by=leader)
    steps = [*Entry.objects.order_by("number").values_list("action", flat=True)]
    assert steps == ["own_rule_save", "own_rule_propose", "own_rule_approve", "own_rule_retire"]


def test_nothing_is_tried_without_data_or_with_faults(author: User) -> None:
    rule = save(author, SKELETON.replace("aid.is_active", "aid.is_actve"))
    with pytest.raises(WrongState, match="错误"):
        trial_start(rule_id=rule.pk, as_of=DAY, by=author, submit_key="t1")
    with pytest.raises(WrongState, match="数据"):
        trial_start(rule_id=save(author).pk, as_of=DAY, by=author, submit_key="t2")


@pytest.fixture
def with_tekun(county: Path, deliver: Callable[..., object]) -> None:
    """The tekun rolls of the sample village, read."""
    files = [each for each in sorted((county / "民政局").rglob("*")) if each.is_file() and "特困" in each.name]
    deliver(files, read=True)


@pytest.mark.usefixtures("with_tekun")
def test_a_rule_is_tried_on_the_data_and_nothing_else_changes(officer: User, author: User) -> None:
    rule = save(author)
    trial = trial_start(rule_id=rule.pk, as_of=DAY, by=author, submit_key="t")
    trial_carry_out(trial.pk)
    trial.refresh_from_db()
    assert (trial.state, trial.result, trial.message) == ("done", "ran", "")
    assert trial.findings > 0
    assert sum(trial.places.values()) == trial.findings
    assert len(trial.samples) == min(trial.findings, 20)
    assert not Finding.objects.exists()
    assert not Run.objects.exists()
    client = Client()
    for who, sees in ((author, False), (officer, True)):
        OwnRule.objects.filter(pk=rule.pk).update(state="proposed")
        client.force_login(who)
        page = client.get(f"/runs/rules/own/{rule.pk}/").content.decode()
        assert f"<b>{trial.findings}</b>" in page
        assert (trial.samples[0] in page) is sees


@pytest.mark.usefixtures("with_tekun")
def test_an_approved_rule_runs_with_the_next_comparison(officer: User, author: User, leader: User) -> None:
    in_force(author, leader)
    run = run_start(as_of=DAY, submit_key="r", by=officer)
    run_compare(run.pk)
    run.refresh_from_db()
    assert run.message == ""
    result = run.results.get(rule_id="X01")
    assert result.state == "ran"
    assert Finding.objects.filter(rule_id="X01").count() == result.findings > 0


@pytest.mark.usefixtures("with_tekun")
def test_a_rule_without_end_is_stopped_and_said_so(author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mingcha_web.runs.tasks.TRIAL_BOUNDS", api.Bounds(memory=1 << 28, seconds=0.3))
    crowd = " CROSS JOIN ".join(f"aid_person AS a{number}" for number in range(8))
    total = " + ".join(f"a{number}.person_key % aid.row_id" for number in range(8))
    text = SKELETON.replace("FROM aid_person AS aid\n", f"FROM aid_person AS aid CROSS JOIN {crowd}\n")
    text = text.replace("WHERE\n", f"WHERE\n    {total} > 0\n    AND ")
    rule = save(author, text)
    assert faults_of(rule)[0] == []
    trial = trial_start(rule_id=rule.pk, as_of=DAY, by=author, submit_key="t")
    trial_carry_out(trial.pk)
    trial.refresh_from_db()
    assert (trial.result, trial.findings) == ("skipped", 0)
    assert "已停止" in trial.reason


def test_pages_lead_from_writing_to_approval(author: User, leader: User) -> None:
    client = Client()
    client.force_login(author)
    faulty = SKELETON.replace("aid.is_active", "aid.is_actve")
    answer = client.post("/runs/rules/own/new/", {"text": faulty, "submit_key": "p"}, follow=True)
    page = answer.content.decode()
    assert "没有 is_actve 这一列" in page
    assert "aid.is_actve" in page
    rule = OwnRule.objects.get()
    client.post(f"/runs/rules/own/{rule.pk}/edit/", {"text": SKELETON, "note": "探视"}, follow=True)
    tried(OwnRule.objects.get())
    client.post(f"/runs/rules/own/{rule.pk}/submit/")
    client.force_login(leader)
    assert "审批" in client.get(f"/runs/rules/own/{rule.pk}/").content.decode()
    answer = client.post(f"/runs/rules/own/{rule.pk}/decide/", {"decision": "refuse"})
    assert answer.status_code == 422
    client.post(f"/runs/rules/own/{rule.pk}/decide/", {"decision": "approve"})
    assert OwnRule.objects.get().state == OwnRuleState.APPROVED
    assert "X01 高龄分散供养特困人员" in client.get("/runs/rules/").content.decode()
    assert client.get("/runs/rules/X01/").status_code == 200
    client.post(f"/runs/rules/own/{rule.pk}/retire/", {"note": "试完"})
    assert OwnRule.objects.get().state == OwnRuleState.RETIRED
