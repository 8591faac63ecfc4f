"""Every address × every role × own and other township, made from the policy table.

Nobody gets in without a login; what the table does not allow is refused; rows of another township read as not found,
and their names stand on no page, list or file that another township's people get.
"""

from __future__ import annotations

import ast
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

import mingcha_web
from mingcha_web.access.models import User
from mingcha_web.access.policy import POLICY, Action, Reach, Role
from mingcha_web.cases.models import Attachment, Referral, State, Supervision
from mingcha_web.findings.models import SavedView
from mingcha_web.runs.models import OwnRule, ParameterProposal, Run
from mingcha_web.uploads.models import Batch, Delivery, Obligation
from tests.web import factories
from tests.web.factories import OTHER_TOWN, TOWN

#: Names that stand in rows of the one and of the other township alone.
MARKS = {TOWN: "欧阳城关甲", OTHER_TOWN: "司徒会亭乙"}

#: Answers to somebody who may: done, sent on, a form with mistakes, a state that does not fit, nothing there.
_FINE = frozenset({200, 204, 302, 400, 404, 409, 422})
_REFUSED, _NOT_FOUND, _NO_METHOD = 403, 404, 405

#: Addresses at which the table opens the door and the service decides by what exactly is done (a step of a case).
_DECIDED_WITHIN = frozenset(
    {"case_step", "case_attach", "parameter_proposal", "parameter_withdraw", "own_rule_submit", "own_rule_decide"}
)


@dataclass
class World:
    """One county with rows in two townships. args: name of an address → its arguments, by the township of the rows."""

    people: dict[str, User] = field(default_factory=dict)
    args: dict[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)

    def everywhere(self, name: str, /, **given: Any) -> None:
        """Arguments of an address whose rows belong to no township."""
        self.args[name] = {"": given}


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each)
        else:
            yield each


PATTERNS = {str(pattern.name): pattern for pattern in _patterns(get_resolver())}


@pytest.fixture
def world(db: None) -> World:
    """Accounts of all roles, and a row of every kind that addresses ask for."""
    world = World()
    for role in Role:
        world.people[role.value] = factories.make_user(role)
    for role in (Role.TOWNSHIP_OFFICER, Role.VILLAGE_ASSISTANT):
        world.people[f"other_{role.value}"] = factories.make_user(role, township=OTHER_TOWN, village="南街村")
    _county_rows(world)
    for township in (TOWN, OTHER_TOWN):
        _township_rows(world, township)
    return world


def _county_rows(world: World) -> None:
    officer = world.people[Role.COUNTY_OFFICER]
    run: Run = factories.make_run(by=officer, rules={"R01": 2})
    bystander = factories.make_user(Role.AUDITOR)
    for name in ("account_one", "account_set_active", "account_password"):
        world.everywhere(name, user_id=bystander.pk)
    for name in ("run_detail", "run_progress", "run_cancel", "run_changes"):
        world.everywhere(name, run_id=run.pk)
    world.everywhere("run_file", run_id=run.pk, name="report.html")
    batch = Batch.objects.create(office="民政局", folder="x", by=officer, state="done", submit_key="batch")
    delivery = Delivery.objects.create(batch=batch, file="低保名册.xlsx")
    for name in ("upload_detail", "upload_progress", "upload_cancel"):
        world.everywhere(name, batch_id=batch.pk)
    world.everywhere("delivery_withdraw", delivery_id=delivery.pk)
    world.everywhere("delivery_rejects", delivery_id=delivery.pk, form="xlsx")
    world.everywhere("sheet_correct", delivery_id=delivery.pk, number=0)
    obligation = Obligation.objects.create(office="民政局", dataset="death_cancel")
    for name in ("obligation_edit", "obligation_end"):
        world.everywhere(name, obligation_id=obligation.pk)
    world.everywhere("template_file", dataset="death_cancel")
    for name in ("rule_detail", "rule_standing"):
        world.everywhere(name, rule_id="R01")
    world.everywhere("parameter_one", key="PL-01")
    proposal = ParameterProposal.objects.create(
        key="PL-01", value="4", source="文件", proposed_by=world.people[Role.RULE_AUTHOR], submit_key="proposal"
    )
    for name in ("parameter_proposal", "parameter_withdraw"):
        world.everywhere(name, proposal_id=proposal.pk)
    own = OwnRule.objects.create(
        rule_id="X01", title="本县规则", text="x", state="proposed", written_by=officer, submit_key="own"
    )
    for name in PATTERNS:
        if name.startswith("own_rule_") and name not in {"own_rule_list", "own_rule_new"}:
            world.everywhere(name, rule_id=own.pk)
    view = SavedView.objects.create(user=officer, page="finding_list", name="红色", query="severity=red")
    world.everywhere("finding_view_delete", pk=view.pk)
    referral = Referral.objects.create(
        number="X2023-00001", about="某干部", clue="…", raised_by=officer, raised_at=timezone.now(), submit_key="clue"
    )
    for name in ("referral_detail", "referral_receive", "referral_decide"):
        world.everywhere(name, pk=referral.pk)


