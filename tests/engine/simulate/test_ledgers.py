"""The ledgers' base is innocent: whoever is planted into it is the only one to be found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import chinese_calendar
import pytest

from mingcha.simulate import plant
from mingcha.simulate.model.basis import county_ledgers, settle_ledgers
from mingcha.simulate.model.county import build_township
from mingcha.simulate.model.days import day_shift, later, month_of
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.maker import Maker
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.places import Village, load_townships
from mingcha.simulate.model.records import Dibao, Records, Tekun
from mingcha.simulate.model.setting import NURSING, Setting
from mingcha.simulate.model.ways import Ways
from mingcha.simulate.offices import OFFICES, Desk
from mingcha.simulate.offices.payrun import RURAL, TEKUN, URBAN, pay_rows, spent
from mingcha.simulate.plant.ledgers import _shown
from mingcha.simulate.plant.tekun import _name_alone
from mingcha.values.divisions import load_divisions

DAYS = (date(2026, 11, 28), date(2024, 2, 29), date(2025, 1, 1), date(2026, 5, 31), date(2025, 10, 9))
_NAMES = ("会亭镇", "桑堌乡")
#: the cases of these rules bend the ledgers themselves, and are left out
ON_LEDGERS = {
    rule
    for packet in (plant.means, plant.procedure, plant.changes, plant.tekun, plant.ledgers)
    for rule in packet.PLANTS
}
_TOWNSHIP_CAP, _PAPER_DAYS = 2000, 10


@dataclass(frozen=True)
class Made:
    """Two townships with the cases of rules on rolls and payments, settled, nothing written."""

    setting: Setting
    records: Records
    desk: Desk


@cache
def made(as_of: date, seed: int = 3) -> Made:
    setting = Setting(seed, as_of, "village", clean=False, low=frozenset(), mixed=frozenset())
    records, maker = Records(), Maker()
    by_name = {township.name: township for township in load_townships()}
    for order, name in enumerate(_NAMES):
        ground = build_township(setting, maker, by_name[name], records, order)
        for rule, cases in plant.PLANTS.items():
            if rule not in ON_LEDGERS:
                cases(ground)
        settle_ledgers(ground)
        for kind in ("couple", "elders"):
            records.bystanders += [person for house in ground.pools.get(kind, []) for person in house.members]
    county_ledgers(setting, records, _NAMES)
    return Made(setting, records, Desk(setting, records, list(_NAMES)))


@pytest.fixture(params=DAYS, ids=str)
def base(request: pytest.FixtureRequest) -> Made:
    return made(request.param)


def planted(records: Records, *rules: str) -> set[str]:
    """Whom the cases of these rules name, hits and near misses: the base says nothing about them."""
    return {who for rule, who, _ in [*records.truth.hits, *records.truth.misses] if rule in rules}


def confirmed(records: Records) -> list[tuple[Person, str, date, str]]:
    dibao = [(each.head, "低保", each.approved_on, each.first_month) for each in records.dibao]
    return dibao + [(each.person, "特困", each.approved_on, each.first_month) for each in records.tekun]


def workdays(earlier: date | None, after: date | None) -> int:
    """CA-01: the first day is not counted."""
    assert earlier is not None
    assert after is not None
    span = [earlier + timedelta(days=place) for place in range(1, (after - earlier).days + 1)]
    return sum(1 for day in span if day.year <= 2026 and chinese_calendar.is_workday(day))


def test_everybody_taken_in_within_the_ledgers_time_has_one_application(base: Made) -> None:
    listed = Counter((each.program, each.person.number) for each in base.records.applications)
    recent = [entry for entry in confirmed(base.records) if entry[2] >= base.setting.ledger_from]
    assert recent
    assert [entry[:3] for entry in recent if listed[entry[1], entry[0].number] != 1] == []


@pytest.mark.parametrize("program", ["低保", "特困"])
def test_nobody_was_taken_in_after_the_first_application_and_before_the_ledger(base: Made, program: str) -> None:
    first = min(each.apply_on for each in base.records.applications if each.program == program and each.apply_on)
    starts = [day for _, item, day, _ in confirmed(base.records) if item == program]
    assert [day for day in starts if first <= day < base.setting.ledger_from] == []


def test_applications_keep_every_limit(base: Made) -> None:
    for each in base.records.applications:
        assert workdays(each.accepted_on, each.survey_on) <= 3
        assert workdays(each.accepted_on, each.check_asked_on) <= 3
        assert workdays(each.accepted_on, each.township_opinion_on) <= 15
        assert workdays(each.county_received_on, each.decided_on) <= 10
        assert workdays(each.accepted_on, each.decided_on) <= 20
        assert each.publish_from is not None
        assert each.publish_to is not None
        assert (each.publish_to - each.publish_from).days >= 7
        assert each.decided_on is not None
        assert each.decided_on <= base.setting.as_of
        steps = (each.apply_on, each.accepted_on, each.survey_on, each.publish_from, each.county_received_on)
        assert sorted(day for day in steps if day) == list(steps)
        home = {person.name for person in each.person.house.members}
        assert not home & {each.handler, each.approver, *each.investigators.split("、")}


def test_the_county_saw_tekun_applicants_and_filed_relatives(base: Made) -> None:
    filed = {each.relative.number for each in base.records.filings}
    sampled = planted(base.records, "R60")
    for each in base.records.applications:
        if (each.program == "特困" and each.village.township not in sampled) or each.person.number in filed:
            assert each.county_visit_on is not None
            assert each.decided_on is not None
            assert each.county_visit_on <= each.decided_on
    assert [each for each in base.records.filings if each.checked_on is None] == []


def test_money_begins_in_the_month_after_confirmation(base: Made) -> None:
    starts = {(program, person.number): day for person, program, day, _ in confirmed(base.records)}
    for project, program in ((RURAL, "低保"), (URBAN, "低保"), (TEKUN, "特困")):
        for month in base.setting.paid_months():
            for pay in pay_rows(base.desk, month, project):
                assert month_of(starts[program, pay.payee.number]) < month, (program, pay.payee.name)


def test_whoever_left_a_roll_was_told(base: Made) -> None:
    told = {each.person.number: each for each in base.records.notices}
    left = [each.head for each in base.records.dibao if each.last_month or each.ended_on]
    left += [each.person for each in base.records.subsidies if each.last_paid]
    left += [each.person for each in base.records.tekun if each.last_month or each.ended_on]
    assert left
    for person in left:
        notice = told[person.number]
        assert notice.kind == "停止"
        assert notice.reason
        assert notice.delivered_on is not None
        assert notice.decided_on is not None
        assert notice.decided_on <= notice.delivered_on <= base.setting.as_of


def test_everybody_was_reviewed_in_time(base: Made) -> None:
    for dibao in base.records.dibao:
        assert day_shift(dibao.last_review or dibao.approved_on, 6) >= base.setting.as_of
    for tekun in base.records.tekun:
        assert day_shift(tekun.last_review or tekun.approved_on, 12) >= base.setting.as_of


def test_a_household_that_lost_a_member_was_reviewed_within_the_limit(base: Made) -> None:
    for record in base.records.dibao:
        if len(record.insured) > 1:
            for death in (member.person.death for member in record.insured if member.person.death):
                if day_shift(death.on, 3) < base.setting.as_of:
                    assert record.last_review is not None
                    assert death.on < record.last_review <= day_shift(death.on, 3)


def test_who_is_insured_alone_out_of_several_has_grounds(base: Made) -> None:
    for record in base.records.dibao:
        if len(record.insured) == 1 < record.family_size:
            assert record.insured[0].disease or is_severe(record.insured[0].person), record.head.name


def is_severe(person: Person) -> bool:
    return person.cert is not None and (
        person.cert.level <= 2 or (person.cert.kind, person.cert.level) in {(5, 3), (6, 3)}
    )


def test_care_agrees_with_what_a_tekun_person_cannot_do(base: Made) -> None:
    odd = planted(base.records, "R61", "R62", "R63")
    for record in base.records.tekun:
        if record.person.number in odd:
            continue
        assert record.failed is not None
        level = "全自理" if record.failed < 1 else "半自理" if record.failed < 4 else "不能自理"
        assert record.failed <= 6
        assert record.care == level
        assert record.nursing == NURSING[level]
    by_number = {each.person.number: each for each in base.records.tekun}
    for found in base.records.assessments:
        if found.person.number in odd:
            continue
        assert found.failed == by_number[found.person.number].failed
        assert workdays(found.reported_on, found.assessed_on) <= 10


def test_public_lists_are_the_newest_roll_on_both_channels(base: Made) -> None:
    month = base.setting.month()
    listed = {(each.village.code, each.program, each.channel): each for each in base.records.listings}
    on_roll: dict[tuple[str, str], list[tuple[str, Decimal]]] = {}
    villages: set[Village] = set()
    for dibao in base.records.dibao:
        if on_dibao(dibao, month):
            villages.add(dibao.village)
            on_roll.setdefault((dibao.village.code, "低保"), []).append((dibao.head.name, dibao.total))
    for tekun in base.records.tekun:
        if on_tekun(tekun, month) and tekun.person.age(base.setting.as_of) >= 18:
            villages.add(tekun.person.village)
            on_roll.setdefault((tekun.person.village.code, "特困"), []).append((tekun.person.name, tekun.total))
    assert villages
    for (village, program), names in on_roll.items():
        for channel in ("线上", "线下"):
            rows = [(line.name, line.amount) for line in listed[village, program, channel].rows]
            assert Counter(rows) == Counter(names)
    assert [each for each in base.records.listings if any(line.more for line in each.rows)] == []
    lists_age = {(base.setting.as_of - each.from_on).days for each in base.records.listings}
    assert max(lists_age) < 90


def on_dibao(record: Dibao, month: str) -> bool:
    return record.is_on(month) and record.ended_on is None


def on_tekun(record: Tekun, month: str) -> bool:
    return record.is_on(month) and not record.is_over(month)


def test_temporary_aid_is_within_limits(base: Made) -> None:
    assert base.records.temps
    odd = planted(base.records, "R71", "R72")
    usual = [case for case in base.records.temps if case.person.number not in odd]
    township = Counter((case.person.house.number, case.reason) for case in usual if case.level == "乡镇")
    assert max(township.values()) == 1
    for case in usual:
        assert case.level == "县级" or case.amount <= _TOWNSHIP_CAP
        assert case.platform_on is not None
        assert case.approve_on <= case.platform_on <= base.setting.as_of
        if case.first_then == "是":
            assert case.paper_done_on is not None
            assert case.paper_done_on <= later(case.event_end_on or case.approve_on, _PAPER_DAYS)


def test_complaints_are_answered_in_time(base: Made) -> None:
    for case in base.records.petitions:
        assert case.noticed_on is not None
        assert case.closed_on is not None
        assert (case.noticed_on - case.received_on).days <= 15
        assert (case.closed_on - case.received_on).days <= 60
        assert case.closed_on <= base.setting.as_of
    for slip in base.records.slips:
        assert slip.received_at < slip.replied_at <= slip.due_at
        assert slip.shared == "是"
    assert {call.connected for call in base.records.dials} == {"是"}
    assert len({call.number for call in base.records.dials}) == len(_NAMES)


def test_problems_returns_and_comparisons_are_in_time(base: Made) -> None:
    for problem in base.records.problems:
        assert isinstance(problem.due, str) or problem.due >= base.setting.as_of
        assert problem.status != "已整改" or (problem.evidence and problem.closed_on)
    for alert in base.records.alerts:
        assert alert.due_on >= base.setting.as_of
    for kind, days in (("近亲属备案", 90), ("综合治理报告", 366)):
        for township in _NAMES:
            mine = [each for each in base.records.submissions if (each.township, each.kind) == (township, kind)]
            assert all(each.submitted_on and each.due_on and each.submitted_on <= each.due_on for each in mine)
            newest = max(each.submitted_on for each in mine if each.submitted_on)
            assert (base.setting.as_of - newest).days <= days
    for run_kind, days in (("殡葬死亡", 28), ("乡村振兴", 180), ("车辆", 89)):
        newest = max(run.run_on for run in base.records.match_runs if run.kind == run_kind)
        assert (base.setting.as_of - newest).days <= days


def test_whoever_is_watched_and_not_in_aid_fell_into_need_long_ago(base: Made) -> None:
    covered = {member.person.number for each in base.records.dibao for member in each.insured}
    struck = planted(base.records, "R70")
    for record in base.records.monitored:
        outside = not any(person.number in covered | struck for person, _ in record.members)
        if outside and not record.removed and record.risk in {"因病", "因残"}:
            assert record.identified < base.setting.month(12)


@pytest.mark.parametrize("project", [RURAL, URBAN, TEKUN])
def test_the_fund_covers_what_was_approved(base: Made, project: str) -> None:
    for month in base.setting.paid_months():
        if project == TEKUN:
            need = sum((each.total for each in base.records.tekun if on_tekun(each, month)), Decimal(0))
        else:
            area = "城市" if project == URBAN else "农村"
            rolls = [r for r in base.records.dibao if r.area == area and r.is_on(month) and not r.is_over(month)]
            need = sum((each.total for each in rolls), Decimal(0))
        assert spent(base.desk, month, project)[0] >= need


def test_offices_without_records_hand_in_nothing() -> None:
    setting = Setting(1, DAYS[0], "village", clean=False, low=frozenset(), mixed=frozenset())
    desk = Desk(setting, Records(), list(_NAMES))
    silent = {"applications", "notices", "assessments", "returns"}
    assert {office.__name__ for office in OFFICES} >= silent
    for office in OFFICES:
        if office.__name__ in silent:
            assert list(office(desk)) == []


def test_a_case_can_leave_the_base_out_and_change_it_at_last() -> None:
    setting = Setting(5, DAYS[0], "village", clean=False, low=frozenset(), mixed=frozenset())
    township = next(each for each in load_townships() if each.name == _NAMES[0])
    ground = build_township(setting, Maker(), township, Records())
    assert isinstance(ground, Ways)
    bare, late, own = ground.lone(), ground.lone(), ground.lone()
    for record in (bare, late, own):
        record.approved_on = later(setting.as_of, -200)
    for what in ("application", "review"):
        ground.leave_out(what, bare.head)
    ground.apply(own.head, "低保", own.approved_on).publish_from = None

    def change() -> None:
        mine = next(each for each in ground.records.applications if each.person is late.head)
        mine.survey_on = later(late.approved_on, -10)

    ground.at_last(change)
    settle_ledgers(ground)
    by_person = {each.person.number: each for each in ground.records.applications}
    assert bare.head.number not in by_person
    assert bare.last_review is None
    assert by_person[late.head.number].survey_on == later(late.approved_on, -10)
    assert by_person[own.head.number].publish_from is None
    assert len(by_person) == len(ground.records.applications)


def whole(order: int, as_of: date = DAYS[0]) -> Ground:
    """A township in which every rule's cases are planted; order: its place among the townships."""
    setting = Setting(5, as_of, "village", clean=False, low=frozenset(), mixed=frozenset())
    township = next(each for each in load_townships() if each.name == _NAMES[0])
    ground = build_township(setting, Maker(), township, Records(), order)
    plant.plant_all(ground)
    settle_ledgers(ground)
    return ground


