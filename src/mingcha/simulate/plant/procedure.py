"""Applications: steps, checks, publicity, kin, refusals (R29, R30, R33, R34, R50 to R53, R58)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from mingcha.simulate.model.days import day_in, later, month_of, month_shift
from mingcha.simulate.model.ground import Ground
from mingcha.simulate.model.ledgers import Application, Listed
from mingcha.simulate.model.people import House, Person
from mingcha.simulate.model.records import Dibao
from mingcha.simulate.model.workdays import workdays_before, workdays_later

#: so many days ago those cases were decided of which nothing else is said
_DECIDED = 70
_OPEN_STEPS = (
    *("survey_on", "check_asked_on", "check_started_on", "check_back_on", "township_opinion_on", "publish_from"),
    *("publish_to", "county_received_on", "county_visit_on", "decided_on"),
)

Change = Callable[[Application], None]


def _day(day: date | None) -> date:
    """The day of a step that has been taken."""
    if day is None:
        raise ValueError("this step has no day")
    return day


def _confirmed_on(ground: Ground, record: Dibao, days: int) -> date:
    """Makes a household one confirmed so many days ago, on the rolls from the month after."""
    record.approved_on = later(ground.as_of, -days)
    record.first_month = month_shift(month_of(record.approved_on), 1)
    return record.approved_on


def _entrant(ground: Ground, days: int = _DECIDED, *, visited: bool = True) -> Application:
    """The application of somebody confirmed so many days ago and on the dibao roll since."""
    record = _alone(ground)
    return ground.apply(record.head, "低保", _confirmed_on(ground, record, days), visited=visited)


def _tekun_entrant(ground: Ground, days: int = _DECIDED) -> Application:
    record = ground.tekun(_person(ground, 74), approved=later(ground.as_of, -days))
    return ground.apply(record.person, "特困", record.approved_on)


def _person(ground: Ground, age: int = 52) -> Person:
    """Somebody whose name nobody else in the village bears."""
    person = ground.house(("户主", True, ground.aged(age))).head
    return _person(ground, age) if ground.has_namesake(person) else person


def _alone(ground: Ground) -> Dibao:
    """The same, on the dibao roll: a namesake's application would count for him."""
    record = ground.lone()
    return _alone(ground) if ground.has_namesake(record.head) else record


def _refused(ground: Ground, days: int, *, program: str = "低保") -> Application:
    """An application refused so many days ago of somebody on no roll, of which nobody was told yet."""
    made = ground.apply(_person(ground), program, later(ground.as_of, -days))
    made.decision, made.refuse_reason = "不予确认", "家庭人均收入超过标准"
    return made


def _tell(ground: Ground, made: Application) -> None:
    decided = _day(made.decided_on)
    ground.notify(made.person, made.program, "不予确认", decided, reason=made.refuse_reason, reason_kind="收入超标")


def _pending(ground: Ground, person: Person, program: str, accepted: date) -> Application:
    """An application accepted that day, and not looked into since."""
    made = ground.apply(person, program, ground.as_of, visited=False)
    for step in _OPEN_STEPS:
        setattr(made, step, None)
    made.apply_on, made.accepted_on = later(accepted, -1), accepted
    made.decision, made.check_result = "办理中", ""
    return made


def _plant(ground: Ground, rule: str, made: Application, change: Change, why: str = "") -> None:
    """Changes an application; a hit, or a near miss where it is said why."""
    change(made)
    if why:
        ground.miss(rule, made.person, why)
    else:
        ground.hit(rule, made.person)


# -- the check of means -----------------------------------------------------------------------------------------------


def r29(ground: Ground) -> None:
    """核对不符仍确认."""

    def case(back: int | None, result: str, check: str = "不符合") -> Change:
        def change(made: Application) -> None:
            made.check_result, made.recheck_result = check, result
            made.recheck_on = None if back is None else later(_day(made.decided_on), -back)

        return change

    ground.some(
        [
            lambda: _plant(ground, "R29", _entrant(ground), case(None, "")),
            lambda: _plant(ground, "R29", _entrant(ground), case(5, "不符合")),
            lambda: _plant(ground, "R29", _entrant(ground), case(-3, "符合")),
        ]
    )
    _plant(ground, "R29", _entrant(ground), case(0, "符合"), "确认当天复核符合")
    _plant(ground, "R29", _entrant(ground), case(None, "", "存疑"), "核对结果为存疑")
    refused = _refused(ground, _DECIDED)
    _tell(ground, refused)
    _plant(ground, "R29", refused, case(None, ""), "核对不符合而不予确认")


# -- taken in without procedure ---------------------------------------------------------------------------------------


