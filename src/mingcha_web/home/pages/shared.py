"""Blocks that several roles see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from django.utils import timezone

from mingcha import api
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.cases.models import OPEN_STATES, Outcome, Supervision
from mingcha_web.cases.selectors import AGES, SOON_DAYS
from mingcha_web.home import charts
from mingcha_web.home.blocks import (
    Beginning,
    Cell,
    Chart,
    Entries,
    Entry,
    Figure,
    Numbers,
    Table,
    link,
    money,
    money_figure,
)
from mingcha_web.home.selectors import DUES, ClosedLine, OpenLine, RuleLine
from mingcha_web.runs.models import Run

DUE_WORDS = {"late": "逾期", "soon": f"{SOON_DAYS}天内到期", "later": "以后到期", "none": "未设期限"}
SEVERITY_WORDS = {"red": "红色", "orange": "橙色", "yellow": "黄色", "blue": "蓝色"}
_RULES_SHOWN, _PLACES_SHOWN = 12, 40
_NOTHING = Decimal(0)


def count(lines: Iterable[OpenLine], states: Iterable[str] = (), due: str = "") -> int:
    """Open cases in these states (all if none is named), due as told."""
    wanted = set(states)
    return sum(line.dues[due] if due else line.count for line in lines if not wanted or line.state in wanted)


def to_cases(**filters: object) -> str:
    """The list of cases behind a number."""
    return link("case_list", **filters)


def urgency(lines: Sequence[OpenLine]) -> list[Figure]:
    """Overdue and soon due."""
    return [
        Figure("已逾期", count(lines, due="late"), to_cases(state="open", due="late"), "late"),
        Figure(DUE_WORDS["soon"], count(lines, due="soon"), to_cases(state="open", due="soon"), "soon"),
    ]


def totals(lines: Sequence[OpenLine], closed: Sequence[ClosedLine]) -> Numbers:
    """What is at issue and what came of it so far."""
    checked = [line for line in lines if not line.is_help]
    at_issue = sum((line.amount for line in checked), _NOTHING)
    found = sum((line.found for line in closed), _NOTHING)
    recovered = sum((line.recovered for line in closed), _NOTHING)
    covered = sum(line.count for line in closed if line.outcome == Outcome.COVERED)
    confirmed = sum(line.confirmed for line in closed)
    done = sum(line.count for line in closed)
    return Numbers(
        "总体",
        [
            Figure("在办", count(lines), to_cases(state="open")),
            Figure("已办结", done, to_cases(state="closed"), note=f"回头看已确认 {confirmed}"),
            money_figure("涉及金额", at_issue, to_cases(state="open", kind="check"), "在办，待核实"),
            money_figure("核定金额", found, to_cases(state="closed", money="found")),
            money_figure("追回金额", recovered, to_cases(state="closed", money="recovered")),
            Figure(
                "新纳入救助", covered, to_cases(state="closed", outcome=Outcome.COVERED), "good", "应保未保线索办结"
            ),
        ],
    )


def by_state(lines: Sequence[OpenLine]) -> Chart:
    """Open cases by state, each split by age."""
    series = [(word, colour) for (word, _, _), colour in zip(AGES.values(), charts.AGE_COLOURS, strict=True)]
    rows = []
    for state in OPEN_STATES:
        here = [line for line in lines if line.state == state]
        if here:
            rows.append(
                api.Stack(
                    str(state.label),
                    tuple(sum(line.ages[age] for line in here) for age in AGES),
                    to_cases(state=state.value),
                    tuple(to_cases(state=state.value, age=age) for age in AGES),
                )
            )
    return charts.stacks(
        "在办：按环节和立件时间",
        "每一环节有多少在办的办件，按立件多久分段",
        series,
        rows,
        empty="没有在办的办件。",
    )


def by_place(lines: Sequence[OpenLine], title: str, to_place: Callable[[str], dict[str, str]]) -> Chart:
    """Open cases by place, each split by deadline. to_place: the filter that finds the place's cases."""
    series = [(DUE_WORDS[due], colour) for due, colour in zip(DUES, charts.DUE_COLOURS, strict=True)]
    places: dict[str, list[int]] = {}
    for line in lines:
        sums = places.setdefault(line.place, [0] * len(DUES))
        for number, due in enumerate(DUES):
            sums[number] += line.dues[due]
    ranked = sorted(places.items(), key=lambda pair: (-pair[1][0], -sum(pair[1]), pair[0]))
    rows = [
        api.Stack(
            place or "（未写明）",
            tuple(values),
            to_cases(state="open", **to_place(place)) if place else "",
            tuple(to_cases(state="open", due=due, **to_place(place)) if place else "" for due in DUES),
        )
        for place, values in ranked[:_PLACES_SHOWN]
    ]
    return charts.stacks(title, "各地在办的办件，按期限分段", series, rows, empty="没有在办的办件。")


