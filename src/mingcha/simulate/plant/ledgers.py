"""Public lists (R54–R56), returns and funds (R35, R49, R80), comparisons, complaints, problems and leads (R74–R79)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from mingcha.simulate.model.days import later
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.ledgers import Fund, Listed, Listing, MatchRun, Petition, Problem, Referral
from mingcha.simulate.model.people import Person
from mingcha.simulate.model.places import Village

#: of the townships, every third is in the wrong where a rule asks about whole townships
_EVERY = 3
_KIN = "近亲属备案"
#: percent of filed relatives that are to be looked at (PL-05.sample_rate); how many of them one officer has
_CHECKED_RATE = 30
_RELATIVES = 3
_SUMMARY = "综合治理报告"
#: warnings and comparisons that nobody else than the county bureau answers for
_BUREAU = "县民政局"
_SHOWN_PROGRAMS = {"低保": "低保", "特困": "特困", "临时救助": "临时救助", "孤儿": "儿童保障"}


def _shown(village: Village) -> str:
    """The village as findings name it: 王楼村, 滨湖路居委会; in the local unit 农贸市场."""
    if village.code.startswith("LOCAL"):
        return village.short
    if village.is_urban:
        return village.name
    return village.short if village.short.endswith("村") else f"{village.short}村"


def _item(listing: Listing) -> str:
    """A public list as findings name it."""
    village = listing.village
    what = f"{_SHOWN_PROGRAMS[listing.program]}{listing.kind}"
    return f"{village.township}{_shown(village)}{what}（{listing.channel}）"


def _grown(ground: Ground, years: int = 50, *, village: Village | None = None) -> Person:
    return ground.house(("户主", True, ground.aged(years)), village=village).head


# -- public lists -----------------------------------------------------------------------------------------------------


def r54(ground: Ground) -> None:
    """公示敏感字段."""
    ground.some(
        [
            lambda: _exposed(ground, "低保", "初审公示", {"身份证号": _grown(ground).number}),
            lambda: _exposed(ground, "低保", "确认公布", {"家庭住址": "本村3组12号"}),
            lambda: _exposed(ground, "特困", "初审公示", {"残疾类别": "肢体", "残疾等级": "二级"}),
            lambda: _exposed(ground, "特困", "确认公布", {"病种": "尿毒症"}),
        ]
    )
    for program, kind, more, why in (
        ("临时救助", "确认公布", {"身份证号": "4114**********2522"}, "身份证号已遮盖"),
        ("临时救助", "初审公示", {"备注": "监督电话0370-0001234"}, "公开的是监督电话"),
        ("低保", "终止公示", {}, "同一张表上有号码栏，本名单没有填"),
    ):
        ground.miss("R54", _item(_showing(ground, program, kind, more)), why)


def _showing(ground: Ground, program: str, kind: str, more: Mapping[str, str]) -> Listing:
    """A list of one line that shows more than it should, or seems to."""
    person = _grown(ground)
    listing = ground.listing(person.village, program, "线下", kind=kind, since=later(ground.as_of, -25))
    listing.rows.append(Listed(person.name, 1, 1, Decimal(300), dict(more)))
    return listing


def _exposed(ground: Ground, program: str, kind: str, more: Mapping[str, str]) -> None:
    ground.hit("R54", _item(_showing(ground, program, kind, more)))


def r55(ground: Ground) -> None:
    """公示未成年人."""
    ground.some(
        [
            lambda: _children_listed(ground),
            lambda: _minor_named(ground, "低保", "确认公布"),
            lambda: _minor_by_age(ground),
        ]
    )
    child, listing = _minor_listed(ground, "特困", "确认公布")
    # a grown-up of the same name on a roll of the village: the name alone says nothing
    house = ground.house(("户主", True, ground.aged(55)), village=child.village)
    house.head.name = child.name
    ground.dibao(house)
    ground.miss("R55", _item(listing), "同村在册的成年人与未成年人同名")
    grown = ground.listing(ground.a_village(), "特困", "线上", kind="初审公示", since=later(ground.as_of, -25))
    grown.rows.append(Listed(_grown(ground).name, 1, 1, Decimal(300), {"年龄": "18"}))
    ground.miss("R55", _item(grown), "已满十八周岁")


def _children_listed(ground: Ground) -> None:
    listing = ground.listing(ground.a_village(), "孤儿", "线上", kind="确认公布", since=later(ground.as_of, -25))
    listing.rows.append(Listed(_grown(ground).name, 1, 1, Decimal(1100)))
    ground.hit("R55", _item(listing))


def _minor_listed(ground: Ground, program: str, kind: str) -> tuple[Person, Listing]:
    house = ground.house(("户主", True, ground.aged(47)), ("子", True, ground.aged(11)))
    ground.dibao(house)
    child = house.members[1]
    listing = ground.listing(house.village, program, "线上", kind=kind, since=later(ground.as_of, -25))
    listing.rows.append(Listed(child.name, 1, 1, Decimal(300)))
    return child, listing


def _minor_named(ground: Ground, program: str, kind: str) -> None:
    _, listing = _minor_listed(ground, program, kind)
    ground.hit("R55", _item(listing))


def _minor_by_age(ground: Ground) -> None:
    listing = ground.listing(ground.a_village(), "低保", "线上", kind="初审公示", since=later(ground.as_of, -25))
    listing.rows.append(Listed(_grown(ground).name, 1, 1, Decimal(300), {"年龄": "17"}))
    ground.hit("R55", _item(listing))


def r56(ground: Ground) -> None:
    """长期公示缺失或不一致: one village in the wrong, where there are two another just in time."""
    villages = sorted(ground.villages, key=lambda village: village.code)
    village = next((each for each in villages if not each.is_urban), villages[0])
    house = ground.house(("户主", True, ground.aged(53)), village=village)
    ground.dibao(house)
    spoils: list[Callable[[list[Listing]], None]] = [
        _only_offline(ground),
        _without(house.head),
        _too_old(ground),
        _with_a_stranger(ground),
        _another_amount,
    ]
    spoil = spoils[ground.order % len(spoils)]
    ground.at_last(lambda: spoil(_long_lists(ground, village)))
    ground.hit("R56", f"{village.township}{_shown(village)}")
    rest = [each for each in villages if each is not village and not each.is_urban]
    if rest:
        ground.at_last(lambda: _just_in_time(ground, _long_lists(ground, rest[0])))
        ground.miss("R56", f"{rest[0].township}{_shown(rest[0])}", "公示正好满三个月")


def _long_lists(ground: Ground, village: Village) -> list[Listing]:
    return [
        each
        for each in ground.records.listings
        if each.village is village and each.kind == "长期公示" and each.program == "低保"
    ]


def _only_offline(ground: Ground) -> Callable[[list[Listing]], None]:
    def spoil(lists: list[Listing]) -> None:
        for listing in lists:
            if listing.channel == "线上":
                ground.records.listings.remove(listing)

    return spoil


def _without(head: Person) -> Callable[[list[Listing]], None]:
    """Somebody who has been on the roll for long is missing, and so is whoever has the same name in the village."""

    def spoil(lists: list[Listing]) -> None:
        for listing in lists:
            listing.rows[:] = [row for row in listing.rows if row.name != head.name]

    return spoil


def _too_old(ground: Ground) -> Callable[[list[Listing]], None]:
    def spoil(lists: list[Listing]) -> None:
        for listing in lists:
            listing.from_on = later(ground.as_of, -95)

    return spoil


def _with_a_stranger(ground: Ground) -> Callable[[list[Listing]], None]:
    def spoil(lists: list[Listing]) -> None:
        for listing in lists:
            listing.rows.append(Listed("虚无名", 1, 1, Decimal("285.00")))

    return spoil


def _another_amount(lists: list[Listing]) -> None:
    for listing in lists:
        listing.rows[0].amount = (listing.rows[0].amount or Decimal(0)) + Decimal("1000.00")


def _just_in_time(ground: Ground, lists: list[Listing]) -> None:
    for listing in lists:
        listing.from_on = later(ground.as_of, -89)


# -- returns and funds ------------------------------------------------------------------------------------------------


def r35(ground: Ground) -> None:
    """近亲属备案未报或未抽查."""
    name = ground.township.name
    due = later(ground.as_of, -12)
    if ground.order % _EVERY == 0:
        ground.hand_in(_KIN, later(due, -90))
        record = ground.hand_in(_KIN, due, on=later(due, 1))
        if ground.order % 2:
            record.submitted_on = record.accepted_on = None
        ground.hit("R35", name)
    else:
        ground.hand_in(_KIN, due, on=due)
        if ground.order % (2 * _EVERY) == 1:
            _file_more(ground, enough=False)
            ground.hit("R35", name)
        else:
            _file_more(ground, enough=True)
            ground.miss("R35", name, "应报日期当天报送，核查比例没有低于规定")


def _file_more(ground: Ground, *, enough: bool) -> None:
    """Relatives filed after they were taken in and not looked at yet: the rate is just kept, or missed by one."""
    mine = [filing for filing in ground.records.filings if filing.officer.township == ground.township.name]
    checked = sum(1 for filing in mine if filing.checked_on is not None)
    more = checked * 100 // _CHECKED_RATE - len(mine) + (0 if enough else 1)
    for place in range(more):
        if place % _RELATIVES == 0:
            officer = ground.officer(ground.lone_household(47), post="村委会委员")
        filing = ground.file_kin(officer, ground.lone(50 + place % 9).head, "叔侄")
        filing.filed_on, filing.checked_on = later(ground.as_of, -75), None


def r49(ground: Ground) -> None:
    """配套不足: a township's own ledger of tekun money."""
    name, month = ground.township.name, ground.month(1)
    ground.tekun(_grown(ground, 71))
    short, plenty = Decimal("100.00"), Decimal("9000000.00")
    if ground.order % _EVERY == 0:
        ground.records.funds.append(Fund(name, month, short, plenty))
        ground.hit("R49", name, month)
    elif ground.order % _EVERY == 1:
        ground.records.funds.append(Fund(name, ground.month(2), plenty, plenty, plenty))
        ground.records.funds.append(Fund(name, month, short, plenty))
        ground.miss("R49", name, "上月结余够用")
    else:
        ground.records.funds.append(Fund(name, month, plenty, plenty))
        ground.records.funds.append(Fund(name, ground.month(), short, None))
        ground.miss("R49", name, "本月未过")