def r30(ground: Ground) -> None:
    """无程序直接纳入."""
    # the ledger begins long before and goes on after
    for days in (358, 15):
        _entrant(ground, days)
        _tekun_entrant(ground, days)

    def no_survey(made: Application) -> None:
        made.survey_on = None

    def withdrawn(made: Application) -> None:
        made.decision, made.decided_on = "撤回", None

    ground.some(
        [
            lambda: ground.hit("R30", _without_application(ground, _DECIDED)),
            lambda: _plant(ground, "R30", _entrant(ground), no_survey),
            lambda: _plant(ground, "R30", _entrant(ground), withdrawn),
            lambda: ground.hit("R30", _tekun_without_application(ground)),
        ]
    )
    ground.miss("R30", _without_application(ground, 350), "起始日期在台账开始后不久，可能在台账以前申请")
    ground.miss("R30", _without_application(ground, 800), "起始日期在台账以前")
    couple = ground.couple()
    decided = _confirmed_on(ground, couple, _DECIDED)
    ground.leave_out("application", couple.head)
    ground.apply(couple.members[1].person, "低保", decided)
    ground.miss("R30", couple.head, "由配偶申请")


def _without_application(ground: Ground, days: int) -> Person:
    record = _alone(ground)
    _confirmed_on(ground, record, days)
    ground.leave_out("application", record.head)
    return record.head


def _tekun_without_application(ground: Ground) -> Person:
    person = _person(ground, 73)
    ground.tekun(person, approved=later(ground.as_of, -_DECIDED))
    ground.leave_out("application", person)
    return person


# -- relatives of officers, objections ---------------------------------------------------------------------------------


def r33(ground: Ground) -> None:
    """备案未县级入户."""
    ground.some([lambda: _disputed(ground, None), lambda: _filed(ground, -10, None)])
    _disputed(ground, 0, why="确认当天县级入户")
    _filed(ground, 5, 30, why="确认以后才备案")
    _filed(ground, -10, 0, why="备案表写明确认当天已核查")
    met = _entrant(ground, visited=False)
    _dispute(met)
    ground.visit(met.person, on=met.decided_on, program="低保").level = "县级"
    ground.miss("R33", met.person, "入户表上有县级入户")
    refused = _refused(ground, _DECIDED)
    _dispute(refused)
    refused.county_visit_on, refused.sampled = None, "否"
    _tell(ground, refused)
    ground.miss("R33", refused.person, "有异议而不予确认")


def _dispute(made: Application) -> None:
    """Somebody objected, and the township looked into it again."""
    made.objection, made.recheck_on, made.recheck_result = "是", later(_day(made.publish_to), 1), "符合"


def _disputed(ground: Ground, visit: int | None, *, why: str = "") -> None:
    """visit: days from the decision to the county's visit."""
    made = _entrant(ground, visited=False)
    _dispute(made)
    made.county_visit_on = None if visit is None else later(_day(made.decided_on), visit)
    _plant(ground, "R33", made, lambda _: None, why)


def _filed(ground: Ground, days: int, checked: int | None, *, why: str = "") -> None:
    """The son is a village cadre, filed and checked so many days after the decision."""
    house = _father_and_son(ground)
    officer = ground.officer(house.members[1], post="村委会委员")
    record = ground.dibao(house, members=[(house.head, "户主")])
    decided = _confirmed_on(ground, record, _DECIDED)
    filing = ground.file_kin(officer, house.head, "父子")
    filing.filed_on = later(decided, days)
    filing.checked_on = None if checked is None else later(decided, checked)
    made = ground.apply(house.head, "低保", decided, visited=False)
    _plant(ground, "R33", made, lambda _: None, why)


def _father_and_son(ground: Ground) -> House:
    return ground.house(("户主", True, ground.aged(70)), ("长子", True, ground.aged(44)))


def r34(ground: Ground) -> None:
    """经办未回避."""

    def handler(made: Application, son: Person) -> None:
        made.handler, made.handler_id = son.name, ""

    def by_number(made: Application, son: Person) -> None:
        made.handler, made.handler_id = son.name, son.number

    def investigator(made: Application, son: Person) -> None:
        made.investigators = f"周敏、{son.name}"

    def nobody(made: Application, _: Person) -> None:
        made.handler, made.investigators = "周敏", "周敏、孙建华"

    ground.some(
        [
            lambda: _handled(ground, handler),
            lambda: _handled(ground, by_number),
            lambda: _handled(ground, investigator),
        ]
    )
    _handled(ground, nobody, why="亲属是经办人员而没有经办")
    _handled_by_uncle(ground)


def _handled(ground: Ground, change: Callable[[Application, Person], None], *, why: str = "") -> None:
    house = _father_and_son(ground)
    son = house.members[1]
    made = _of_officer(ground, house, son, "父子")
    made.handler, made.investigators = "周敏", "周敏、孙建华"
    change(made, son)
    _plant(ground, "R34", made, lambda _: None, why)


