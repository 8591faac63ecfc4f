"""The county's officer and its leader."""

from __future__ import annotations

from mingcha import api
from mingcha_web.access.models import User
from mingcha_web.cases.models import State
from mingcha_web.home import charts
from mingcha_web.home.blocks import Beginning, Chart, Entries, Entry, Figure, Numbers, Page, Step, link
from mingcha_web.home.pages import shared
from mingcha_web.home.selectors import (
    OpenLine,
    closed_lines,
    has_deliveries,
    open_lines,
    proposals_waiting,
    recent_runs,
    rule_lines,
    unanswered_supervisions,
)
from mingcha_web.runs.models import Run
from mingcha_web.uploads.calendar import CELL_WORDS, Calendar, calendar_for
from mingcha_web.uploads.models import BatchState


def officer_page(user: User) -> Page:
    """县级经办: what to dispatch, to review, to ask for; where the county stands."""
    runs = recent_runs()
    done = next((run for run in runs if run.state == BatchState.DONE), None)
    lines = open_lines(user)
    if done is None and not lines:
        return Page(notices=_running(runs), top=[_beginning(runs)])
    closed = closed_lines(user)
    rules = rule_lines(user)
    new = rule_lines(user, new_in=done.pk) if done and done.before_id else []
    calendar = calendar_for(user)
    every, own = proposals_waiting(user)
    page = Page(lead="先办逾期和快到期的，再派发新的。", notices=[*_running(runs), *_unset(lines)])
    page.top = [
        Numbers(
            "今天要办",
            [
                *shared.urgency(lines),
                Figure("待派发", shared.count(lines, [State.PENDING]), shared.to_cases(state=State.PENDING)),
                Figure("待复核", shared.count(lines, [State.REVIEWING]), shared.to_cases(state=State.REVIEWING)),
                Figure(
                    "参数变更待审批",
                    every - own,
                    link("parameter_list", state="pending"),
                    note=f"另有 {own} 项由您提出" if own else "",
                ),
                Figure("报送逾期", calendar.missing, link("upload_calendar"), "late"),
            ],
            is_main=True,
        ),
        shared.totals(lines, closed),
    ]
    page.main = [
        shared.by_state(lines),
        shared.by_place(lines, "在办：按乡镇", lambda place: {"township": place}),
        shared.by_rule(user, rules),
    ]
    page.side = [
        *([shared.latest_run(user, done, new)] if done else []),
        _deliveries(calendar),
        shared.supervisions(unanswered_supervisions(user)),
    ]
    return page


def leader_page(user: User) -> Page:
    """县级领导: totals, how they moved, townships beside each other."""
    runs = recent_runs()
    done = [run for run in runs if run.state == BatchState.DONE]
    lines, closed = open_lines(user), closed_lines(user)
    if not done and not lines and not closed:
        return Page(top=[shared.no_data_yet()])
    calendar = calendar_for(user)
    every, own = proposals_waiting(user)
    page = Page(lead="全县情况一览。点数字可以看到后面的办件。")
    page.top = [
        shared.totals(lines, closed),
        Numbers(
            "要关注",
            [
                *shared.urgency(lines),
                Figure("待复核", shared.count(lines, [State.REVIEWING]), shared.to_cases(state=State.REVIEWING)),
                Figure("参数变更待审批", every - own, link("parameter_list", state="pending")),
                Figure("报送逾期", calendar.missing, link("upload_calendar"), "late"),
            ],
        ),
    ]
    page.main = [
        shared.place_table(lines, closed, "各乡镇比较", "乡镇"),
        _trend(done),
        shared.by_rule(user, rule_lines(user)),
    ]
    page.side = [
        *([shared.latest_run(user, done[0])] if done else []),
        shared.supervisions(unanswered_supervisions(user)),
        _deliveries(calendar),
    ]
    return page


def _trend(runs: list[Run]) -> Chart:
    """Findings of the last comparisons of all rules, oldest first: what was there before and what is new."""
    series = [("仍在", charts.PLAIN), ("新增", charts.DUE_COLOURS[1])]
    full = [run for run in reversed(runs) if not run.rules] or list(reversed(runs))
    rows = [
        api.Stack(
            f"{run.as_of}",
            (run.continuing, run.new) if run.before_id else (run.findings, 0),
            link("run_changes", run.pk, kind="all"),
            (
                link("run_changes", run.pk, kind="continuing" if run.before_id else "all"),
                link("run_changes", run.pk, kind="new"),
            ),
        )
        for run in full
    ]
    return charts.stacks(
        "历次比对的疑点", "最近几次比对各有多少疑点，其中多少是新增的", series, rows, empty="还没有比对过。"
    )


def _deliveries(calendar: Calendar) -> Entries:
    entries = []
    for row in calendar.rows:
        missing = [cell.month for cell in row.cells if cell.state == "missing"]
        if missing:
            months = "、".join(f"{int(month[5:])}月" for month in missing)
            entries.append(
                Entry(
                    f"{row.obligation.office}：{row.title}",
                    link("upload_calendar"),
                    note=months,
                    tag=CELL_WORDS["missing"],
                    tone="late",
                )
            )
    most = 6
    rest = len(entries) - most
    return Entries(
        "报送逾期",
        entries[:most],
        empty="应交的都交了。" if calendar.rows else "还没有登记哪个单位该交什么。",
        more=(f"还有 {rest} 项，看报送日历" if rest > 0 else "看报送日历", link("upload_calendar")),
    )


def _running(runs: list[Run]) -> list[tuple[str, str, str]]:
    return [
        (f"正在比对（比对日 {run.as_of}）。", link("run_detail", run.pk), "看进度")
        for run in runs
        if run.state != BatchState.DONE
    ]


def _unset(lines: list[OpenLine]) -> list[tuple[str, str, str]]:
    if lines and all(line.dues["none"] == line.count for line in lines):
        return [("各环节还没有设办理期限，所以没有逾期和到期提醒。", link("calendar"), "去设期限")]
    return []


def _beginning(runs: list[Run]) -> Beginning:
    has_data = has_deliveries()
    return Beginning(
        "从这里开始",
        [
            Step(
                "上传各部门的表格",
                "名册、发放、死亡、残疾……原样上传，系统认出每张表是什么。",
                link("upload_new"),
                is_done=has_data,
                is_next=not has_data,
            ),
            Step(
                "比对",
                "按规则核一遍，得到待核实的疑点，每一条都能看到依据的原始行。",
                link("run_list"),
                is_next=has_data and not runs,
            ),
            Step("派发核查", "同一家庭的疑点合并成一次入户核查，派给乡镇或协理员。", link("case_list")),
        ],
    )