def r80(ground: Ground) -> None:
    """总结报告逾期."""
    name = ground.township.name
    due = later(ground.as_of, -25)
    if ground.order % _EVERY == 0:
        record = ground.hand_in(_SUMMARY, due, on=later(due, 1))
        if ground.order % 2:
            record.submitted_on = record.accepted_on = None
        ground.hit("R80", name)
    else:
        ground.hand_in(_SUMMARY, due, on=due)
        ground.miss("R80", name, "应报日期当天报送")


# -- comparisons, complaints, problems, leads -------------------------------------------------------------------------


def r74(ground: Ground) -> None:
    """比对或预警超期."""
    name = ground.township.name
    person, other = ground.lone().head, ground.lone().head
    kept = ground.alert(other, "房产信息", "名下疑似有住房", later(ground.as_of, -60))
    kept.done_on, kept.result = kept.due_on, "不属实"
    if ground.order % _EVERY == 0:
        late = ground.alert(person, "车辆信息", "名下疑似有机动车", later(ground.as_of, -45))
        if ground.order % 2:
            late.done_on, late.result = later(late.due_on, 1), "不属实"
        ground.hit("R74", name)
    else:
        ground.alert(person, "车辆信息", "名下疑似有机动车", later(ground.as_of, -30))
        ground.miss("R74", name, "反馈时限为比对日当天，另一条当天反馈")
    if ground.order == 0:
        ground.records.match_runs.append(MatchRun("公安户籍", "公安局", later(ground.as_of, -100), 300, 3, 3))
        ground.records.match_runs.append(MatchRun("资金账户", "公积金中心", later(ground.as_of, -89), 300, 3, 3))
        ground.hit("R74", _BUREAU)