@pytest.mark.parametrize("order", [0, 1])
def test_the_sample_of_tekun_is_short_or_just_enough_of_what_the_rule_counts(order: int) -> None:
    ground = whole(order)
    counted = [
        each
        for each in ground.records.applications
        if each.program == "特困" and each.decided_on and each.decision != "撤回"
        if each.decided_on > day_shift(ground.as_of, -12)
    ]
    seen = sum(1 for each in counted if each.county_visit_on is not None)
    assert (seen * 100 < len(counted) * 30) == (order == 0)
    assert (seen + 1) * 100 >= len(counted) * 30, "one more would do"


@pytest.mark.parametrize("order", [1, 2])
def test_filed_relatives_are_looked_at_just_enough_or_one_too_few(order: int) -> None:
    filings = whole(order).records.filings
    checked = sum(1 for each in filings if each.checked_on is not None)
    assert (checked * 100 < len(filings) * 30) == (order == 1)
    assert (len(filings) - 1) * 30 <= checked * 100 < (len(filings) + 1) * 30


def test_the_truth_names_villages_as_findings_do() -> None:
    divisions = load_divisions()
    for township in load_townships():
        for village in township.villages:
            found = divisions.find_village(village.name, township.name)
            assert _shown(village) == (found.name if found else village.short), village


def test_who_complains_without_a_number_is_known_by_name() -> None:
    ground = whole(0)
    one, other = (ground.house(("户主", True, ground.aged(56))).head for _ in range(2))
    one.name = other.name
    _name_alone(ground, one)
    assert one.name != other.name
    assert sum(1 for house in ground.houses for each in house.members if each.name == one.name) == 1
