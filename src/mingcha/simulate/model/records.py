"""What the offices know: everything their spreadsheets are written from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from mingcha.simulate.model.holdings import Car, Check, Estate, Firm, Job, Pension
from mingcha.simulate.model.ledgers import (
    Alert,
    Application,
    Assessment,
    Dial,
    Fund,
    Listing,
    MatchRun,
    Notice,
    Petition,
    Problem,
    Referral,
    Slip,
    Submission,
    Temp,
)
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.places import Village

Money = Decimal


@dataclass(slots=True, eq=False)
class Pay:
    """One payment row. payee: whose number the row carries; account_name as the bank has it."""

    project: str
    month: str
    payee: Person
    village: Village
    amount: Money
    on: date
    account: str
    account_name: str
    status: str = "发放成功"
    fail_reason: str = ""
    remark: str = ""
    persons: int = 1


@dataclass(slots=True, eq=False)
class Schedule:
    """How a benefit is paid: normally what is approved, on the month's pay day; `by_month` says otherwise.

    by_month  month → rows as (amount, day, status, remark); an empty list: nothing was paid
    account, account_name  what the payment rows show; the roll's own columns may say something else
    """

    account: str
    account_name: str
    by_month: dict[str, list[PayLine]] = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class PayLine:
    """One payment that differs from the normal one. amount None: as approved."""

    amount: Money | None = None
    day: int = 8
    status: str = "发放成功"
    fail_reason: str = ""
    remark: str = ""
    account_name: str | None = None


@dataclass(slots=True, eq=False)
class DibaoMember:
    """A member of a dibao household. damage: how the number stands on the newest roll (see writers)."""

    person: Person
    relation: str
    insured: bool = True
    shown_name: str = ""
    shown_number: str = ""
    shown_birth: date | None = None
    shown_sex: str = ""
    disease: str = ""
    number_cell: bool = False


@dataclass(slots=True, eq=False)
class Dibao:
    """A dibao household. The applicant is members[0].

    first_month, last_month   months of the rolls it stands on (last None: to this day)
    base, extra   monthly amount and 分类施保 of the household, yuan; base_in  month → base, where it was another
    taper_start, taper_end   first and last month of gradual exit (渐退); end_reason  as the roll words it
    """

    members: list[DibaoMember]
    village: Village
    area: str
    tier: str
    base: Money
    extra: Money
    reason: str
    pay: Schedule
    roll_account: str
    roll_account_name: str
    approved_on: date
    first_month: str
    last_month: str | None = None
    ended_on: date | None = None
    listed_twice_in: str | None = None
    family_size: int = 0
    last_review: date | None = None
    base_in: dict[str, Money] = field(default_factory=dict)
    taper_start: str | None = None
    taper_end: str | None = None
    end_reason: str = ""

    @property
    def head(self) -> Person:
        """The applicant."""
        return self.members[0].person

    @property
    def insured(self) -> list[DibaoMember]:
        """The members who are insured."""
        return [member for member in self.members if member.insured]

    @property
    def total(self) -> Money:
        """合计: base and extra, as they are now."""
        return self.base + self.extra

    def base_of(self, month: str) -> Money:
        """The base of a month."""
        return self.base_in.get(month, self.base)

    def total_of(self, month: str) -> Money:
        """合计 of a month."""
        return self.base_of(month) + self.extra

    def is_on(self, month: str) -> bool:
        """Whether it stands on that month's roll, active or not."""
        return self.first_month <= month and (self.last_month is None or month <= self.last_month)

    def is_over(self, month: str) -> bool:
        """Whether it had ended before that month."""
        return self.ended_on is not None and f"{self.ended_on:%Y-%m}" < month


@dataclass(slots=True, eq=False)
class Tekun:
    """A tekun person. agreement: (from, to) with the carer, on the sheet of agreements or on the roll.

    is_apart  nursing money stands on no roll and is paid as a project of its own
    failed  how many of the six items of self-care the roll says he cannot do; assessed_on  when that was found
    last_month  last month of the rolls he stands on (None: to this day)
    ended_on, end_reason  as the roll words it from the month after on
    """

    person: Person
    mode: str
    institution: str
    care: str
    living: Money
    nursing: Money
    approved_on: date
    pay: Schedule
    roll_account: str
    first_month: str
    carer: Person | None = None
    agreement: tuple[date, date] | None = None
    agreement_on_roll: bool = False
    status: str = "在保"
    cert_on_roll: bool = True
    school: str = ""
    shown_number: str = ""
    shown_birth: date | None = None
    shown_sex: str = ""
    failed: int | None = None
    assessed_on: date | None = None
    wants_central: str = "否"
    last_review: date | None = None
    last_month: str | None = None
    ended_on: date | None = None
    end_reason: str = ""
    is_apart: bool = False

    @property
    def total(self) -> Money:
        """Living and nursing money of a month, as the roll adds them up."""
        return self.living if self.is_apart else self.living + self.nursing

    def is_on(self, month: str) -> bool:
        """Whether he stands on that month's roll, supported or not."""
        return self.first_month <= month and (self.last_month is None or month <= self.last_month)

    def is_over(self, month: str) -> bool:
        """Whether support had ended before that month."""
        return self.ended_on is not None and f"{self.ended_on:%Y-%m}" < month


