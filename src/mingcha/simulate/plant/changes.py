"""Changes of aid and what goes with them.

Reviews after a death (R03) and in time (R59), gradual exit (R25, R26), one member alone (R31), first and last month
(R45), notices (R57), and what was recognised but is not on the platform (R69).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from mingcha.simulate.model.days import day_in, day_shift, later, month_of
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.ledgers import Notice
from mingcha.simulate.model.records import Dibao, PayLine, Tekun

#: a household that lost a member is looked at within so many months (DB-30), reviews are due (DB-26, TK-16)
_AFTER_DEATH, _STEADY, _UNSTEADY, _TEKUN = 3, 12, 6, 12
_BEFORE = Decimal("60.00")


def _first_in_time(ground: Ground, months: int) -> date:
    """The earliest day from which so many months have not passed on the day of comparison."""
    day = later(ground.as_of, -31 * months - 3)
    while day_shift(day, months) < ground.as_of:
        day = later(day, 1)
    return day


def _long_ago(ground: Ground, record: Dibao) -> Dibao:
    """Confirmed so long ago that reviews alone count."""
    record.approved_on = later(ground.as_of, -900)
    record.first_month = month_of(day_shift(day_in(month_of(record.approved_on), 1), 1))
    return record


def _gone(ground: Ground, last: int = 2, *, years: int = 51) -> Dibao:
    """A household of one that stood on the roll for the last time so many months back."""
    record = _long_ago(ground, ground.lone(years))
    record.last_month = ground.month(last)
    return record


def _stop_told(ground: Ground, record: Dibao, back: int, *, reason: str = "家庭收入超过保障标准", kind: str) -> Notice:
    """A notice of the stop, decided on the 25th of the month so many back."""
    decided = day_in(ground.month(back), 25)
    amounts = (record.total, Decimal(0))
    return ground.notify(record.head, "低保", "停止", decided, reason=reason, reason_kind=kind, amounts=amounts)


# -- R03 --------------------------------------------------------------------------------------------------------------


def r03(ground: Ground) -> None:
    """死亡后未复核."""
    too_late = later(_first_in_time(ground, _AFTER_DEATH), -1)
    ground.some([lambda: _wife_lost(ground, too_late), lambda: _head_lost(ground, too_late)])
    on_last_day = _lost(ground, _first_in_time(ground, _AFTER_DEATH))
    ground.miss("R03", on_last_day.head, "期限届满日当天")
    visited = _lost(ground, too_late)
    ground.hit("R01", visited.members[1].person)
    ground.visit(visited.head, on=later(too_late, 40), program="低保")
    ground.miss("R03", visited.head, "期限内入户核查过")
    told = _lost(ground, too_late)
    ground.hit("R01", told.members[1].person)
    ground.notify(told.head, "低保", "增发", later(too_late, 30), reason="家庭人口变化，重新核定")
    ground.miss("R03", told.head, "期限内有调整告知")
    reviewed = _lost(ground, too_late)
    ground.hit("R01", reviewed.members[1].person)
    reviewed.last_review = later(too_late, 15)
    ground.miss("R03", reviewed.head, "名册上有死亡以后的复核时间")
    counted = _lost(ground, too_late)
    wife = counted.members[1].person
    ground.hit("R01", wife)
    counted.base_in = dict.fromkeys((ground.month(2), ground.month(1)), counted.base + _BEFORE)
    cut = day_in(ground.month(1), 20)
    ground.at_last(lambda: _cut_told(ground, counted, cut))
    ground.miss("R03", counted.head, "死亡以后保障金额已经调整")


def _lost(ground: Ground, day: date) -> Dibao:
    """A couple that lost the wife; the household was last looked at before that."""
    record = _long_ago(ground, ground.couple(64))
    ground.die(record.members[1].person, day)
    record.last_review = later(day, -30)
    return record


def _wife_lost(ground: Ground, day: date) -> None:
    record = _lost(ground, day)
    ground.hit("R01", record.members[1].person)
    ground.hit("R03", record.head)


def _head_lost(ground: Ground, day: date) -> None:
    """The applicant was not insured himself, so that he is on no roll to be taken off."""
    record = _long_ago(ground, ground.couple(66, insured=[1]))
    ground.die(record.head, day)
    record.last_review = later(day, -25)
    ground.hit("R03", record.head)


def _cut_told(ground: Ground, record: Dibao, decided: date) -> None:
    ground.notify(
        record.head,
        "低保",
        "减发",
        decided,
        reason="家庭人口减少，重新核定",
        reason_kind="其他",
        amounts=(record.total + _BEFORE, record.total),
    )


# -- R25, R26 ---------------------------------------------------------------------------------------------------------


def r25(ground: Ground) -> None:
    """渐退超期. Six months in the fictitious county (DB-28)."""
    ground.some([lambda: _tapering(ground, 7), lambda: _tapering(ground, 4, 1)])
    last = _long_ago(ground, ground.lone(47))
    last.taper_start = ground.month(6)
    ground.miss("R25", last.head, "渐退期最后一个月")
    ending = _long_ago(ground, ground.lone(46))
    ending.taper_start, ending.taper_end = ground.month(3), ground.month(0)
    ground.miss("R25", ending.head, "名册写明的截止月当月")
    over = _long_ago(ground, ground.lone(49))
    over.taper_start, over.taper_end = ground.month(9), ground.month(2)
    over.last_month = ground.month(2)
    ground.miss("R25", over.head, "渐退期满后已停保")


def _tapering(ground: Ground, start: int, end: int | None = None) -> None:
    record = _long_ago(ground, ground.lone(48))
    record.taper_start = ground.month(start)
    record.taper_end = ground.month(end) if end is not None else None
    ground.hit("R25", record.head)


def r26(ground: Ground) -> None:
    """应渐退直接停保."""
    ground.some([lambda: _job_told(ground), lambda: _job_on_roll(ground)])
    income = _gone(ground)
    _stop_told(ground, income, 2, kind="收入超标")
    ground.miss("R26", income.head, "不是因就业停保")
    tapered = _gone(ground)
    tapered.taper_start, tapered.taper_end = ground.month(7), ground.month(2)
    _stop_told(ground, tapered, 2, reason="渐退期满", kind="就业")
    ground.miss("R26", tapered.head, "名册上有渐退期")
    begun = _gone(ground)
    decided = later(day_in(ground.month(2), 25), -170)
    ground.notify(begun.head, "低保", "渐退", decided, reason="家庭成员就业", reason_kind="就业")
    _stop_told(ground, begun, 2, reason="渐退期满", kind="就业")
    ground.miss("R26", begun.head, "有渐退告知")
    dead = _gone(ground)
    ground.die(dead.head, day_in(ground.month(2), 12))
    _stop_told(ground, dead, 2, reason="家庭成员就业，收入增加", kind="就业")
    ground.miss("R26", dead.head, "本人已死亡")


def _job_told(ground: Ground) -> None:
    record = _gone(ground)
    _stop_told(ground, record, 2, reason="家庭成员就业，收入增加", kind="就业")
    ground.hit("R26", record.head)


def _job_on_roll(ground: Ground) -> None:
    """The roll says why; the notice says nothing of it."""
    record = _long_ago(ground, ground.lone(44))
    record.ended_on, record.end_reason = day_in(ground.month(2), 25), "就业"
    _stop_told(ground, record, 2, reason="家庭情况发生变化", kind="")
    ground.hit("R26", record.head)


# -- R31 --------------------------------------------------------------------------------------------------------------


def r31(ground: Ground) -> None:
    """单人保类别不符."""
    ground.some([lambda: _alone(ground, 0), lambda: _alone(ground, 1)])
    ill = ground.couple(54, insured=[0])
    ground.miss("R31", ill.head, "名册写明重病")
    house = ground.house(("户主", True, ground.aged(57)), ("妻", False, ground.aged(56)))
    ground.certify(house.head, 6, 3)
    ground.dibao(house, insured=[0])
    ground.subsidy(house.head, living=True)
    ground.miss("R31", house.head, "精神残疾三级")
    house = ground.house(("户主", True, ground.aged(63)), ("妻", False, ground.aged(62)))
    widower = _long_ago(ground, ground.dibao(house, insured=[0], has_grounds=False))
    ground.die(house.members[1], later(ground.as_of, -70))
    ground.miss("R31", widower.head, "家里别人已死亡")
    ground.miss("R31", ground.lone(53).head, "只有一口人")
    ground.miss("R31", ground.couple(55).head, "两人都享受")


def _alone(ground: Ground, insured: int) -> None:
    house = ground.house(("户主", True, ground.aged(52)), ("妻", False, ground.aged(50)))
    ground.dibao(house, insured=[insured], has_grounds=False)
    ground.hit("R31", house.members[insured])


# -- R45 --------------------------------------------------------------------------------------------------------------


def r45(ground: Ground) -> None:
    """起停月份错误."""
    ground.some([lambda: _paid_at_once(ground), lambda: _paid_on(ground), lambda: _tekun_at_once(ground)])
    entrant = ground.lone(52)
    entrant.approved_on, entrant.first_month = day_in(ground.month(2), 14), ground.month(1)
    ground.miss("R45", entrant.head, "确认次月起发")
    last = _gone(ground, 1)
    _stop_early(ground, last, 1)
    ground.miss("R45", last.head, "停发当月的发放")
    backed = _gone(ground)
    _stop_early(ground, backed, 2)
    backed.pay.by_month[ground.month(1)] = [PayLine(amount=Decimal("90.00"), remark="补发上年度提标差额")]
    ground.miss("R45", backed.head, "注明补发的")
    returned = _gone(ground)
    _stop_early(ground, returned, 2)
    returned.pay.by_month[ground.month(1)] = [PayLine(status="退汇", fail_reason="账户销户")]
    ground.miss("R45", returned.head, "退汇的不算发放")


def _stop_early(ground: Ground, record: Dibao, back: int) -> None:
    """A stop decided in the first days of the last month on the roll, so many months back, and said to hold from it."""
    decided = day_in(ground.month(back), 5)
    ground.notify(
        record.head,
        "低保",
        "停止",
        decided,
        reason="家庭收入超过保障标准",
        reason_kind="收入超标",
        effective=ground.month(back),
        amounts=(record.total, Decimal(0)),
    )


def _paid_at_once(ground: Ground) -> None:
    record = ground.lone(50)
    record.approved_on, record.first_month = day_in(ground.month(1), 14), ground.month(1)
    ground.hit("R45", record.head, ground.month(1))


def _paid_on(ground: Ground) -> None:
    record = _gone(ground)
    _stop_early(ground, record, 2)
    record.pay.by_month[ground.month(1)] = [PayLine()]
    ground.hit("R45", record.head, ground.month(1))
    # paid, and not on that month's roll
    ground.hit("R44", record.head, ground.month(1))


def _tekun_at_once(ground: Ground) -> None:
    person = ground.house(("户主", True, ground.aged(69))).head
    record = ground.tekun(person, approved=day_in(ground.month(1), 14))
    record.first_month = ground.month(1)
    ground.hit("R45", person, ground.month(1))


# -- R57 --------------------------------------------------------------------------------------------------------------


def r57(ground: Ground) -> None:
    """停发减发无告知."""
    ground.some(
        [
            lambda: _left_untold(ground),
            lambda: _cut_untold(ground),
            lambda: _without(ground, delivery=True),
            lambda: _without(ground, delivery=False),
        ]
    )
    told = _gone(ground)
    _stop_told(ground, told, 2, kind="收入超标")
    ground.miss("R57", told.head, "停发告知书写明理由并已送达")
    raised = _long_ago(ground, ground.lone(55))
    raised.base_in = dict.fromkeys((ground.month(2), ground.month(1)), raised.base - _BEFORE)
    ground.miss("R57", raised.head, "增发")
    cut = _cut(ground)
    _cut_told(ground, cut, day_in(ground.month(1), 20))
    ground.miss("R57", cut.head, "减发有告知")
    dead = _gone(ground)
    ground.die(dead.head, day_in(ground.month(2), 9))
    ground.leave_out("notice", dead.head)
    ground.miss("R57", dead.head, "一人户本人死亡")
    moved = _gone(ground, 1, years=67)
    ground.tekun(moved.head, approved=day_in(ground.month(1), 16))
    ground.leave_out("notice", moved.head)
    ground.miss("R57", moved.head, "转入特困供养")
    receipt = _gone(ground)
    notice = _stop_told(ground, receipt, 2, kind="收入超标")
    notice.delivered_on = None
    ground.miss("R57", receipt.head, "没有送达日期而有签收")


def _cut(ground: Ground) -> Dibao:
    record = _long_ago(ground, ground.lone(56))
    record.base_in = dict.fromkeys((ground.month(2), ground.month(1)), record.base + _BEFORE)
    return record


def _left_untold(ground: Ground) -> None:
    record = _gone(ground, 1)
    ground.leave_out("notice", record.head)
    ground.hit("R57", record.head, ground.month(0))


def _cut_untold(ground: Ground) -> None:
    ground.hit("R57", _cut(ground).head, ground.month(0))


def _without(ground: Ground, *, delivery: bool) -> None:
    """A notice without a trace of delivery, or without a reason."""
    record = _gone(ground)
    notice = _stop_told(ground, record, 2, kind="收入超标")
    if delivery:
        notice.delivered_on, notice.receipt = None, ""
    else:
        notice.reason, notice.reason_kind = "", ""
    ground.hit("R57", record.head, ground.month(1))


# -- R59 --------------------------------------------------------------------------------------------------------------


def r59(ground: Ground) -> None:
    """定期核查超期."""
    ground.some(
        [
            lambda: _unreviewed(ground, _STEADY, "年老体弱"),
            lambda: _unreviewed(ground, _UNSTEADY, "失业"),
            lambda: _tekun_unreviewed(ground),
        ]
    )
    on_day = _reviewed(ground, _first_in_time(ground, _STEADY), "年老体弱")
    ground.miss("R59", on_day.head, "满期限的当天")
    steady = _reviewed(ground, later(_first_in_time(ground, _UNSTEADY), -1), "因学")
    ground.miss("R59", steady.head, "收入基本稳定，每年核查一次")
    visited = _reviewed(ground, later(_first_in_time(ground, _STEADY), -30), "年老体弱")
    ground.visit(visited.head, on=later(ground.as_of, -60), program="低保")
    ground.miss("R59", visited.head, "期限内入户核查过")
    entrant = ground.lone(58)
    ground.leave_out("review", entrant.head)
    entrant.approved_on, entrant.first_month = day_in(ground.month(4), 14), ground.month(3)
    ground.miss("R59", entrant.head, "新纳入，期限未满")


def _reviewed(ground: Ground, day: date, reason: str) -> Dibao:
    """reason: 失业 with somebody able to work makes the income unsteady."""
    record = _long_ago(ground, ground.lone(45))
    record.last_review, record.reason = day, reason
    return record


def _unreviewed(ground: Ground, months: int, reason: str) -> None:
    record = _reviewed(ground, later(_first_in_time(ground, months), -1), reason)
    ground.hit("R59", record.head)


def _tekun_unreviewed(ground: Ground) -> None:
    person = ground.house(("户主", True, ground.aged(72))).head
    record: Tekun = ground.tekun(person, approved=later(ground.as_of, -950))
    record.last_review = later(_first_in_time(ground, _TEKUN), -1)
    ground.hit("R59", person)


# -- R69 --------------------------------------------------------------------------------------------------------------


def r69(ground: Ground) -> None:
    """认定未录平台."""
    ground.some([lambda: _not_entered(ground), lambda: _relief_not_entered(ground), lambda: _nobody_listed(ground)])
    house = ground.house(("户主", True, ground.aged(51)), ("妻", False, ground.aged(50)))
    fresh = ground.near_poor(house, rigid=True)
    fresh.recognised_on, fresh.valid_to = ground.as_of, later(ground.as_of, 365)
    fresh.is_on_platform = False
    ground.miss("R69", house.head, "认定当月")
    single = ground.house(("户主", True, ground.aged(59)))
    ground.near_poor(single).lists_members = False
    ground.miss("R69", single.head, "一人户没有别的成员")
    entered = ground.relieve(ground.house(("户主", True, ground.aged(43))).head, Decimal(800))
    entered.platform_on = ground.as_of
    ground.miss("R69", entered.person, "比对日当天录入")


def _not_entered(ground: Ground) -> None:
    house = ground.house(("户主", True, ground.aged(53)), ("妻", False, ground.aged(52)))
    ground.near_poor(house).is_on_platform = False
    ground.hit("R69", house.head)


def _nobody_listed(ground: Ground) -> None:
    house = ground.house(("户主", True, ground.aged(54)), ("妻", False, ground.aged(53)))
    ground.near_poor(house).lists_members = False
    ground.hit("R69", house.head)


def _relief_not_entered(ground: Ground) -> None:
    made = ground.relieve(ground.house(("户主", True, ground.aged(44))).head, Decimal(900))
    made.platform_on = None
    ground.hit("R69", made.person, month_of(made.approve_on))


PLANTS = {"R03": r03, "R25": r25, "R26": r26, "R31": r31, "R45": r45, "R57": r57, "R59": r59, "R69": r69}