def r75(ground: Ground) -> None:
    """信访超期."""
    ground.some([lambda: _told_late(ground), lambda: _closed_late(ground), lambda: _never_closed(ground)])
    told = _petition(ground, 100)
    told.accepted_on = told.noticed_on = later(told.received_on, 15)
    ground.miss("R75", told.case_no, "第十五日告知")
    closed = _petition(ground, 130)
    closed.closed_on = later(closed.received_on, 65)
    ground.miss("R75", closed.case_no, "受理后第六十日办结")
    extended = _petition(ground, 150)
    extended.extended, extended.closed_on = "是", later(extended.received_on, 95)
    extended.extended_to = extended.closed_on
    ground.miss("R75", extended.case_no, "经批准延期，受理后第九十日办结")


def _petition(ground: Ground, back: int, *, topic: str = "求助") -> Petition:
    """Told of and taken up on the fifth day after it came in, closed on the twentieth."""
    return ground.petition(_grown(ground, 58), topic, "反映家庭困难，申请低保", later(ground.as_of, -back))


def _told_late(ground: Ground) -> None:
    record = _petition(ground, 90)
    record.accepted_on = record.noticed_on = later(record.received_on, 16)
    ground.hit("R75", record.case_no)


def _closed_late(ground: Ground) -> None:
    record = _petition(ground, 120)
    record.closed_on = later(record.received_on, 66)
    ground.hit("R75", record.case_no)