def _of_officer(ground: Ground, house: House, person: Person, relation: str) -> Application:
    """The application of a household of which somebody in the township's office is a filed relative."""
    officer = ground.officer(person, kind="乡镇民政工作人员", post="民政办事员")
    record = ground.dibao(house, members=[(house.head, "户主")])
    decided = _confirmed_on(ground, record, _DECIDED)
    ground.file_kin(officer, house.head, relation)
    return ground.apply(house.head, "低保", decided)


def _handled_by_uncle(ground: Ground) -> None:
    house = ground.house(("户主", True, ground.aged(38)))
    uncle = ground.house(("户主", True, ground.aged(55)), village=house.village).head
    made = _of_officer(ground, house, uncle, "叔侄")
    made.handler, made.investigators = uncle.name, "周敏、孙建华"
    ground.miss("R34", made.person, "经办人是叔父，不在近亲属范围以内")


# -- time taken --------------------------------------------------------------------------------------------------------


def _late_survey(days: int) -> Change:
    def change(made: Application) -> None:
        made.survey_on = workdays_later(_day(made.accepted_on), days)

    return change


def _late_check(made: Application) -> None:
    made.check_started_on = workdays_later(_day(made.check_asked_on), 4)


def _long(step: str, until: str, days: int) -> Change:
    """Dates a step so many working days before another."""

    def change(made: Application) -> None:
        setattr(made, step, workdays_before(getattr(made, until), days))
        if step == "accepted_on":
            made.apply_on = later(_day(made.accepted_on), -1)
            made.survey_on = workdays_later(_day(made.accepted_on), 1)

    return change


def _also(change: Change, **words: str) -> Change:
    def both(made: Application) -> None:
        change(made)
        for name, word in words.items():
            setattr(made, name, word)

    return both


def r50(ground: Ground) -> None:
    """低保环节超期."""
    total = ("accepted_on", "decided_on")
    day = ground.as_of
    ground.some(
        [
            lambda: _plant(ground, "R50", _entrant(ground), _late_survey(4)),
            lambda: _plant(ground, "R50", _entrant(ground), _late_check),
            lambda: _plant(ground, "R50", _entrant(ground), _long("county_received_on", "decided_on", 11)),
            lambda: _plant(ground, "R50", _entrant(ground), _long(*total, 31)),
            lambda: _plant(ground, "R50", _entrant(ground), _also(_long(*total, 21), delegated="是")),
            lambda: _plant(
                ground, "R50", _pending(ground, _person(ground), "低保", workdays_before(day, 4)), lambda _: None
            ),
        ]
    )
    _plant(ground, "R50", _entrant(ground), _late_survey(3), "受理后第三个工作日启动调查")
    _plant(ground, "R50", _entrant(ground), _long("county_received_on", "decided_on", 10), "县级第十个工作日确认")
    _plant(ground, "R50", _entrant(ground), _also(_long(*total, 45), extended="是"), "已延期，第四十五个工作日确认")
    _plant(ground, "R50", _entrant(ground), _also(_long(*total, 20), delegated="是"), "委托乡镇，第二十个工作日确认")
    waiting = _pending(ground, _person(ground), "低保", workdays_before(day, 3))
    _plant(ground, "R50", waiting, lambda _: None, "比对日为受理后第三个工作日")
    withdrawn = _pending(ground, _person(ground), "低保", later(day, -60))
    _plant(ground, "R50", withdrawn, lambda made: setattr(made, "decision", "撤回"), "申请已撤回")


def r51(ground: Ground) -> None:
    """特困/儿童环节超期."""
    day, opinion = ground.as_of, ("accepted_on", "township_opinion_on")
    county = ("county_received_on", "decided_on")
    ground.some(
        [
            lambda: _plant(ground, "R51", _tekun_entrant(ground), _long(*opinion, 16)),
            lambda: _plant(ground, "R51", _tekun_entrant(ground), _long(*county, 16)),
            lambda: _plant(ground, "R51", _child_case(ground, workdays_before(day, 16)), lambda _: None),
        ]
    )
    _plant(ground, "R51", _tekun_entrant(ground), _long(*opinion, 15), "乡镇第十五个工作日提出意见")
    _plant(ground, "R51", _tekun_entrant(ground), _long(*county, 15), "县级第十五个工作日确认")
    _plant(ground, "R51", _child_case(ground, workdays_before(day, 15)), lambda _: None, "比对日为第十五个工作日")
    again = _tekun_entrant(ground)
    _dispute(again)
    again.accepted_on = later(_day(again.publish_to), -45)
    again.apply_on = later(_day(again.accepted_on), -1)
    again.township_opinion_on = later(_day(again.publish_to), 5)
    ground.miss("R51", again.person, "有异议，公示以后重新调查")


