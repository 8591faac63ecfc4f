"""The procedure as one table: which action leads from which states to which, and what it needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mingcha_web.access.policy import Action
from mingcha_web.cases.models import State


@dataclass(frozen=True)
class Move:
    """One action on a case.

    to          the state it leads to; None = it stays where it is
    action      what of the policy table the person needs
    needs_note  a reason has to be written
    """

    name: str
    label: str
    sources: frozenset[State]
    to: State | None
    action: Action
    needs_note: bool = False


def _move(
    name: str, label: str, sources: Collection[State], to: State | None, action: Action, *, note: bool = False
) -> Move:
    return Move(name, label, frozenset(sources), to, action, note)


_OPEN = {state for state in State if state != State.CLOSED}

MOVES: Mapping[str, Move] = MappingProxyType(
    {
        move.name: move
        for move in (
            _move("dispatch", "派发", {State.PENDING, State.DISPATCHED}, State.DISPATCHED, Action.CASE_DISPATCH),
            _move("start", "开始核查", {State.DISPATCHED}, State.VERIFYING, Action.CASE_VERIFY),
            _move("report", "反馈核查结果", {State.DISPATCHED, State.VERIFYING}, State.REPORTED, Action.CASE_VERIFY),
            _move("rectify", "立案整改", {State.REPORTED}, State.RECTIFYING, Action.CASE_RECTIFY),
            _move("submit", "提交复核", {State.REPORTED, State.RECTIFYING}, State.REVIEWING, Action.CASE_RECTIFY),
            _move("close", "办结", {State.REVIEWING}, State.CLOSED, Action.CASE_REVIEW),
            _move("reopen", "重新打开", {State.CLOSED}, State.DISPATCHED, Action.CASE_REOPEN, note=True),
            _move("supervise", "督办", _OPEN, None, Action.CASE_SUPERVISE, note=True),
        )
    }
)

#: One step back: state → (where it goes, who may send it back).
RETURNS: Mapping[State, tuple[State, Action]] = MappingProxyType(
    {
        State.DISPATCHED: (State.PENDING, Action.CASE_VERIFY),
        State.REPORTED: (State.VERIFYING, Action.CASE_RECTIFY),
        State.RECTIFYING: (State.REPORTED, Action.CASE_RECTIFY),
        State.REVIEWING: (State.VERIFYING, Action.CASE_REVIEW),
    }
)

#: Steps the system takes, and those beside the table, in words.
STEP_LABELS: Mapping[str, str] = MappingProxyType(
    {
        **{name: move.label for name, move in MOVES.items()},
        "form": "建立办件",
        "join": "并入新疑点",
        "return": "退回",
        "assign": "改派",
        "attach": "上传附件",
        "done": "整改完成",
        "reply": "回复督办",
        "refer": "移送线索",
        "look_back_confirm": "回头看：比对确认",
        "look_back_reopen": "回头看：疑点仍在，重新打开",
    }
)


def moves_from(state: str) -> list[Move]:
    """The actions that can be taken in a state, in the order of the procedure."""
    return [move for move in MOVES.values() if state in move.sources]
