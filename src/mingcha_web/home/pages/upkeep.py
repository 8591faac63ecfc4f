"""Who keeps rules and accounts in order; neither sees personal data."""

from __future__ import annotations

from mingcha_web.access.models import User
from mingcha_web.access.policy import Role
from mingcha_web.home.blocks import Cell, Entries, Entry, Figure, Numbers, Page, Table, link
from mingcha_web.home.pages import shared
from mingcha_web.home.pages.oversight import log_numbers
from mingcha_web.home.selectors import account_counts, paused_logins, proposals_waiting, waiting_tasks
from mingcha_web.runs.models import ProposalState
from mingcha_web.runs.parameters import proposal_list_for
from mingcha_web.runs.rules_selectors import RuleRow, last_run, rule_list_for

_SHOWN = 12


def author_page(user: User) -> Page:
    """规则维护: how often visits confirmed each rule, which did not run, proposals."""
    run = last_run()
    rows = rule_list_for(user, run)
    skipped = [row for row in rows if row.state == "skipped"]
    told = sorted(
        (row for row in rows if row.field.precision is not None),
        key=lambda row: (row.field.precision or 0, -row.field.told),
    )
    every, own = proposals_waiting(user)
    page = Page(lead="规则准不准，看入户核实的结果。这里只有数量，没有个人信息。")
    page.top = [
        Numbers(
            "规则",
            [
                Figure("在用规则", len(rows), link("rule_list")),
                Figure("上次没有运行", len(skipped), link("rule_list", state="skipped"), "soon"),
                Figure("已有核实结果", len(told), link("rule_list")),
                Figure("待审批的变更", every, link("parameter_list", state="pending"), note=f"其中 {own} 项由您提出"),
            ],
            is_main=True,
        )
    ]
    if run is None:
        page.top.append(shared.no_data_yet())
    page.main = [_precision(told)]
    page.side = [
        Entries(
            "上次没有运行的规则",
            [
                Entry(f"{row.card.id} {row.card.title}", link("rule_detail", row.card.id), note=row.reason)
                for row in skipped[:_SHOWN]
            ],
            empty="全部规则都运行了。" if run else "还没有比对过。",
            more=("全部规则", link("rule_list")),
        ),
        Entries(
            "待审批的变更",
            [
                Entry(proposal.key, link("parameter_proposal", proposal.pk), note=proposal.source, tag="待审批")
                for proposal in proposal_list_for(user).filter(state=ProposalState.PROPOSED)[:_SHOWN]
            ],
            empty="没有待审批的变更。",
            more=("政策参数", link("parameter_list")),
        ),
    ]
    return page


def _precision(rows: list[RuleRow]) -> Table:
    """The least confirmed first."""
    lines = []
    for row in rows[: 2 * _SHOWN]:
        page = link("rule_detail", row.card.id)
        lines.append(
            [
                Cell(f"{row.card.id} {row.card.title}", page),
                Cell(f"{row.field.precision}%", page),
                Cell(row.field.true, page),
                Cell(row.field.partly, page),
                Cell(row.field.untrue, page),
                Cell(row.field.unknown, page),
            ]
        )
    return Table(
        "核实情况：属实率低的在前",
        ["规则", "属实率", "属实", "部分属实", "不属实", "无法核实"],
        lines,
        empty="还没有核实过的疑点。",
        more=("全部规则", link("rule_list")),
    )


def administrator_page(user: User) -> Page:
    """系统管理员: accounts, logins, the log, the worker; no personal data."""
    counts = account_counts()

    def total(name: str) -> int:
        return sum(row[name] for row in counts.values())

    page = Page(lead="管理账号和操作日志。您看不到个人信息。")
    stuck = waiting_tasks()
    if stuck:
        page.notices.append((f"有 {stuck} 项后台工作等了两分钟以上：后台进程可能没有运行，请检查服务器。", "", ""))
    page.top = [
        Numbers(
            "账号",
            [
                Figure("启用", total("active"), link("account_list", state="active")),
                Figure("待本人改密码", total("temporary"), link("account_list", state="temporary"), "soon"),
                Figure("从未登录", total("unused"), link("account_list", state="unused")),
                Figure("停用", total("disabled"), link("account_list", state="disabled")),
                Figure("多次输错，暂停登录", paused_logins(), link("audit_list", action="login_paused"), "late"),
            ],
            is_main=True,
        ),
        log_numbers(user),
    ]
    page.main = [
        Table(
            "各角色的账号",
            ["角色", "启用", "待改密码", "从未登录", "停用"],
            [_accounts(role, counts.get(role.value, {})) for role in Role],
            more=("全部账号", link("account_list")),
        )
    ]
    page.side = [_missing(counts)]
    return page


def _accounts(role: Role, row: dict[str, int]) -> list[Cell]:
    states = {"active": "", "temporary": "soon", "unused": "", "disabled": ""}
    return [
        Cell(role.label, link("account_list", role=role.value)),
        *(
            Cell(row.get(state, 0), link("account_list", role=role.value, state=state), tone)
            for state, tone in states.items()
        ),
    ]


def _missing(counts: dict[str, dict[str, int]]) -> Entries:
    """Roles the procedure needs and nobody has."""
    needed = {
        Role.COUNTY_OFFICER: "收数据、比对、派发、复核",
        Role.TOWNSHIP_OFFICER: "核查和整改",
        Role.INSPECTOR: "接收移送的线索",
    }
    entries = [
        Entry(f"还没有{role.label}", link("account_new"), note=note, tag="新建", tone="soon")
        for role, note in needed.items()
        if not counts.get(role.value, {}).get("active")
    ]
    if counts.get(Role.COUNTY_OFFICER.value, {}).get("active") == 1:
        entries.append(
            Entry(
                "县级经办只有一人",
                link("account_new"),
                note="参数变更要由另一人审批",
                tag="新建",
            )
        )
    return Entries("要补的账号", entries, empty="需要的角色都有人。", more=("新建账号", link("account_new")))