def _child_case(ground: Ground, accepted: date) -> Application:
    """A child's case in the township, accepted that day."""
    house = ground.house(("户主", True, ground.aged(66)), ("孙子", True, ground.aged(9)))
    made = _pending(ground, house.members[1], "事实无人抚养儿童", accepted)
    made.survey_on = workdays_later(accepted, 1)
    return made


def r52(ground: Ground) -> None:
    """一次性告知缺失."""

    def rounds(count: int) -> Change:
        return lambda made: setattr(made, "supplement_rounds", count)

    def second(made: Application) -> None:
        made.supplement_rounds, made.second_supplement_on = 1, later(_day(made.accepted_on), 6)

    ground.some(
        [
            lambda: _plant(ground, "R52", _entrant(ground), rounds(2)),
            lambda: _plant(ground, "R52", _entrant(ground), second),
            lambda: _plant(ground, "R52", _tekun_entrant(ground), rounds(3)),
        ]
    )
    _plant(ground, "R52", _entrant(ground), rounds(1), "只补正一次")


# -- publicity and notices ---------------------------------------------------------------------------------------------


def _published(days: int | None) -> Change:
    """Published for so many days, first and last included."""

    def change(made: Application) -> None:
        if days is None:
            made.publish_from = made.publish_to = None
        else:
            made.publish_to = later(_day(made.publish_from), days - 1)

    return change


def r53(ground: Ground) -> None:
    """公示不足."""
    ground.some(
        [
            lambda: _plant(ground, "R53", _entrant(ground), _published(None)),
            lambda: _plant(ground, "R53", _entrant(ground), _published(6)),
            lambda: _plant(ground, "R53", _entrant(ground), lambda made: setattr(made, "objection", "是")),
            lambda: _plant(ground, "R53", _tekun_entrant(ground), _published(6)),
        ]
    )
    _plant(ground, "R53", _entrant(ground), _published(7), "恰好公示七天")
    _plant(ground, "R53", _tekun_entrant(ground), _published(7), "特困恰好公示七天")
    _plant(ground, "R53", _entrant(ground), _dispute, "有异议，已重新调查")
    hung = _entrant(ground)
    wall = ground.listing(hung.village, "低保", "线下", kind="初审公示", since=hung.publish_from or ground.as_of)
    wall.rows.append(Listed(hung.person.name, 1, 1, None))
    _plant(ground, "R53", hung, _published(None), "公示表上有")
    house = ground.house(("户主", True, ground.aged(67)), ("孙女", False, ground.aged(8)))
    ground.child(house.members[1], "事实无人抚养儿童", house.head)
    child = ground.apply(house.members[1], "事实无人抚养儿童", day_in(ground.month(15), 10))
    _plant(ground, "R53", child, _published(None), "儿童申请依规定不公示")


def r58(ground: Ground) -> None:
    """不予确认未告知."""
    # the ledger of notices begins before these cases and goes on after
    for days in (110, 20):
        _tell(ground, _refused(ground, days))
    ground.some(
        [
            lambda: ground.hit("R58", _refused(ground, _DECIDED).person),
            lambda: _told(ground, workdays=4),
            lambda: _told(ground, reason=""),
            lambda: _told(ground, remedy="否"),
            lambda: ground.hit("R58", _refused(ground, _DECIDED, program="特困").person),
        ]
    )
    _told(ground, workdays=3, why="第三个工作日送达")
    _told(ground, workdays=0, why="决定当天送达")
    withdrawn = _refused(ground, _DECIDED)
    withdrawn.decision, withdrawn.refuse_reason = "撤回", ""
    ground.miss("R58", withdrawn.person, "申请已撤回")


def _told(
    ground: Ground, *, workdays: int = 1, reason: str = "家庭人均收入超过标准", remedy: str = "是", why: str = ""
) -> None:
    """A refusal told after so many working days."""
    made = _refused(ground, _DECIDED)
    kind = "收入超标" if reason else ""
    notice = ground.notify(made.person, "低保", "不予确认", _day(made.decided_on), reason=reason, reason_kind=kind)
    notice.issued_on, notice.delivered_on = made.decided_on, workdays_later(_day(made.decided_on), workdays)
    notice.remedy_told = remedy
    _plant(ground, "R58", made, lambda _: None, why)


PLANTS: dict[str, Callable[[Ground], None]] = {
    "R29": r29,
    "R30": r30,
    "R33": r33,
    "R34": r34,
    "R50": r50,
    "R51": r51,
    "R52": r52,
    "R53": r53,
    "R58": r58,
}
