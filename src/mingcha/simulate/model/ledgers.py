"""What the ledgers of procedure, notices, assessments, complaints and returns hold.

The fields are those of the datasets of the same name; words are the labels of the code lists (是, 低保, 予以确认).
Planted cases change a record after it was made, so nothing here is frozen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from mingcha.simulate.model.people import Person
from mingcha.simulate.model.places import Village


@dataclass(slots=True, eq=False)
class Application:
    """One application for aid with its steps (dataset application); a step without a day has not been taken."""

    case_no: str
    person: Person
    village: Village
    program: str
    apply_on: date | None = None
    accepted_on: date | None = None
    supplement_rounds: int = 0
    second_supplement_on: date | None = None
    survey_on: date | None = None
    check_asked_on: date | None = None
    check_started_on: date | None = None
    check_back_on: date | None = None
    check_result: str = "符合"
    recheck_on: date | None = None
    recheck_result: str = ""
    township_opinion_on: date | None = None
    publish_from: date | None = None
    publish_to: date | None = None
    objection: str = "否"
    county_received_on: date | None = None
    county_visit_on: date | None = None
    sampled: str = "否"
    decided_on: date | None = None
    decision: str = "予以确认"
    refuse_reason: str = ""
    extended: str = "否"
    delegated: str = "否"
    handler: str = ""
    handler_id: str = ""
    investigators: str = ""
    approver: str = ""
    aid_type: str = ""
    is_local: str = "是"
    event_place: str = ""


@dataclass(slots=True, eq=False)
class Notice:
    """One written notice (dataset notice). effective: month from which the decision holds, 'YYYY-MM'."""

    doc_no: str
    person: Person
    village: Village
    program: str
    kind: str
    reason: str
    reason_kind: str
    decided_on: date | None
    effective: str
    issued_on: date | None
    delivered_on: date | None
    receipt: str = "是"
    remedy_told: str = "是"
    amount_before: Decimal | None = None
    amount_after: Decimal | None = None


@dataclass(slots=True, eq=False)
class Assessment:
    """One assessment of what a tekun person can do alone (dataset care_assessment). failed: items of six he cannot."""

    person: Person
    reported_on: date | None
    assessed_on: date | None
    kind: str
    failed: int | None
    self_care: str
    assessors: str = "李文静、赵立新"


@dataclass(slots=True, eq=False)
class Submission:
    """What a township handed in (dataset submission)."""

    township: str
    kind: str
    period: str
    due_on: date | None
    submitted_on: date | None
    accepted_on: date | None = None
    count: int | None = None


@dataclass(slots=True, eq=False)
class MatchRun:
    """One comparison of the county with another office's list (dataset match_run)."""

    kind: str
    partner: str
    run_on: date
    compared: int = 0
    suspects: int = 0
    handled: int = 0


@dataclass(slots=True, eq=False)
class Referral:
    """A lead about somebody's conduct and where it was handed on to (dataset referral)."""

    lead_no: str
    township: str
    subject_name: str
    subject_post: str
    content: str
    found_on: date
    verified_on: date | None
    verified: str
    transferred_on: date | None = None
    transferred_to: str = ""
    subject_id: str = ""
    is_staff: str = "是"
    unit: str = ""
    source: str = "信访"
    receipt: str = ""


@dataclass(slots=True, eq=False)
class Petition:
    """A petition (dataset petition). shows_number: the petitioner's identity number was taken down."""

    case_no: str
    person: Person
    channel: str
    received_on: date
    topic: str
    content: str
    noticed_on: date | None = None
    accepted_on: date | None = None
    closed_on: date | None = None
    result: str = ""
    due_on: date | None = None
    extended: str = "否"
    extended_to: date | None = None
    is_repeat: str = "否"
    satisfaction: str = ""
    shows_number: bool = False


@dataclass(slots=True, eq=False)
class Slip:
    """A slip of the hotline (dataset hotline). received_at, due_at, replied_at: as the system writes times."""

    case_no: str
    person: Person
    phone: str
    title: str
    content: str
    kind: str
    received_at: str
    due_at: str
    replied_at: str
    handler: str
    satisfaction: str = "满意"
    status: str = "已办结"
    shared: str = "是"


@dataclass(slots=True, eq=False)
class Dial:
    """A test call to a township's hotline (dataset dial_test)."""

    township: str
    unit: str
    number: str
    called_at: str
    connected: str = "是"
    ring_times: int = 3
    answered_right: str = "是"
    tester: str = "周敏"
    problem: str = ""


@dataclass(slots=True, eq=False)
class Problem:
    """A problem found and what became of it (dataset problem). due: a day, or words such as 立行立改."""

    problem_no: str
    source: str
    found_on: date
    category: str
    title: str
    unit: str
    owner: str
    measures: str
    due: date | str
    rect_type: str = "限期整改"
    progress: str = ""
    status: str = "整改中"
    evidence: str = ""
    closed_on: date | None = None
    persons: int | None = None
    amount: Decimal | None = None


@dataclass(slots=True, eq=False)
class Temp:
    """One case of temporary assistance (dataset temp_assistance)."""

    person: Person
    village: Village
    aid_type: str
    reason: str
    apply_on: date
    approve_on: date
    level: str
    amount: Decimal
    pay_on: date | None
    platform_on: date | None
    first_then: str = "否"
    event_end_on: date | None = None
    paper_done_on: date | None = None
    person_class: str = "一般群众"
    enjoy_size: int = 1


@dataclass(slots=True, eq=False)
class Alert:
    """A warning sent down from above (dataset warning_in)."""

    person: Person
    program: str
    kind: str
    content: str
    sent_on: date
    due_on: date
    done_on: date | None = None
    result: str = ""


@dataclass(slots=True, eq=False)
class Listed:
    """A line of a public list. more: further columns that somebody put on the wall, by their headers."""

    name: str
    family_size: int | None
    insured_size: int | None
    amount: Decimal | None
    more: dict[str, str | date] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Listing:
    """A public list of one village, programme and channel (dataset disclosure).

    kind     初审公示, 确认公布, 长期公示 or 终止公示; channel  线下 or 线上
    """

    village: Village
    program: str
    kind: str
    channel: str
    from_on: date
    to_on: date | None = None
    rows: list[Listed] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Fund:
    """A month of a township's own ledger of tekun money (dataset fund_ledger), yuan; None: not written."""

    township: str
    month: str
    arrived: Decimal | None
    paid: Decimal | None
    balance: Decimal | None = None
