"""One case: what to do next, what was found, what has happened."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from mingcha_web.access.errors import StaleEdit, WorkbenchError
from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.models import User
from mingcha_web.access.policy import Action
from mingcha_web.audit.services import record
from mingcha_web.cases import services
from mingcha_web.cases.forms import (
    CloseForm,
    DispatchForm,
    FreeNoteForm,
    NoteForm,
    RectifyDoneForm,
    RectifyForm,
    ReferralForm,
    ReportForm,
    StepForm,
)
from mingcha_web.cases.models import Case, Item, Rectification, State
from mingcha_web.cases.selectors import attachment_get_for, case_get_for, case_list_for
from mingcha_web.cases.states import MOVES, RETURNS, STEP_LABELS

#: Steps that a form of their own leads to, in the order in which the page offers them.
_STEPS = (
    "start",
    "report",
    "rectify",
    "done",
    "submit",
    "close",
    "dispatch",
    "assign",
    "return",
    "reopen",
    "supervise",
)
#: Steps that can be taken beside the one that is due.
_BESIDE = frozenset({"assign", "return", "reopen", "supervise"})
_HEADINGS = {
    **STEP_LABELS,
    "dispatch": "派发核查任务",
    "assign": "改派给别人",
    "return": "退回上一步",
    "done": "登记整改完成",
}


def _items(case: Case) -> list[Item]:
    return list(case.items.select_related("finding").order_by("finding__severity", "pk"))


def _may(user: User, case: Case, step: str, plan: Rectification | None) -> bool:
    """Whether the page offers a step to this person; the service decides again."""
    if step == "assign":
        return case.state in {State.DISPATCHED, State.VERIFYING} and user.can(Action.CASE_DISPATCH)
    if step == "return":
        back = RETURNS.get(State(case.state))
        return back is not None and user.can(back[1]) and not _is_own(user, case)
    is_mending = case.state == State.RECTIFYING and plan is not None and plan.done_on is None
    if step == "done":
        return is_mending and user.can(Action.CASE_RECTIFY)
    move = MOVES[step]
    hindered = {
        "dispatch": case.state != State.PENDING,
        "submit": is_mending,
        "close": _is_own(user, case),
    }
    return case.state in move.sources and user.can(move.action) and not hindered.get(step, False)


def _is_own(user: User, case: Case) -> bool:
    return case.state == State.REVIEWING and case.verified_by_id == user.pk


def _form(step: str, case: Case, items: list[Item], data: Any = None) -> StepForm:
    initial = {"version": case.version, "submit_key": secrets.token_urlsafe(16)}
    makers: dict[str, Callable[[], StepForm]] = {
        "dispatch": lambda: DispatchForm(case, data, initial=initial),
        "assign": lambda: DispatchForm(case, data, initial=initial),
        "report": lambda: ReportForm(items, data, initial=initial),
        "rectify": lambda: RectifyForm(data, initial=initial),
        "done": lambda: RectifyDoneForm(data, initial={**initial, "done_on": timezone.localdate()}),
        "close": lambda: CloseForm(case, data, initial=initial),
        "return": lambda: NoteForm(data, initial=initial),
        "reopen": lambda: NoteForm(data, initial=initial),
        "supervise": lambda: NoteForm(data, initial=initial),
    }
    return makers.get(step, lambda: FreeNoteForm(data, initial=initial))()


@needs(Action.CASE_READ)
def detail(request: UserRequest, pk: int) -> HttpResponse:
    """The page of a case."""
    case = case_get_for(request.user, pk)
    record("case_read", by=request.user, kind="case", object_id=case.number, township=case.township, is_personal=True)
    return _page(request, case)


def _page(
    request: UserRequest,
    case: Case,
    *,
    bound: tuple[str, forms.Form] | None = None,
    changes: StaleEdit | None = None,
    status: int = 200,
) -> HttpResponse:
    items = _items(case)
    user = request.user
    plan = Rectification.objects.filter(case=case).first()
    steps = [step for step in _STEPS if _may(user, case, step, plan)]
    offered = []
    for step in steps:
        form = bound[1] if bound and bound[0] == step else _form(step, case, items)
        offered.append(
            {"name": step, "label": _HEADINGS[step], "form": form, "is_bound": bool(bound and bound[0] == step)}
        )
    if bound and bound[0] not in steps and bound[0] not in {"refer", "reply"}:
        offered.insert(0, {"name": bound[0], "label": _HEADINGS[bound[0]], "form": bound[1], "is_bound": True})
    main = next((each for each in offered if each["is_bound"] or each["name"] not in _BESIDE), None)
    history = case.steps.select_related("by")
    context = {
        "case": case,
        "items": items,
        "next": main,
        "others": [each for each in offered if each is not main],
        "waiting": _waiting_words(user, case),
        "steps": [{"step": step, "label": STEP_LABELS.get(step.action, step.action)} for step in history],
        "attachments": case.attachments.select_related("by"),
        "plan": plan,
        "supervisions": case.supervisions.select_related("by", "replied_by"),
        "earlier": case_list_for(user).filter(subject=case.subject).exclude(pk=case.pk).order_by("-pk")[:10],
        "referrals": case.referrals.only("number", "state", "raised_at") if user.can(Action.REFERRAL_RAISE) else [],
        "referral_form": _referral_form(user, bound),
        "can_attach": case.state != State.CLOSED and (user.can(Action.CASE_VERIFY) or user.can(Action.CASE_REVIEW)),
        "can_reply": user.can(Action.CASE_RECTIFY),
        "can_unmask": user.can(Action.NUMBER_UNMASK),
        "today": timezone.localdate(),
        "stale": changes,
    }
    return render(request, "cases/detail.html", context, status=status)


def _referral_form(user: User, bound: tuple[str, forms.Form] | None) -> forms.Form | None:
    if not user.can(Action.REFERRAL_RAISE):
        return None
    if bound and bound[0] == "refer":
        return bound[1]
    return ReferralForm(initial={"submit_key": secrets.token_urlsafe(16)})


def _waiting_words(user: User, case: Case) -> str:
    """Whom a case waits for, where it is not this person."""
    if _is_own(user, case):
        return "这件办件由您核查，要由别人复核。"
    words = {
        State.PENDING: "等待派发。",
        State.DISPATCHED: f"等待{case.assignee.name if case.assignee else case.township}核查。",
        State.VERIFYING: f"{case.assignee.name if case.assignee else case.township}正在核查。",
        State.REPORTED: f"等待{case.township}立案整改或提交复核。",
        State.RECTIFYING: f"{case.township}正在整改。",
        State.REVIEWING: "等待县级复核。",
        State.CLOSED: "已办结。下一次比对会回头看。" if case.is_confirmed is None else "已办结，比对已确认。",
    }
    return words[State(case.state)]


@needs(Action.CASE_READ)
@require_POST
def step(request: UserRequest, pk: int, name: str) -> HttpResponse:
    """Takes a step. What was typed is kept if it cannot be taken."""
    case = case_get_for(request.user, pk)
    if name not in _STEPS:
        raise WorkbenchError("没有这一步。")
    form = _form(name, case, _items(case), request.POST)
    if not form.is_valid():
        return _page(request, case, bound=(name, form), status=422)
    try:
        _TAKE[name](case, form, request.user)
        _attach(request, case)
    except StaleEdit as error:
        return _again(request, pk, name, form, error)
    except WorkbenchError as error:
        form.add_error(None, error.sentence)
        return _page(request, case_get_for(request.user, pk), bound=(name, form), status=error.status)
    messages.success(request, f"{_HEADINGS[name]}：已办好。")
    visible = case_list_for(request.user).filter(pk=pk).exists()
    return redirect("case_detail", pk=pk) if visible else redirect("case_list")


def _again(request: UserRequest, pk: int, name: str, form: StepForm, error: StaleEdit) -> HttpResponse:
    """Somebody was faster: what changed, and the form as it was typed, against the present version."""
    case = case_get_for(request.user, pk)
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["version"], data["submit_key"] = str(case.version), secrets.token_urlsafe(16)
    return _page(request, case, bound=(name, _form(name, case, _items(case), data)), changes=error, status=409)


def _attach(request: UserRequest, case: Case) -> None:
    last = case.steps.order_by("-id").first()
    for file in request.FILES.getlist("files"):
        services.attachment_add(case_id=case.pk, file=file, by=request.user, step=last)


def _common(form: StepForm) -> dict[str, Any]:
    return {"version": form.cleaned_data["version"], "submit_key": form.cleaned_data["submit_key"]}


_Take = Callable[[Case, Any, User], object]
_TAKE: dict[str, _Take] = {
    "dispatch": lambda case, form, by: services.case_dispatch(
        case_id=case.pk, by=by, assignee=form.cleaned_data["assignee"], note=form.cleaned_data["note"], **_common(form)
    ),
    "assign": lambda case, form, by: services.case_assign(
        case_id=case.pk, by=by, assignee=form.cleaned_data["assignee"], **_common(form)
    ),
    "start": lambda case, form, by: services.case_start(case_id=case.pk, by=by, **_common(form)),
    "report": lambda case, form, by: services.case_report(
        case_id=case.pk, by=by, reports=form.reports, note=form.cleaned_data["note"], **_common(form)
    ),
    "rectify": lambda case, form, by: services.case_rectify(
        case_id=case.pk,
        by=by,
        is_at_once=form.cleaned_data["is_at_once"],
        measures=form.cleaned_data["measures"],
        person=form.cleaned_data["person"],
        due_on=form.cleaned_data["due_on"],
        **_common(form),
    ),
    "done": lambda case, form, by: services.case_rectify_done(
        case_id=case.pk,
        by=by,
        done_on=form.cleaned_data["done_on"],
        result=form.cleaned_data["result"],
        **_common(form),
    ),
    "submit": lambda case, form, by: services.case_submit(
        case_id=case.pk, by=by, note=form.cleaned_data["note"], **_common(form)
    ),
    "close": lambda case, form, by: services.case_close(
        case_id=case.pk,
        by=by,
        outcome=form.cleaned_data["outcome"],
        note=form.cleaned_data["note"],
        document=form.cleaned_data["document"],
        amount_found=form.cleaned_data.get("amount_found"),
        amount_recovered=form.cleaned_data.get("amount_recovered"),
        **_common(form),
    ),
    "return": lambda case, form, by: services.case_return(
        case_id=case.pk, by=by, note=form.cleaned_data["note"], **_common(form)
    ),
    "reopen": lambda case, form, by: services.case_reopen(
        case_id=case.pk, by=by, note=form.cleaned_data["note"], **_common(form)
    ),
    "supervise": lambda case, form, by: services.case_supervise(
        case_id=case.pk, by=by, note=form.cleaned_data["note"], submit_key=form.cleaned_data["submit_key"]
    ),
}


@needs(Action.CASE_READ)
@require_POST
def attach(request: UserRequest, pk: int) -> HttpResponse:
    """Adds photos or documents."""
    case = case_get_for(request.user, pk)
    files: list[UploadedFile[bytes]] = request.FILES.getlist("files")
    for file in files:
        services.attachment_add(case_id=case.pk, file=file, by=request.user)
    if files:
        messages.success(request, f"已上传{len(files)}个附件。")
    else:
        messages.warning(request, "还没有选文件。")
    return redirect("case_detail", pk=pk)


@needs(Action.CASE_READ)
def attachment(request: UserRequest, pk: int) -> HttpResponse:
    """Opens an attachment: photos in the page, documents as a download."""
    found = attachment_get_for(request.user, pk)
    record(
        "attachment_read", by=request.user, kind="case", object_id=found.case.number,
        township=found.case.township, is_personal=True,
    )  # fmt: skip
    data = services.attachment_bytes(found)
    response = HttpResponse(data, content_type=found.content_type)
    is_photo = found.content_type.startswith("image/")
    disposition = content_disposition_header(as_attachment=not is_photo, filename=found.name)
    if disposition:
        response["Content-Disposition"] = disposition
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response


@needs(Action.CASE_RECTIFY)
@require_POST
def reply(request: UserRequest, pk: int) -> HttpResponse:
    """Answers a supervision note."""
    note = services.supervision_reply(supervision_id=pk, by=request.user, reply=request.POST.get("reply", ""))
    messages.success(request, "已回复督办。")
    return redirect("case_detail", pk=note.case_id)


@needs(Action.REFERRAL_RAISE)
@require_POST
def refer(request: UserRequest, pk: int) -> HttpResponse:
    """Hands a clue about staff to the discipline office."""
    case = case_get_for(request.user, pk)
    form = ReferralForm(request.POST)
    if not form.is_valid():
        return _page(request, case, bound=("refer", form), status=422)
    made = services.referral_raise(case_id=case.pk, by=request.user, **form.cleaned_data)
    messages.success(request, f"线索已移送纪检部门，编号{made.number}。内容只有纪检人员能看到。")
    return redirect("case_detail", pk=pk)
