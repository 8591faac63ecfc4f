"""The ledgers as they stand when nothing is wrong.

A township's are made once everything in it is planted: then it is known who was taken in, who left and who stands on
the rolls. What a planted case has written down itself, or left out (`leave_out`), the base does not write again; what
a case wants changed in the base's own rows it changes with `at_last`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from mingcha.simulate.model.days import day_in, later, month_of
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.ledgers import Alert, Listed, MatchRun, Problem
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.places import Village
from mingcha.simulate.model.records import Dibao, Records, Tekun
from mingcha.simulate.model.setting import Setting
from mingcha.simulate.model.streams import stream
from mingcha.simulate.model.ways_ledgers import petition, slip
from mingcha.simulate.model.ways_tekun import temp_case

_NEAR_POOR = "低保边缘"
#: of dibao applications without a filed relative, one in so many is visited by the county as well
_SAMPLED = 3
_CHANNELS = ("线下", "线上")
_ADULT = 18
#: a township confirms no more than this by itself, yuan (LS-06 of the fictitious county)
_TOWNSHIP_CAP = 2000


def settle_ledgers(ground: Ground) -> None:
    """Applications, notices, reviews, assessments, public lists and returns of one township."""
    rng = stream(ground.setting.seed, "ledgers", ground.township.code)
    name = ground.township.name
    dibao = [record for record in ground.records.dibao if record.village.township == name]
    tekun = [record for record in ground.records.tekun if record.person.village.township == name]
    _applications(ground, dibao, tekun)
    _notices(ground, dibao)
    _reviews(ground, dibao, tekun, rng)
    _assessments(ground, tekun)
    _listings(ground, dibao, tekun)
    _returns(ground)
    for change in ground.last_touches:
        change()


def _applications(ground: Ground, dibao: Sequence[Dibao], tekun: Sequence[Tekun]) -> None:
    """An application for everybody confirmed within the ledger's time."""
    have = {(record.program, record.person.number) for record in ground.records.applications}
    filed = {filing.relative.number for filing in ground.records.filings}
    for place, (person, program, decided, seen) in enumerate(_confirmed(ground, dibao, tekun)):
        left_out = ("application", person.number) in ground.left_out
        if decided < ground.setting.ledger_from or left_out or (program, person.number) in have:
            continue
        ground.apply(person, program, decided, visited=seen or person.number in filed or place % _SAMPLED == 0)


def _confirmed(
    ground: Ground, dibao: Sequence[Dibao], tekun: Sequence[Tekun]
) -> Iterator[tuple[Person, str, date, bool]]:
    """Applicant, programme, day of confirmation, and whether the county sees everybody of the programme."""
    for record in dibao:
        yield record.head, "低保", record.approved_on, False
    for each in tekun:
        yield each.person, "特困", each.approved_on, True
    for house in ground.records.near_poor:
        if house.village.township == ground.township.name and house.kind == _NEAR_POOR:
            yield house.members[0][0], _NEAR_POOR, house.recognised_on, False


def _notices(ground: Ground, dibao: Sequence[Dibao]) -> None:
    """A notice for everybody who left a roll."""
    have = {record.person.number for record in ground.records.notices}
    for record in dibao:
        last = month_of(record.ended_on) if record.ended_on else record.last_month
        if last is not None and record.head.number not in have:
            _stop(ground, record.head, "低保", last, alone=len(record.insured) == 1, amount=record.total)
    for subsidy in ground.records.subsidies:
        if subsidy.last_paid is not None and subsidy.person.village.township == ground.township.name:
            amount = (subsidy.living or Decimal(0)) + (subsidy.care or Decimal(0))
            _stop(ground, subsidy.person, "残疾人两项补贴", subsidy.last_paid, alone=True, amount=amount)


def _stop(ground: Ground, person: Person, program: str, last: str, *, alone: bool, amount: Decimal) -> None:
    """last: the last month with aid."""
    if ("notice", person.number) in ground.left_out:
        return
    decided = day_in(last, 25)
    dead = person.death if alone else None
    reason, kind = "家庭收入超过保障标准", "收入超标"
    if dead is not None:
        decided = max(decided, later(dead.on, 3))
        reason, kind = "救助对象死亡", "死亡"
    elif any(tekun.person is person for tekun in ground.records.tekun):
        reason, kind = "转为特困人员救助供养", "其他"
    decided = min(decided, ground.as_of)
    ground.notify(person, program, "停止", decided, reason=reason, reason_kind=kind, amounts=(amount, Decimal(0)))


