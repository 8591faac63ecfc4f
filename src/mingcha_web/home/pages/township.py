"""The township's officer and the village's assistant."""

from __future__ import annotations

from django.utils import timezone

from mingcha_web.access.models import User
from mingcha_web.cases.models import Case, State
from mingcha_web.cases.selectors import SOON_DAYS
from mingcha_web.home.blocks import Entries, Entry, Figure, Numbers, Page, Task, Tasks, link
from mingcha_web.home.pages import shared
from mingcha_web.home.selectors import (
    closed_lines,
    open_lines,
    rule_lines,
    unanswered_supervisions,
    urgent_cases,
)

#: States in which the township has something to do.
_OURS = (State.DISPATCHED, State.VERIFYING, State.REPORTED, State.RECTIFYING)
#: States in which a visit waits or is under way.
_VISITS = (State.DISPATCHED, State.VERIFYING)
_SHOWN = 30
#: What comes next in a state, in words.
_NEXT = {State.DISPATCHED: "去核查", State.VERIFYING: "填写核查结果"}


def township_page(user: User) -> Page:
    """乡镇经办: the township's own."""
    lines = open_lines(user, place="village")
    closed = closed_lines(user, place="village")
    if not lines and not closed:
        return Page(lead=f"{user.township}的办件。", top=[_nothing_yet()])

    def number(label: str, state: State, note: str = "") -> Figure:
        return Figure(label, shared.count(lines, [state]), shared.to_cases(state=state.value), note=note)

    page = Page(lead=f"{user.township}的办件。先办逾期和快到期的。")
    page.top = [
        Numbers(
            "今天要办",
            [
                *shared.urgency(lines),
                number("待核查", State.DISPATCHED, "派人入户"),
                number("核查中", State.VERIFYING),
                number("已反馈", State.REPORTED, "立案整改或提交复核"),
                number("整改中", State.RECTIFYING),
            ],
            is_main=True,
        ),
        shared.totals(lines, closed),
    ]
    page.main = [
        shared.by_place(lines, "在办：按村（社区）", lambda place: {"village": place}),
        shared.by_state(lines),
        shared.by_rule(user, rule_lines(user)),
    ]
    page.side = [_first(user), shared.supervisions(unanswered_supervisions(user))]
    return page


def _first(user: User) -> Entries:
    """The most urgent, by number and place: names are on the case's own page."""
    cases = urgent_cases(user, _OURS, 8)
    entries = []
    for case in cases:
        words, tone = _due(case)
        rules = "、".join(dict.fromkeys(item.finding.rule_title for item in case.items.all()))
        entries.append(
            Entry(
                f"{case.number} {case.village}",
                link("case_detail", case.pk),
                note=f"{case.get_state_display()} · {rules}",
                tag=words,
                tone=tone,
            )
        )
    return Entries("先办这几件", entries, empty="没有要乡镇办理的。", more=("全部在办", shared.to_cases(state="open")))


def assistant_page(user: User) -> Page:
    """村级协理员: the tasks given to the person, to be read on a phone."""
    lines = open_lines(user, place="village")
    cases = urgent_cases(user, _VISITS, _SHOWN)
    visits = shared.count(lines, _VISITS)
    waiting = shared.count(lines) - visits
    page = Page(lead=_lead(visits, shared.count(lines, due="late")))
    page.personal = {"rows": len(cases)}
    more = (f"还有 {visits - len(cases)} 件", shared.to_cases(state="open")) if visits > len(cases) else None
    page.top = [
        Tasks(
            "我的任务",
            [_task(case) for case in cases],
            "没有要核查的",
            "乡镇把入户核查派给您以后，会出现在这里。" if not waiting else "您反馈的正在由乡镇和县里办理。",
            more,
        ),
        Numbers(
            "办理情况",
            [
                Figure("已反馈，办理中", waiting, shared.to_cases(state="open")),
                Figure(
                    "已办结",
                    sum(line.count for line in closed_lines(user, place="village")),
                    shared.to_cases(state="closed"),
                ),
            ],
        ),
    ]
    return page


def _lead(visits: int, late: int) -> str:
    if not visits:
        return "今天没有入户任务。"
    return f"有 {visits} 户要核查" + (f"，其中 {late} 户已逾期，请先去。" if late else "。")


def _task(case: Case) -> Task:
    words, tone = _due(case)
    state = State(case.state)
    return Task(
        link=link("case_detail", case.pk),
        name=case.name or "（未写姓名）",
        number=case.number,
        place=case.village or case.township,
        severity=case.severity,
        is_help=case.is_help,
        rules=list(dict.fromkeys(item.finding.rule_title for item in case.items.all())),
        due=words,
        tone=tone,
        state=str(state.label),
        action=_NEXT.get(state, "打开"),
    )


def _due(case: Case) -> tuple[str, str]:
    """The deadline in words, and its colour."""
    if case.due_on is None:
        return "未设期限", ""
    left = (case.due_on - timezone.localdate()).days
    if left < 0:
        return f"逾期 {-left} 天", "late"
    if left == 0:
        return "今天到期", "soon"
    return f"{left} 天后到期", "soon" if left <= SOON_DAYS else ""


def _nothing_yet() -> Tasks:
    return Tasks("要办的", [], "没有办件", "县里比对并派发以后，本乡镇的办件会出现在这里。")