def _never_closed(ground: Ground) -> None:
    record = _petition(ground, 66)
    record.closed_on, record.result = None, "正在办理"
    ground.hit("R75", record.case_no)


def r76(ground: Ground) -> None:
    """重复信访未化解."""
    ground.some([lambda: _insisting(ground, "不满意"), lambda: _insisting(ground, "")])
    two = _again(ground, "", second="停发")
    ground.miss("R76", two, "两次反映的不是一件事")
    once = ground.petition(_grown(ground, 61), "求助", "反映家庭困难", later(ground.as_of, -40))
    once.is_repeat, once.closed_on, once.result, once.shows_number = "是", None, "正在办理", True
    ground.miss("R76", once.person, "写明重复，台账上只有一次")
    met = _again(ground, "")
    ground.visit(met, on=later(ground.as_of, -20), eligible="不符合")
    ground.miss("R76", met, "其间已入户")
    closed = _again(ground, "满意")
    ground.miss("R76", closed, "最近一次已办结且满意")


def _again(ground: Ground, satisfaction: str, *, second: str = "求助") -> Person:
    """Asked twice; satisfaction: of the second answer, '' where there is none yet."""
    person = _grown(ground, 62)
    asked = ground.petition(person, "求助", "反映家庭困难，申请低保", later(ground.as_of, -120))
    again = ground.petition(person, second, "再次反映家庭困难", later(ground.as_of, -40), channel="来访")
    again.is_repeat, again.satisfaction = "是", satisfaction
    if not satisfaction:
        again.closed_on, again.result = None, "正在办理"
    asked.shows_number = again.shows_number = True
    return person


def _insisting(ground: Ground, satisfaction: str) -> None:
    ground.hit("R76", _again(ground, satisfaction))


def r77(ground: Ground) -> None:
    """热线不通或工单超时."""
    name, place = ground.township.name, ground.order + 1
    ground.some(
        [
            lambda: _unanswered(ground, f"{name}社会救助服务中心", f"0370-001{place:04d}"),
            lambda: _slip_late(ground, f"{name}人民政府"),
            lambda: _slip_kept(ground, f"{name}便民服务中心"),
        ]
    )
    unit, number = f"{name}敬老院", f"0370-002{place:04d}"
    missed = ground.dial(later(ground.as_of, -9), unit=unit, number=number)
    missed.connected, missed.answered_right, missed.problem = "否", "", "无人接听"
    ground.dial(later(ground.as_of, -4), unit=unit, number=number)
    ground.miss("R77", unit, "随后再拨已接通")
    slip = ground.slip(_grown(ground), "咨询救助政策", "来电人咨询低保申请需要哪些材料", later(ground.as_of, -30))
    slip.handler, slip.replied_at = f"{name}财政所", slip.due_at
    ground.miss("R77", slip.handler, "时限那一分钟答复")


def _unanswered(ground: Ground, unit: str, number: str) -> None:
    call = ground.dial(later(ground.as_of, -6), unit=unit, number=number)
    call.connected, call.answered_right, call.problem = "否", "", "无人接听"
    ground.hit("R77", unit)


def _slip_late(ground: Ground, unit: str) -> None:
    slip = ground.slip(_grown(ground), "反映补贴未到账", "来电人反映没有到账", later(ground.as_of, -30), kind="求助")
    slip.handler, slip.replied_at = unit, f"{later(ground.as_of, -22)} 09:10:00"
    ground.hit("R77", unit)


def _slip_kept(ground: Ground, unit: str) -> None:
    slip = ground.slip(_grown(ground), "反映补贴未到账", "来电人反映没有到账", later(ground.as_of, -30), kind="求助")
    slip.handler, slip.shared = unit, "否"
    ground.hit("R77", unit)