@dataclass(slots=True, eq=False)
class Child:
    """A child on the roll of orphans and de-facto unattended children."""

    person: Person
    category: str
    guardian: Person | None
    guardian_relation: str
    father_state: str
    mother_state: str
    amount: Money
    top_up: bool
    pay: Schedule
    first_month: str
    school: str = ""
    school_state: str = ""
    institution: str = ""


@dataclass(slots=True, eq=False)
class Subsidy:
    """The two subsidies of a disabled person; None: not drawn. level: what the subsidy roll says."""

    person: Person
    living: Money | None
    care: Money | None
    kind: int
    level: int
    pay: Schedule
    first_month: str
    status: str = "正常"
    shown_name: str = ""
    shown_number: str = ""
    last_paid: str | None = None


@dataclass(slots=True, eq=False)
class NearPoor:
    """A near-poor or rigid-spending household; members[0] is the applicant.

    is_on_platform  entered in the monitoring platform some days after; lists_members  members' list has it
    """

    members: list[tuple[Person, str]]
    village: Village
    kind: str
    income: Money
    spent: Money
    recognised_on: date
    valid_to: date
    shown_numbers: dict[str, str] = field(default_factory=dict)
    is_on_platform: bool = True
    lists_members: bool = True


@dataclass(slots=True, eq=False)
class Visit:
    """A visit to a household or a person (`person` None: the household through its head)."""

    head: Person
    person: Person | None
    village: Village
    on: date
    program: str
    eligible: str = "符合"
    holder: str = "本人"
    consistent: str = "是"
    money_ok: str = "是"
    cadre_kin: str = "否"
    insured: int | None = None
    problem: str = ""
    size: int = 0
    by: str = ""
    level: str = "乡镇"
    purpose: str = ""


@dataclass(slots=True, eq=False)
class Officer:
    """A village cadre or a handler. person None: a name alone is not kept. account: of his pay, if listed."""

    person: Person
    kind: str
    unit: str
    post: str
    township: str
    village: Village | None
    since: date
    until: date | None = None
    account: str = ""


@dataclass(slots=True, eq=False)
class Filing:
    """A kin filing: which relative of which officer draws aid."""

    officer: Officer
    relative: Person
    relation: str
    program: str
    filed_on: date
    checked_on: date | None = None
    eligible: str = "是"


@dataclass(slots=True, eq=False)
class Custody:
    """A card kept by somebody else."""

    person: Person
    program: str
    holder_name: str
    holder_number: str
    holder_post: str
    relation: str
    will: str
    agreement: str
    agreed_from: date | None
    agreed_to: date | None
    filed_on: date | None
    returned_on: date | None = None
    medium: str = "银行卡"
    reason: str = "年老"


@dataclass(slots=True, eq=False)
class Monitored:
    """A household watched against falling back into poverty."""

    members: list[tuple[Person, str]]
    village: Village
    kind: str
    risk: str
    identified: str
    removed: bool
    removed_on: str
    number: str
    dibao_word: str = "未享受"
    tekun_word: str = "未享受"


@dataclass(slots=True, eq=False)
class Stay:
    """One hospital stay, settled."""

    person: Person
    settled_on: date
    total: Money
    pooled: Money
    serious: Money
    aided: Money
    own: Money
    disease: str
    hospital: str


@dataclass(slots=True, eq=False)
class Abroad:
    """A row of another county's roll. program: 低保 or 特困."""

    name: str
    number: str
    sex: str
    relation: str
    head_name: str
    head_number: str
    township: str
    village: str
    amount: Money
    county: str
    area: str
    program: str = "低保"
    status: str = "在保"
    ended_on: date | None = None


@dataclass(slots=True, eq=False)
class Worker:
    """A person on the fiscal pay list."""

    person: Person
    unit: str
    identity: str
    post: str
    state: str
    salary: Money


@dataclass(slots=True, eq=False)
class Injured:
    """A person insured against work injury; ordinarily he draws care money."""

    person: Person
    amount: Money | None
    state: str = "享受待遇"
    kind: str = "工伤生活护理费"


@dataclass(slots=True)
class Truth:
    """What was planted, and what stands close beside it without being a hit."""

    hits: list[tuple[str, str, str]] = field(default_factory=list)
    misses: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Records:
    """All of the county's records, in the order they came about."""

    dibao: list[Dibao] = field(default_factory=list)
    tekun: list[Tekun] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    subsidies: list[Subsidy] = field(default_factory=list)
    near_poor: list[NearPoor] = field(default_factory=list)
    certified: list[Person] = field(default_factory=list)
    dead: list[Person] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    officers: list[Officer] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    custody: list[Custody] = field(default_factory=list)
    monitored: list[Monitored] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    abroad: list[Abroad] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    injured: list[Injured] = field(default_factory=list)
    pensions: list[Pension] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    estates: list[Estate] = field(default_factory=list)
    cars: list[Car] = field(default_factory=list)
    firms: list[Firm] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    loose_pay: list[Pay] = field(default_factory=list)
    bystanders: list[Person] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)
    match_runs: list[MatchRun] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    petitions: list[Petition] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    dials: list[Dial] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    temps: list[Temp] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    funds: list[Fund] = field(default_factory=list)
    truth: Truth = field(default_factory=Truth)