def _township_rows(world: World, township: str) -> None:
    prefix = "" if township == TOWN else "other_"
    assistant = world.people[f"{prefix}{Role.VILLAGE_ASSISTANT.value}"]
    run = Run.objects.latest("id")
    finding = factories.make_finding(run=run, township=township, name=MARKS[township], state="cased")
    case = factories.make_case(findings=[finding], township=township, state=State.VERIFYING, assignee=assistant)
    supervision = Supervision.objects.create(
        case=case, by=world.people[Role.COUNTY_LEADER], at=timezone.now(), note="请抓紧", submit_key=f"s{case.pk}"
    )
    photo = Attachment.objects.create(
        case=case,
        name="入户.jpg",
        content_type="image/jpeg",
        size=1,
        sha256="0" * 64,
        stored=f"missing-{case.pk}",
        by=assistant,
        at=timezone.now(),
    )
    rows: dict[str, dict[str, Any]] = {
        **{key: {"pk": finding.pk} for key in ("finding_detail", "finding_unmask")},
        **{key: {"pk": case.pk} for key in ("case_detail", "case_attach", "case_refer")},
        "case_step": {"pk": case.pk, "name": "start"},
        "attachment": {"pk": photo.pk},
        "supervision_reply": {"pk": supervision.pk},
    }
    for name, given in rows.items():
        world.args[name] = {**world.args.get(name, {}), township: given}


def _ask(client: Client, method: str, path: str, data: dict[str, Any] | None = None) -> HttpResponseBase:
    """One request, and everything it did undone."""
    with transaction.atomic():
        answer = client.get(path, data or {}) if method == "GET" else client.post(path, data or {})
        transaction.set_rollback(True)
    return answer