def _reviews(ground: Ground, dibao: Sequence[Dibao], tekun: Sequence[Tekun], rng: Random) -> None:
    """Everybody was reviewed in the last months; a household that lost a member soon after the death."""
    for record in dibao:
        day = _review_day(ground, record.head, record.approved_on, rng)
        lost = [m.person.death.on for m in record.insured if m.person.death] if len(record.insured) > 1 else []
        if lost and day is not None:
            day = min(later(max(lost), 12), ground.as_of)
        record.last_review = record.last_review or day
    for each in tekun:
        each.last_review = each.last_review or _review_day(ground, each.person, each.approved_on, rng)


def _review_day(ground: Ground, person: Person, since: date, rng: Random) -> date | None:
    day = later(ground.as_of, -10 - int(rng.random() * 130))
    return day if day > since and ("review", person.number) not in ground.left_out else None


def _assessments(ground: Ground, tekun: Sequence[Tekun]) -> None:
    """When somebody's self-care was found out; the ledger has those of its own time."""
    have = {record.person.number for record in ground.records.assessments}
    for record in tekun:
        first = later(record.approved_on, -20)
        record.assessed_on = record.assessed_on or first
        if record.approved_on >= ground.setting.ledger_from and record.person.number not in have:
            ground.assess(record, first, kind="初次")


def _listings(ground: Ground, dibao: Sequence[Dibao], tekun: Sequence[Tekun]) -> None:
    """Long-term lists of every village, on the wall and on the web, as the newest roll has it."""
    have = {(r.village.code, r.program, r.channel) for r in ground.records.listings if r.kind == "长期公示"}
    for (_, program), (village, lines) in sorted(_listed(ground, dibao, tekun).items()):
        for channel in _CHANNELS:
            if (village.code, program, channel) not in have:
                # a case may change a line of one channel: each has its own
                ground.listing(village, program, channel).rows = [replace(line, more={}) for line in lines]


def _listed(
    ground: Ground, dibao: Sequence[Dibao], tekun: Sequence[Tekun]
) -> dict[tuple[str, str], tuple[Village, list[Listed]]]:
    """The lines by village and programme. Minors are on no public list, whatever they draw."""
    found: dict[tuple[str, str], tuple[Village, list[Listed]]] = {}
    month = ground.month()
    for record in dibao:
        if record.is_on(month) and record.last_month is None and record.ended_on is None:
            line = Listed(record.head.name, record.family_size, len(record.insured), record.total)
            found.setdefault((record.village.code, "低保"), (record.village, []))[1].append(line)
    for each in tekun:
        person = each.person
        is_on = each.is_on(month) and not each.is_over(month)
        if is_on and each.status == "在保" and person.age(ground.as_of) >= _ADULT:
            line = Listed(person.name, 1, 1, each.total)
            found.setdefault((person.village.code, "特困"), (person.village, []))[1].append(line)
    return found


def _returns(ground: Ground) -> None:
    """What the township handed in, and a test call to its number."""
    handed_in = {(record.township, record.kind) for record in ground.records.submissions}
    for kind, days in (("近亲属备案", (-100, -10)), ("卡折代管", (-100, -10)), ("综合治理报告", (-20,))):
        if (ground.township.name, kind) not in handed_in:
            for back in days:
                ground.hand_in(kind, later(ground.as_of, back))
    ground.dial(later(ground.as_of, -12))


def county_ledgers(setting: Setting, records: Records, townships: Sequence[str]) -> None:
    """What the county keeps for all townships together, beside what is planted."""
    _complaints(setting, records)
    _relief(setting, records)
    _problems(setting, records, townships)
    _matches(setting, records)