def by_rule(user: User, lines: Sequence[RuleLine], *, title: str = "疑点：按规则") -> Chart:
    """Current findings by rule, in the colours of their severity."""
    shown = lines[:_RULES_SHOWN]
    rest = sum(line.count for line in lines[_RULES_SHOWN:])
    rows = [
        charts.bar(
            f"{line.rule_id} {line.title}",
            line.count,
            link("finding_list", rule=line.rule_id),
            charts.SEVERITY_COLOURS.get(line.severity, charts.PLAIN),
        )
        for line in shown
    ]
    met = {line.severity for line in shown}
    series = [(word, charts.SEVERITY_COLOURS[code]) for code, word in SEVERITY_WORDS.items() if code in met]
    more = (f"另有 {rest:,} 条在其他规则里", link("rule_list")) if rest and user.can(Action.RULE_READ) else None
    return charts.bars(
        title,
        "最近一次比对仍在、还没有核实无问题的疑点，按规则",
        rows,
        series=series,
        note="都是线索，核实以后才能下结论。",
        more=more,
        empty="没有疑点。",
    )


def place_table(
    lines: Sequence[OpenLine], closed: Sequence[ClosedLine], title: str, head: str, *, has_money: bool = True
) -> Table:
    """Townships beside each other."""
    places = sorted({line.place for line in lines} | {line.place for line in closed})
    rows = []
    for place in places:
        here, ended = [x for x in lines if x.place == place], [x for x in closed if x.place == place]
        still, done = count(here), sum(line.count for line in ended)
        late = count(here, due="late")
        cells = [
            Cell(place or "（未写明）", to_cases(township=place) if place else ""),
            Cell(still, to_cases(state="open", township=place)),
            Cell(late, to_cases(state="open", due="late", township=place), "late"),
            Cell(done, to_cases(state="closed", township=place)),
            Cell(f"{round(done * 100 / (still + done))}%" if still + done else "—"),
        ]
        if has_money:
            recovered = sum((line.recovered for line in ended), _NOTHING)
            cells.append(Cell(money(recovered), to_cases(state="closed", money="recovered", township=place)))
        rows.append((-late, -still, cells))
    heads = [head, "在办", "逾期", "已办结", "办结率", *(["追回"] if has_money else [])]
    return Table(title, heads, [cells for _, _, cells in sorted(rows, key=lambda row: row[:2])], empty="还没有办件。")


def latest_run(user: User, run: Run, new: Sequence[RuleLine] = ()) -> Entries:
    """The last comparison and what is new in it."""
    figures = [Figure("疑点", run.findings, link("run_changes", run.pk, kind="all"))]
    if run.before_id:
        words = {"new": ("新增", run.new), "continuing": ("仍在", run.continuing), "gone": ("消失", run.gone)}
        figures += [Figure(word, n, link("run_changes", run.pk, kind=kind)) for kind, (word, n) in words.items()]
    entries = [
        Entry(
            f"{line.rule_id} {line.title}",
            link("finding_list", run=run.pk, seen="new", rule=line.rule_id, state="all"),
            tag=f"新增 {line.count:,}",
        )
        for line in new[:5]
        if run.before_id and user.can(Action.FINDING_READ)
    ]
    more = ("看这次比对", link("run_detail", run.pk))
    return Entries(f"最近一次比对 {run.as_of}", entries, more=more, figures=figures, empty="")


def supervisions(notes: Sequence[Supervision], title: str = "督办未回复") -> Entries:
    """Supervision notes without an answer."""
    return Entries(
        title,
        [
            Entry(
                f"{note.case.number} {note.case.township}{note.case.village}",
                link("case_detail", note.case_id),
                note=f"{note.by.name} {timezone.localtime(note.at):%m-%d} 督办",
                tag="待回复",
                tone="soon",
            )
            for note in notes
        ],
        empty="没有未回复的督办。",
    )


def no_data_yet() -> Beginning:
    """For those who cannot begin it themselves."""
    return Beginning(
        "还没有比对过",
        note="县级经办上传各部门的名册并比对以后，疑点、办件和进度会出现在这里。",
    )
