"""Care of tekun persons (R60–R66), and temporary assistance (R70–R73)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from mingcha.simulate.model import setting as amounts
from mingcha.simulate.model.days import day_in, day_shift, later
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.ledgers import Application, Assessment, Temp
from mingcha.simulate.model.people import House, Person
from mingcha.simulate.model.records import Tekun
from mingcha.simulate.model.workdays import workdays_before, workdays_later

#: percent of tekun applications that the county looks into (TK-08)
_SAMPLE_RATE = 30
#: a township confirms no more than this by itself (LS-06), and papers are due so many days after the need (LS-04)
_CAP = Decimal("2000.00")
_PAPER_DAYS = 10
#: working days within which a reported change is assessed (TK-11)
_CHANGE_DAYS = 10
#: signs that few given names have
_SELDOM = "砚衡璋琛翊骁"
#: longer ago than the ledgers of procedure reach, and not just before they begin
_LONG_AGO = -700


def _elder(ground: Ground, years: int = 77) -> Person:
    return ground.house(("户主", True, ground.aged(years))).head


def _tekun(ground: Ground, care: str, *, central: bool = False) -> Tekun:
    """Somebody taken in long ago, whose application and first assessment no ledger has."""
    record = ground.tekun(_elder(ground), central=central, care=care, approved=later(ground.as_of, _LONG_AGO))
    record.assessed_on = later(ground.as_of, _LONG_AGO - 20)
    return record


# -- the county's sample ----------------------------------------------------------------------------------------------


def r60(ground: Ground) -> None:
    """特困抽查不足: of three townships one is under the rate, one just at it, one fully looked into."""
    for years in (71, 74, 78, 82):
        ground.tekun(_elder(ground, years), approved=later(ground.as_of, -60 - 3 * years))
    place, name = ground.order % 3, ground.township.name
    if place == 0:
        ground.hit("R60", name)
        ground.at_last(lambda: _sample(ground, enough=False))
    elif place == 1:
        ground.miss("R60", name, "抽查刚好达到三成")
        ground.at_last(lambda: _sample(ground, enough=True))
    else:
        ground.miss("R60", name, "全部抽查")


def _sample(ground: Ground, *, enough: bool) -> None:
    """Takes visits away until no more than the rate are left, or one less. Filed relatives keep theirs."""
    filed = {filing.relative.number for filing in ground.records.filings}
    mine = [record for record in ground.records.applications if _is_counted(ground, record)]
    wanted = -(-len(mine) * _SAMPLE_RATE // 100) - (0 if enough else 1)
    seen = sum(1 for record in mine if record.county_visit_on is not None)
    for record in mine:
        if seen > wanted and record.person.number not in filed and record.county_visit_on is not None:
            record.county_visit_on, record.sampled = None, "否"
            seen -= 1


def _is_counted(ground: Ground, record: Application) -> bool:
    """Whether the rate is of this application: of tekun, of the township, decided within the year."""
    if record.program != "特困" or record.village.township != ground.township.name or record.decision == "撤回":
        return False
    return record.decided_on is not None and record.decided_on > day_shift(ground.as_of, -12)


# -- self-care --------------------------------------------------------------------------------------------------------


def r61(ground: Ground) -> None:
    """自理档次不符."""
    ground.some(
        [
            lambda: _counted(ground, "半自理", 4),
            lambda: _lost_since(ground),
            lambda: _never_assessed(ground),
            lambda: _counted(ground, "全自理", 1),
            lambda: _counted(ground, "不能自理", 3),
            lambda: ground.hit("R61", _ledger_alone(ground, 5, "不能自理"), ground.month()),
            lambda: ground.hit("R61", _ledger_alone(ground, None, "全自理"), ground.month()),
        ]
    )
    for counted, word in ((2, "半自理"), (None, "半自理")):
        ground.miss("R61", _ledger_alone(ground, counted, word), "名册没有写评估，台账的评估与档次一致")
    for care, failed in (("全自理", 0), ("半自理", 1), ("半自理", 3), ("不能自理", 4), ("不能自理", 6)):
        _counted(ground, care, failed, why=f"{care}，{failed}项不能完成")
    older = _tekun(ground, "半自理")
    older.assessed_on = later(ground.as_of, -150)
    found = ground.assess(older, later(ground.as_of, -300))
    found.failed, found.self_care = 5, "不能自理"
    ground.miss("R61", older.person, "台账的评估比名册的旧")


def _counted(ground: Ground, care: str, failed: int, *, why: str = "") -> None:
    record = _tekun(ground, care)
    record.failed = failed
    if why:
        ground.miss("R61", record.person, why)
    else:
        ground.hit("R61", record.person, ground.month())


def _lost_since(ground: Ground) -> None:
    record = _tekun(ground, "半自理")
    found = ground.assess(record, later(ground.as_of, -75))
    found.failed, found.self_care = 5, "不能自理"
    ground.hit("R61", record.person, ground.month())


def _never_assessed(ground: Ground) -> None:
    record = _tekun(ground, "全自理")
    _untold(ground, record)
    ground.hit("R61", record.person, ground.month())


def _untold(ground: Ground, record: Tekun) -> None:
    """The roll says nothing of an assessment."""
    record.failed = None

    def forget() -> None:
        record.assessed_on = None

    ground.at_last(forget)


def _ledger_alone(ground: Ground, failed: int | None, word: str) -> Person:
    """Half able by the roll, which says nothing of an assessment; the ledger tells it, with or without a count."""
    record = _tekun(ground, "半自理")
    found = ground.assess(record, later(ground.as_of, -75))
    found.failed, found.self_care = failed, word
    _untold(ground, record)
    return record.person


def r62(ground: Ground) -> None:
    """护理金档次不符."""
    ground.some(
        [
            lambda: _nursed(ground, "不能自理", amounts.NURSING["半自理"]),
            lambda: _nursed(ground, "全自理", amounts.NURSING["不能自理"]),
            lambda: _nursed(ground, "半自理", amounts.NURSING["半自理"] + Decimal("0.02")),
            lambda: _nursed(ground, "不能自理", Decimal(0)),
            lambda: _nursed(ground, "半自理", amounts.NURSING["全自理"], apart=True),
        ]
    )
    _nursed(ground, "半自理", amounts.NURSING["半自理"] - Decimal("0.01"), why="只差一分")
    _nursed(ground, "不能自理", amounts.NURSING["不能自理"], apart=True, why="护理费单独发放，与档次一致")
    central = _tekun(ground, "不能自理", central=True)
    central.nursing = Decimal(0)
    ground.miss("R62", central.person, "集中供养，护理费拨付机构")
    just = _tekun(ground, "半自理")
    just.nursing = amounts.NURSING["全自理"]
    just.assessed_on = day_in(ground.month(), 1)
    ground.assess(just, just.assessed_on, kind="变化复评")
    ground.miss("R62", just.person, "本月才评估，次月调整")


def _nursed(ground: Ground, care: str, nursing: Decimal, *, apart: bool = False, why: str = "") -> None:
    """apart: the roll does not state it, payments of their own do."""
    record = _tekun(ground, care)
    record.nursing, record.is_apart = nursing, apart
    if why:
        ground.miss("R62", record.person, why)
    else:
        ground.hit("R62", record.person, ground.month())


def r63(ground: Ground) -> None:
    """自理能力复评超期."""
    told = later(ground.as_of, -90)
    last, over = workdays_later(told, _CHANGE_DAYS), workdays_later(told, _CHANGE_DAYS + 1)
    ground.some(
        [
            lambda: _late(ground, told, over),
            lambda: _late(ground, later(ground.as_of, -45), None),
            lambda: _late(ground, workdays_before(ground.as_of, _CHANGE_DAYS + 1), None),
        ]
    )
    _reported(ground, told, last, why="第十个工作日评估")
    _reported(ground, workdays_before(ground.as_of, _CHANGE_DAYS), None, why="比对日是第十个工作日")
    _reported(ground, told, later(told, 30), kind="定期", why="定期评估没有变化报告")
    gone = _reported(ground, later(ground.as_of, -45), None, why="评估前已死亡")
    ground.die(gone.person, later(ground.as_of, -20))


def _late(ground: Ground, reported: date, assessed: date | None) -> None:
    record = _change(ground, reported, assessed, "变化复评")
    ground.hit("R63", record.person, f"{reported:%Y-%m}")


def _reported(ground: Ground, reported: date, assessed: date | None, *, kind: str = "变化复评", why: str) -> Tekun:
    record = _change(ground, reported, assessed, kind)
    ground.miss("R63", record.person, why)
    return record


def _change(ground: Ground, reported: date, assessed: date | None, kind: str) -> Tekun:
    record = _tekun(ground, "半自理")
    if assessed is None:
        ground.records.assessments.append(Assessment(record.person, reported, None, kind, None, "", ""))
    else:
        ground.assess(record, assessed, kind=kind, reported=reported)
    return record


def r65(ground: Ground) -> None:
    """需集中供养未入住."""
    ground.some([lambda: _wants(ground, 4), lambda: _wants(ground, 6)])
    for care, wants, why in (("不能自理", "否", "本人不愿意"), ("半自理", "是", "部分丧失自理能力")):
        record = _tekun(ground, care)
        record.wants_central = wants
        ground.miss("R65", record.person, why)
    ground.miss("R65", _tekun(ground, "不能自理", central=True).person, "已经集中供养")
    gone = _tekun(ground, "不能自理")
    gone.wants_central = "是"
    ground.die(gone.person, later(ground.as_of, -15))
    ground.miss("R65", gone.person, "已死亡")


def _wants(ground: Ground, failed: int) -> None:
    record = _tekun(ground, "不能自理")
    record.failed, record.wants_central = failed, "是"
    ground.hit("R65", record.person)


# -- those who left ---------------------------------------------------------------------------------------------------


def r66(ground: Ground) -> None:
    """退出特困未衔接."""
    ground.some([lambda: _left_alone(ground), lambda: _ended_alone(ground), lambda: _visited_before(ground)])
    insured = _leaver(ground)
    dibao = ground.dibao(insured.person.house)
    dibao.approved_on, dibao.first_month = day_in(ground.month(1), 20), ground.month()
    ground.miss("R66", insured.person, "已转为低保")
    helped = _leaver(ground)
    ground.relieve(helped.person, Decimal("800.00"), applied=later(ground.as_of, -7))
    ground.miss("R66", helped.person, "已给予临时救助")
    met = _leaver(ground)
    ground.visit(met.person, on=later(ground.as_of, -1), program="特困", eligible="不符合")
    ground.miss("R66", met.person, "退出后已入户核查")
    edge = _leaver(ground)
    ground.near_poor(edge.person.house)
    ground.miss("R66", edge.person, "已认定低保边缘")
    for reason, words in (("迁出", "户籍迁出本县"), ("服刑", "被判刑收监")):
        record = _leaver(ground, ended=True, reason=reason, words=words)
        ground.miss("R66", record.person, f"退出原因是{reason}")
    gone = _leaver(ground, reason="死亡", words="救助对象死亡")
    ground.die(gone.person, day_in(ground.month(1), 20))
    ground.miss("R66", gone.person, "已死亡")


def _leaver(ground: Ground, *, ended: bool = False, reason: str = "收入超标", words: str = "收入超过规定标准") -> Tekun:
    """Somebody whose last month was the one before, off the newest roll or ended on it, and told so."""
    record = _tekun(ground, "全自理")
    last = ground.month(1)
    decided = day_in(last, 24)
    if ended:
        record.ended_on, record.end_reason = day_in(last, 31), reason
    else:
        record.last_month = last
    ground.notify(
        record.person,
        "特困",
        "停止",
        decided,
        reason=words,
        reason_kind=reason,
        amounts=(record.total, Decimal(0)),
    )
    return record


def _left_alone(ground: Ground) -> None:
    ground.hit("R66", _leaver(ground).person, ground.month())


def _ended_alone(ground: Ground) -> None:
    ground.hit("R66", _leaver(ground, ended=True, reason="自愿放弃", words="本人自愿放弃").person, ground.month())


def _visited_before(ground: Ground) -> None:
    record = _leaver(ground)
    ground.visit(record.person, on=day_in(ground.month(3), 11), program="特困")
    ground.hit("R66", record.person, ground.month())


# -- temporary assistance ---------------------------------------------------------------------------------------------


def r70(ground: Ground) -> None:
    """三类户临时救助缺口."""
    ground.some(
        [
            lambda: _struck(ground),
            lambda: _dear(ground),
            lambda: _relieved_before(ground),
            lambda: _relieved_off_platform(ground),
        ]
    )
    fresh = _watched(ground, 3)
    today = ground.relieve(fresh.head, Decimal("900.00"), applied=later(ground.as_of, -2))
    today.pay_on = today.platform_on = None
    ground.miss("R70", fresh.head, "救助当月批准，尚未录入平台")
    helped = _watched(ground, 3)
    ground.relieve(helped.members[1], Decimal("900.00"), applied=day_in(ground.month(2), 5))
    ground.miss("R70", helped.head, "家人此后已获临时救助")
    removed = _watched(ground, 3, removed=True)
    ground.miss("R70", removed.head, "风险已消除")
    ground.miss("R70", _watched(ground, 13).head, "十三个月前识别")
    ground.miss("R70", _watched(ground, 3, risk="因学").head, "不是因病因残因灾因意外")
    insured = ground.couple(47)
    ground.monitored(insured.head.house, identified=ground.month(3)).risk = "因病"
    ground.miss("R70", insured.head, "已享受低保")
    exact = _watched(ground, 16)
    ground.stay(exact.head, amounts.MEDICAL, on=day_in(ground.month(2), 9), total=Decimal("61000.00"))
    ground.miss("R70", exact.head, "个人负担医疗费正好等于限额")
    refused = _watched(ground, 4)
    _turn_down(ground, refused.head, "家庭收入和财产超过规定", decided=day_in(ground.month(2), 15))
    ground.miss("R70", refused.head, "已申请临时救助，不予确认")


def _watched(ground: Ground, back: int, *, risk: str = "因病", removed: bool = False) -> House:
    """A watched household that was visited since: whether it is in need was looked into, help is another matter."""
    house = ground.house(("户主", True, ground.aged(48)), ("妻", False, ground.aged(47)))
    ground.monitored(house, identified=ground.month(back), removed=removed).risk = risk
    ground.visit(house.head, on=day_in(ground.month(1), 18), eligible="不符合")
    return house


def _struck(ground: Ground) -> None:
    ground.hit("R70", _watched(ground, 3).head, ground.month(3))


def _dear(ground: Ground) -> None:
    house = _watched(ground, 20, risk="缺劳动力")
    ground.stay(house.members[1], amounts.MEDICAL + Decimal("0.01"), on=day_in(ground.month(2), 9))
    ground.hit("R70", house.members[1], ground.month(2))


def _relieved_before(ground: Ground) -> None:
    house = _watched(ground, 2, risk="因意外事故")
    ground.relieve(house.head, Decimal("700.00"), applied=day_in(ground.month(5), 5))
    ground.hit("R70", house.head, ground.month(2))


def _relieved_off_platform(ground: Ground) -> None:
    """Help came, but the platform does not know of it; that by itself is a matter of R69."""
    house = _watched(ground, 3, risk="因灾")
    made = ground.relieve(house.head, Decimal("900.00"), applied=day_in(ground.month(2), 5))
    made.platform_on = None
    ground.hit("R70", house.head, ground.month(3))
    ground.hit("R69", house.head, f"{made.approve_on:%Y-%m}")


def _first_aid(ground: Ground, days: int | None, *, in_need: bool = False) -> Temp:
    """Aid first, for a need that passed a hundred days ago; papers so many days after that."""
    case = ground.relieve(_elder(ground, 63), Decimal("1100.00"), applied=later(ground.as_of, -104), first_then=True)
    case.event_end_on = None if in_need else later(ground.as_of, -100)
    case.paper_done_on = later(ground.as_of, -100 + days) if days is not None else None
    return case


def r71(ground: Ground) -> None:
    """先行救助未补手续."""
    ground.some([lambda: _papers_late(ground, _PAPER_DAYS + 1), lambda: _papers_late(ground, None)])
    ground.miss("R71", _first_aid(ground, _PAPER_DAYS).person, "最后一天补齐手续")
    ground.miss("R71", _first_aid(ground, None, in_need=True).person, "急难还没有缓解")
    usual = ground.relieve(_elder(ground, 62), Decimal("1000.00"), applied=later(ground.as_of, -104))
    ground.miss("R71", usual.person, "不是先行救助")


def _papers_late(ground: Ground, days: int | None) -> None:
    ground.hit("R71", _first_aid(ground, days).person, f"{later(ground.as_of, -100):%Y-%m}")


def r72(ground: Ground) -> None:
    """乡镇超额审批或拆分."""
    ground.some([lambda: _at_once(ground), lambda: _in_parts(ground, -200), lambda: _in_parts(ground, -61)])
    ground.miss("R72", ground.relieve(_elder(ground, 58), _CAP).person, "正好等于额度")
    ground.miss("R72", ground.relieve(_elder(ground, 59), _CAP + 600, level="县级").person, "县级审批")
    for why, reason, level, applied in (
        ("两次事由不同", "火灾", "乡镇", -150),
        ("另一次由县级审批", "因病", "县级", -150),
        ("相隔超过十二个月", "因病", "乡镇", -440),
    ):
        person = _elder(ground, 60)
        ground.relieve(person, Decimal("1520.00"), reason=reason, level=level, applied=later(ground.as_of, applied))
        ground.relieve(person, Decimal("1210.00"))
        ground.miss("R72", person, why)


def _at_once(ground: Ground) -> None:
    case = ground.relieve(_elder(ground, 57), _CAP + Decimal("0.01"))
    ground.hit("R72", case.person, f"{case.approve_on:%Y-%m}")


def _in_parts(ground: Ground, applied: int) -> None:
    person = _elder(ground, 61)
    # no round hundreds: those are written as formulas now and then, which nobody reckoned
    ground.relieve(person, Decimal("1230.00"), applied=later(ground.as_of, applied))
    last = ground.relieve(person, Decimal("1010.00"))
    ground.hit("R72", person, f"{last.approve_on:%Y-%m}")


def r73(ground: Ground) -> None:
    """以户籍拒临时救助."""
    ground.some(
        [
            lambda: _sent_home(ground, "非本地户籍，应回户籍地申请"),
            lambda: _complained(ground),
            lambda: _sent_home(ground, "居住地不在本乡镇"),
            lambda: _rang_up(ground),
        ]
    )
    poor = _elder(ground, 54)
    _turn_down(ground, poor, "家庭收入和财产超过规定")
    ground.miss("R73", poor, "因收入不予救助")
    aided = _elder(ground, 53)
    _turn_down(ground, aided, "已在户籍地获得救助").is_local = "否"
    ground.miss("R73", aided, "户籍地已经救助")
    spending = _elder(ground, 52)
    _turn_down(ground, spending, "非本地户籍").aid_type = "支出型"
    ground.miss("R73", spending, "不是急难")
    asking = _withdrawn(ground)
    day = later(ground.as_of, -70)
    ground.petition(asking, "政策咨询", "咨询外地户籍申请临时救助会不会不受理", day)
    ground.miss("R73", asking, "只是政策咨询")
    ringing = _withdrawn(ground)
    ground.slip(ringing, "咨询临时救助", "来电人咨询外地户籍申请临时救助会不会不受理", day)
    ground.miss("R73", ringing, "热线只是咨询")


def _turn_down(ground: Ground, person: Person, reason: str, *, decided: date | None = None) -> Application:
    """An urgent application that was refused in time and in writing."""
    day = decided or later(ground.as_of, -65)
    record = ground.apply(person, "临时救助", day)
    record.aid_type, record.event_place = "急难型", ""
    record.decision, record.refuse_reason = "不予确认", reason
    ground.notify(person, "临时救助", "不予确认", day, reason=reason)
    return record


def _sent_home(ground: Ground, reason: str) -> None:
    person = _elder(ground, 51)
    record = _turn_down(ground, person, reason)
    record.is_local = "否"
    ground.hit("R73", person, f"{later(ground.as_of, -65):%Y-%m}")


def _withdrawn(ground: Ground) -> Person:
    """Somebody who applied for temporary assistance and took it back."""
    person = _elder(ground, 56)
    _name_alone(ground, person)
    record = ground.apply(person, "临时救助", later(ground.as_of, -80))
    record.aid_type, record.is_local, record.decision = "急难型", "否", "撤回"
    return person


def _name_alone(ground: Ground, person: Person) -> None:
    """Whoever complains without a number is known by a name that nobody else in the township has."""
    taken = {each.name for house in ground.houses for each in house.members if each is not person}
    given = (f"{one}{other}" for one in _SELDOM for other in _SELDOM)
    while person.name in taken:
        person.name = person.name[0] + next(given)


def _complained(ground: Ground) -> None:
    person = _withdrawn(ground)
    day = day_shift(ground.as_of, -2)
    ground.petition(person, "求助", "房屋失火后申请临时救助，因户籍不在本地被拒绝受理", day)
    ground.hit("R73", person, f"{day:%Y-%m}")


def _rang_up(ground: Ground) -> None:
    person = _withdrawn(ground)
    day = day_shift(ground.as_of, -2)
    content = "来电人反映家人车祸后申请临时救助，乡镇以户籍不在本地为由不受理"
    ground.slip(person, "反映临时救助不受理", content, day, kind="投诉")
    ground.hit("R73", person, f"{day:%Y-%m}")


PLANTS = {
    "R60": r60,
    "R61": r61,
    "R62": r62,
    "R63": r63,
    "R65": r65,
    "R66": r66,
    "R70": r70,
    "R71": r71,
    "R72": r72,
    "R73": r73,
}