def _every(people: Sequence[Person], start: int, count: int) -> Sequence[Person]:
    """Some of the people, spread over the whole list."""
    return people[start :: max(1, len(people) // count)][:count]


def _complaints(setting: Setting, records: Records) -> None:
    """Petitions told of and closed in time, and slips of the hotline answered in time."""
    rng = stream(setting.seed, "ledgers", "complaints")
    topics = (("求助", "反映家庭困难，申请低保"), ("政策咨询", "咨询特困供养条件"), ("发放不及时", "反映补贴未到账"))
    for place, person in enumerate(_every(records.bystanders, 3, 30), start=1):
        topic, content = topics[place % len(topics)]
        channel = rng.choice(("来信", "来访", "网上信访"))
        petition(records, person, topic, content, later(setting.as_of, -30 - int(rng.random() * 200)), channel)
    for person in _every(records.bystanders, 5, 40):
        day = later(setting.as_of, -15 - int(rng.random() * 150))
        made = slip(records, person, "咨询救助政策", "来电人咨询低保申请需要哪些材料", day, "咨询")
        made.satisfaction = rng.choice(("满意", "基本满意"))


def _relief(setting: Setting, records: Records) -> None:
    """Temporary assistance: some cases of bystanders, some of people in aid, one household twice."""
    rng = stream(setting.seed, "ledgers", "relief")
    people = [*records.bystanders[::9], *(record.head for record in records.dibao[::12])]
    helped: set[str] = {case.person.house.number for case in records.temps}
    for person in people[: max(8, len(people) // 12)]:
        if person.house.number in helped:
            continue
        helped.add(person.house.number)
        for again in range(2 if rng.random() < 0.06 else 1):
            _relieve(setting, records, person, rng, again=bool(again))


def _relieve(setting: Setting, records: Records, person: Person, rng: Random, *, again: bool) -> None:
    """One case; what goes beyond the township's cap, and a second case, is the county's."""
    applied = later(setting.as_of, -20 - int(rng.random() * 300))
    urgent = rng.random() < 0.6
    reason = rng.choice(("因病", "火灾", "交通事故", "意外伤害", "因学"))
    amount = 500 + 100 * int(rng.random() * 25)
    by_county = rng.random() < 0.5 or again or amount > _TOWNSHIP_CAP
    made = temp_case(
        person,
        Decimal(amount),
        reason,
        "急难型" if urgent else "支出型",
        "县级" if by_county else "乡镇",
        applied,
        first=urgent,
    )
    records.temps.append(made)


def _problems(setting: Setting, records: Records, townships: Sequence[str]) -> None:
    """Problems being mended or done with, in long text and with words for days; warnings not yet due."""
    found = later(setting.as_of, -150)
    first, last = f"{townships[0]}人民政府", f"{townships[-1]}人民政府"
    records.problems += [
        Problem(
            "",
            "审计",
            found,
            "死亡人员继续享受",
            "个别死亡人员未及时停发低保金",
            first,
            "张立民",
            "1.停发资金；\n2.追缴多发部分",
            "立行立改",
            "立行立改",
            "已追缴",
            "已整改",
            "追缴票据、停发审批表",
            later(found, 25),
            3,
            Decimal("4200.00"),
        ),
        Problem(
            "",
            "自查",
            later(found, 30),
            "程序不规范",
            "部分村公示不到位",
            last,
            "刘玉成",
            "补充公示，规范公示栏",
            f"{setting.as_of.year}年12月底",
            progress="正在推进",
        ),
        Problem(
            "",
            "巡察",
            later(found, 45),
            "代管卡折",
            "村干部代管卡折未全部登记",
            "夏邑县民政局",
            "王学礼",
            "全面登记，逐户签订委托书",
            "长期坚持",
            "持续整改",
            "持续推进",
        ),
    ]
    sent = later(setting.as_of, -18)
    for person in [record.head for record in records.dibao[:: max(1, len(records.dibao) // 25)][:25]]:
        records.alerts.append(Alert(person, "低保", "车辆信息", "名下疑似有机动车", sent, later(sent, 30)))


def _matches(setting: Setting, records: Records) -> None:
    """Comparisons with other offices' lists: deaths each month, the others once a quarter."""
    people = len(records.dibao) + len(records.tekun)
    runs = (
        ("殡葬死亡", "殡仪馆", (-72, -42, -12)),
        ("乡村振兴", "乡村振兴局", (-150, -60)),
        ("残疾人", "残联", (-75,)),
        ("医保大病", "医疗保障局", (-70,)),
        ("人社", "人力资源和社会保障局", (-65,)),
        ("不动产", "不动产登记中心", (-60,)),
        ("车辆", "交警大队", (-55,)),
        ("市场主体", "市场监管局", (-50,)),
    )
    for kind, partner, days in runs:
        records.match_runs += [MatchRun(kind, partner, later(setting.as_of, back), people, 3, 3) for back in days]