def _client(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def _needed(pattern: URLPattern, method: str) -> Action:
    view = pattern.callback
    return view.action if method == "GET" else view.write_action  # type: ignore[attr-defined, no-any-return]


def _is_open(pattern: URLPattern) -> bool:
    return bool(getattr(pattern.callback, "is_open", False))


def _paths(world: World, name: str) -> dict[str, str]:
    """Township ('' for none) → the address with arguments of that township's rows."""
    if PATTERNS[name].pattern.converters and name not in world.args:
        pytest.fail(f"give the address {name} something to be tried on: _county_rows or _township_rows")
    places = world.args.get(name, {"": {}})
    return {township: reverse(name, kwargs=dict(given)) for township, given in places.items()}


def _is_foreign(person: User, township: str) -> bool:
    """Whether rows of a township are another's to this person. The rows of an own township are the assistant's own."""
    return bool(township) and person.reach in {Reach.TOWNSHIP, Reach.OWN} and person.township != township


def test_every_address_has_a_name_and_names_an_action() -> None:
    patterns = list(_patterns(get_resolver()))
    assert len(PATTERNS) == len(patterns), "two addresses share a name"
    nameless = [str(each.pattern) for each in patterns if not each.name]
    without = [each.name for each in patterns if not _is_open(each) and not hasattr(each.callback, "action")]
    assert (nameless, without) == ([], [])


def test_every_action_of_the_table_is_needed_somewhere() -> None:
    """An action that no view and no service asks for would be a promise without effect."""
    used = {
        node.attr
        for path in Path(mingcha_web.__file__).parent.rglob("*.py")
        if path.name != "policy.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Action"
    }
    assert {action.name for action in POLICY} - used == set()


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_without_a_login_every_address_asks_for_one(name: str, world: World) -> None:
    for path in _paths(world, name).values():
        for method in ("GET", "POST"):
            answer = _ask(Client(), method, path)
            if _is_open(PATTERNS[name]):
                assert answer.status_code in {200, 302, 422, _NO_METHOD}
            else:
                assert answer.status_code == 302
                assert answer.headers["Location"].startswith("/login/?next=")


@pytest.mark.parametrize("name", sorted(name for name, pattern in PATTERNS.items() if not _is_open(pattern)))
def test_the_policy_table_holds_at_every_address(name: str, world: World) -> None:
    pattern = PATTERNS[name]
    wrong = []
    for label, person in world.people.items():
        client = _client(person)
        for township, path in _paths(world, name).items():
            for method in ("GET", "POST"):
                status = _ask(client, method, path).status_code
                is_allowed = person.can(_needed(pattern, method))
                if not _is_right(name, status, is_allowed=is_allowed, is_foreign=_is_foreign(person, township)):
                    wrong.append(f"{label} {method} {path}: {status}, {'may' if is_allowed else 'may not'}")
    assert wrong == []


def _is_right(name: str, status: int, *, is_allowed: bool, is_foreign: bool) -> bool:
    if not is_allowed:
        return status == _REFUSED
    if status == _NO_METHOD:
        return True
    if is_foreign:
        return status == _NOT_FOUND
    return status in _FINE or (status == _REFUSED and name in _DECIDED_WITHIN)


def test_a_task_of_a_colleague_in_the_same_village_is_not_found(world: World) -> None:
    colleague = factories.make_user(Role.VILLAGE_ASSISTANT)
    client = _client(colleague)
    for name in ("case_detail", "case_attach", "case_step", "attachment"):
        path = _paths(world, name)[TOWN]
        answers = {_ask(client, method, path).status_code for method in ("GET", "POST")}
        assert answers <= {_NOT_FOUND, _NO_METHOD}, name


def _text(answer: HttpResponseBase) -> str:
    """All text of a page or file; a workbook's sheets unpacked."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(part) for part in book.namelist())
    return content.decode("utf-8", "replace")


@pytest.mark.parametrize("name", sorted(name for name, pattern in PATTERNS.items() if not _is_open(pattern)))
def test_no_page_and_no_file_tells_anybody_of_persons_beyond_their_reach(name: str, world: World) -> None:
    factories.make_case(findings=[factories.make_finding(name="慕容本村丙")], name="慕容本村丙")
    paths = _paths(world, name)
    if "" not in paths:
        return  # of one township: the matrix above asks for them
    wrong = []
    for label, person in world.people.items():
        for method in ("GET", "POST"):
            answer = _ask(_client(person), method, paths[""])
            text = _text(answer) if answer.status_code == 200 else ""
            hidden = {
                Reach.COUNTY: [],
                Reach.TOWNSHIP: [mark for township, mark in MARKS.items() if township != person.township],
                Reach.OWN: [*(mark for township, mark in MARKS.items() if township != person.township), "慕容本村丙"],
                Reach.NONE: [*MARKS.values(), "慕容本村丙"],
            }[person.reach]
            wrong += [f"{label} {method} {name}: {mark}" for mark in hidden if mark in text]
    assert wrong == []


@pytest.mark.parametrize("name", ["finding_list", "case_list", "finding_export", "case_export"])
def test_searching_finds_nobody_of_another_township(name: str, world: World) -> None:
    own, other = (world.people[role] for role in ("township_officer", "other_township_officer"))
    for searched in ("text", "q", "search"):
        query = {searched: MARKS[OTHER_TOWN], "township": OTHER_TOWN}
        answer = _ask(_client(own), "GET", reverse(name), query)
        if answer.status_code == 200:
            text = _text(answer).replace(f'value="{MARKS[OTHER_TOWN]}"', "")
            assert MARKS[OTHER_TOWN] not in text
    answer = _ask(_client(other), "GET", reverse(name))
    if answer.status_code == 200:
        assert MARKS[OTHER_TOWN] in _text(answer)


def test_the_table_knows_every_action_and_role() -> None:
    assert set(POLICY) == set(Action)
    assert {role for roles in POLICY.values() for role in roles} == set(Role)