def r78(ground: Ground) -> None:
    """整改逾期或虚假销号."""
    ground.some(
        [lambda: _overdue(ground), lambda: _hollow(ground), lambda: _found_again(ground), lambda: _ownerless(ground)]
    )
    today = _problem(ground, "标准未落实", ground.as_of)
    ground.miss("R78", today.problem_no, "整改时限为比对日当天")
    lasting = _problem(ground, "作风问题", "长期坚持")
    lasting.rect_type = "持续整改"
    ground.miss("R78", lasting.problem_no, "持续整改")
    done = _problem(ground, "资金管理", later(ground.as_of, -30))
    _done(done, "整改报告、拨付凭证", later(ground.as_of, -31))
    ground.miss("R78", done.problem_no, "已整改，有证明材料和责任人")
    other = _problem(ground, "应保未保", later(ground.as_of, -30), back=60)
    _done(other, "入户核查表", later(ground.as_of, -40))
    again = _problem(ground, "对象认定不准", later(ground.as_of, 30), back=20)
    ground.miss("R78", other.problem_no, "销号后发现的是另一类问题")
    ground.miss("R78", again.problem_no, "时限未到")


def _problem(ground: Ground, category: str, due: date | str, *, back: int = 120, unit: str = "") -> Problem:
    return ground.problem(f"{category}：抽查发现个别问题", category, later(ground.as_of, -back), due, unit=unit)


def _done(record: Problem, evidence: str, closed: date) -> None:
    record.status, record.progress, record.evidence, record.closed_on = "已整改", "已完成", evidence, closed


def _overdue(ground: Ground) -> None:
    record = _problem(ground, "程序不规范", later(ground.as_of, -1))
    ground.hit("R78", record.problem_no)


def _hollow(ground: Ground) -> None:
    record = _problem(ground, "重复享受", later(ground.as_of, -30))
    _done(record, "", later(ground.as_of, -35))
    ground.hit("R78", record.problem_no)


def _ownerless(ground: Ground) -> None:
    record = _problem(ground, "近亲属未备案", later(ground.as_of, -30))
    _done(record, "备案表", later(ground.as_of, -35))
    record.owner = ""
    ground.hit("R78", record.problem_no)


def _found_again(ground: Ground) -> None:
    unit = f"{ground.township.name}民政所"
    record = _problem(ground, "代管卡折", later(ground.as_of, -80), back=150, unit=unit)
    _done(record, "卡折交还登记表", later(ground.as_of, -85))
    _problem(ground, "代管卡折", later(ground.as_of, 30), back=20, unit=unit)
    ground.hit("R78", record.problem_no)


def r79(ground: Ground) -> None:
    """线索未移送."""
    ground.some([lambda: _kept_back(ground, None), lambda: _kept_back(ground, 11)])
    ground.miss("R79", _lead(ground, 30, 10).lead_no, "核实后第十日移送")
    ground.miss("R79", _lead(ground, 30, None, result="不属实").lead_no, "核实不属实")
    ground.miss("R79", _lead(ground, 10, None).lead_no, "核实满十日，尚在期限内")
    outside = _lead(ground, 30, None)
    outside.is_staff = "否"
    ground.miss("R79", outside.lead_no, "不是民政干部职工")


def _lead(ground: Ground, back: int, sent: int | None, *, result: str = "属实") -> Referral:
    """A lead judged so many days ago and handed on so many days later (None: not at all)."""
    verified = later(ground.as_of, -back)
    record = ground.refer(_grown(ground, 45).name, "村委会会计", "反映代领补贴", verified, result=result)
    record.transferred_on = later(verified, sent) if sent is not None else None
    record.transferred_to, record.receipt = ("县纪委监委", "是") if sent is not None else ("", "")
    return record


def _kept_back(ground: Ground, sent: int | None) -> None:
    ground.hit("R79", _lead(ground, 30, sent).lead_no)


PLANTS: dict[str, Callable[[Ground], None]] = {
    "R35": r35,
    "R49": r49,
    "R54": r54,
    "R55": r55,
    "R56": r56,
    "R74": r74,
    "R75": r75,
    "R76": r76,
    "R77": r77,
    "R78": r78,
    "R79": r79,
    "R80": r80,
}
