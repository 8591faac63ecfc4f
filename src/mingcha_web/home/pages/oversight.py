"""The discipline inspector and the auditor."""

from __future__ import annotations

from functools import cache

from django.utils import timezone

from mingcha_web.access.models import User
from mingcha_web.cases.models import ReferralState
from mingcha_web.home.blocks import Entries, Entry, Figure, Numbers, Page, link
from mingcha_web.home.pages import shared
from mingcha_web.home.selectors import (
    closed_lines,
    log_counts,
    open_lines,
    open_referrals,
    recent_runs,
    rule_lines,
    unanswered_supervisions,
    week_start,
)
from mingcha_web.runs.rules_words import rule_cards
from mingcha_web.uploads.models import BatchState

#: Clauses of the county's plan about staff: kin in aid, cards kept by others, filing of relatives.
_STAFF_CLAUSES = frozenset({"C09", "C12", "C13", "C40"})


@cache
def staff_rules() -> tuple[str, ...]:
    """Rules that concern staff and those who act for persons in aid, by the clauses they carry out."""
    return tuple(card.id for card in rule_cards().values() if _STAFF_CLAUSES & set(card.clauses))


def inspector_page(user: User) -> Page:
    """纪检人员: clues handed over, supervision, rules that concern staff."""
    referrals = open_referrals(user)
    lines, closed = open_lines(user), closed_lines(user)
    staff = rule_lines(user, rules=staff_rules())
    notes = unanswered_supervisions(user)
    day = timezone.localdate()
    raised = [each for each in referrals if each.state == ReferralState.RAISED]
    late = [each for each in referrals if each.due_on and each.due_on < day]
    page = Page(lead="移送的线索只有纪检人员能看到，每次查看都会记录。")
    page.top = [
        Numbers(
            "今天要办",
            [
                Figure("待接收线索", len(raised), link("referral_list"), "soon"),
                Figure("办理中线索", len(referrals) - len(raised), link("referral_list")),
                Figure("逾期线索", len(late), link("referral_list"), "late"),
                Figure("逾期办件", shared.count(lines, due="late"), shared.to_cases(state="open", due="late"), "late"),
            ],
            is_main=True,
        ),
        shared.totals(lines, closed),
    ]
    page.main = [
        shared.by_rule(user, staff, title="涉及工作人员和卡折代管的疑点"),
        shared.place_table(lines, closed, "各乡镇办理情况", "乡镇"),
    ]
    page.side = [
        Entries(
            "未办结的线索",
            [
                Entry(
                    each.number,
                    link("referral_detail", each.pk),
                    note=f"期限 {each.due_on}" if each.due_on else "未设期限",
                    tag="逾期" if each in late else str(ReferralState(each.state).label),
                    tone="late" if each in late else "soon" if each in raised else "",
                )
                for each in referrals[:10]
            ],
            empty="没有未办结的线索。",
            more=("全部线索", link("referral_list")),
        ),
        shared.supervisions(notes),
    ]
    return page


def auditor_page(user: User) -> Page:
    """审计人员: money, what was closed, who looked at what."""
    runs = [run for run in recent_runs() if run.state == BatchState.DONE]
    lines, closed = open_lines(user), closed_lines(user)
    page = Page(lead="可查看、导出全部疑点和办件，核对操作日志。")
    page.top = [
        *([shared.totals(lines, closed)] if lines or closed else [shared.no_data_yet()]),
        log_numbers(user),
    ]
    page.main = [shared.place_table(lines, closed, "各乡镇办理情况", "乡镇"), shared.by_rule(user, rule_lines(user))]
    page.side = [shared.latest_run(user, runs[0])] if runs else []
    return page


def log_numbers(user: User) -> Numbers:
    """What the log noted in the last seven days."""
    counts, since = log_counts(user), week_start().isoformat()

    def number(label: str, name: str, tone: str = "", **wanted: object) -> Figure:
        return Figure(label, counts.get(name, 0), link("audit_list", since=since, **wanted), tone)

    return Numbers(
        "操作日志 · 近7天",
        [
            number("全部记录", ""),
            number("查看或改动个人信息", "personal", is_personal="on"),
            number("查看完整号码", "number_unmask", action="number_unmask"),
            number("导出疑点", "finding_export", action="finding_export"),
            number("越权被拒", "refused", "soon", action="refused"),
            number("登录失败", "login_failed", "soon", action="login_failed"),
        ],
    )
