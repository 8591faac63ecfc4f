"""Limits by state, township and severity; known years; import of days off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from mingcha_web.access.guard import UserRequest, needs
from mingcha_web.access.policy import Action
from mingcha_web.access.selectors import account_townships
from mingcha_web.deadlines.forms import LimitForm, YearForm
from mingcha_web.deadlines.imports import read_days
from mingcha_web.deadlines.selectors import limit_cell, limit_table, limit_townships, year_list
from mingcha_web.deadlines.services import limit_set, year_import
from mingcha_web.ui.templatetags.ui import SEVERITIES


@needs(Action.CALENDAR_EDIT)
@require_http_methods(["GET", "POST"])
def calendar(request: UserRequest) -> HttpResponse:
    """The page; a POST imports a year."""
    unknown = [each.year for each in year_list() if each.kind == "unknown"]
    form = YearForm(request.POST or None, request.FILES or None, initial={"year": unknown[0]} if unknown else {})
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        file, year = form.cleaned_data["file"], form.cleaned_data["year"]
        read = read_days(file.name, file.read(), year)
        if not read.problems:
            count = year_import(year=year, days=read.days, by=request.user)
            messages.success(request, f"{year}年的放假安排已导入，共 {count} 天。")
            return redirect("calendar")
        problems = read.problems
    return render(request, "deadlines/calendar.html", _context(request, form, problems), status=_status(form, problems))


def _status(form: YearForm, problems: list[str]) -> int:
    return 422 if problems or form.errors else 200


def _context(request: UserRequest, form: YearForm, problems: list[str]) -> dict[str, object]:
    townships = sorted({*account_townships(), *limit_townships()})
    township = request.GET.get("township", "")
    township = township if township in townships else ""
    years = year_list()
    return {
        "form": form,
        "problems": problems,
        "townships": townships,
        "township": township,
        "rows": limit_table(township),
        "severities": list(SEVERITIES),
        "years": years,
        "unknown": [each.year for each in years if each.kind == "unknown"],
    }


@needs(Action.CALENDAR_EDIT)
@require_POST
def limit(request: UserRequest) -> HttpResponse:
    """Sets one limit; answers with its cell."""
    form = LimitForm(request.POST)
    if form.is_valid():
        limit_set(**form.cleaned_data, by=request.user)
        if not request.htmx:
            return redirect("calendar")
    elif "working_days" not in form.errors or len(form.errors) > 1:
        # only a form that is not ours names another state or severity
        return HttpResponse(status=422)
    given = form.cleaned_data
    cell = limit_cell(given["state"], given["township"], given["severity"])
    context = {"cell": cell, "error": form.errors.get("working_days"), "typed": request.POST.get("working_days", "")}
    return render(
        request, "deadlines/_cell.html", {**context, "saved": not form.errors}, status=422 if form.errors else 200
    )
