"""Small pieces of page: severities, money, days, query strings, forms."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, Select
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mingcha_web.access.policy import Action
from mingcha_web.ui.exports import AS_XLSX, ASKED

register = template.Library()

#: Severity → its word and what it asks for. Each has a sign of its own shape: never told by colour alone.
SEVERITIES = {
    "red": ("红色", "先处理"),
    "orange": ("橙色", "要核实"),
    "yellow": ("黄色", "数据或工作质量"),
    "blue": ("蓝色", "应保未保线索"),
}


@register.simple_tag
def severity(code: str) -> SafeString | str:
    """A severity as sign and word."""
    if code not in SEVERITIES:
        return ""
    word, meaning = SEVERITIES[code]
    return format_html(
        '<span class="sev sev-{}" title="{}"><i class="sign" aria-hidden="true"></i> {}</span>', code, meaning, word
    )


@register.filter
def yuan(amount: Decimal | None) -> str:
    """Money as 1,234.50; nothing where there is none."""
    return "" if amount is None else f"{amount:,.2f}"


@register.filter
def day(value: date | datetime | None) -> str:
    """A day as 2023-06-30 in Shanghai."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return "" if value is None else value.isoformat()


@register.filter
def moment(value: datetime | None) -> str:
    """A time as 2023-06-30 08:15 in Shanghai."""
    return "" if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


@register.filter
def month_words(month: str) -> str:
    """2023-06 → 2023年6月."""
    if len(month) != len("2023-06"):
        return month
    return f"{month[:4]}年{int(month[5:])}月"


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: object) -> str:
    """The page's query string with some values changed; an empty value takes the name away."""
    params = context["request"].GET.copy()
    params.pop("page", None)
    for name, value in changes.items():
        if value in {None, ""}:
            params.pop(name, None)
        else:
            params[name] = str(value)
    return f"?{params.urlencode()}"


@register.simple_tag(takes_context=True)
def export_button(
    context: dict[str, Any], address: str = "", action: str = Action.LIST_EXPORT.value
) -> SafeString | str:
    """The button that gives a list as .xlsx, to who may; the page's script keeps it at the filters that are set."""
    if not context["request"].user.can(Action(action)):
        return ""
    params = context["request"].GET.copy()
    params.pop("page", None)
    if not address:
        params[ASKED] = AS_XLSX
    return format_html(
        '<a class="btn btn-sm btn-outline-primary" href="{}?{}" data-export="{}">'
        '<i class="ri-file-excel-2-line" aria-hidden="true"></i> 导出</a>',
        address,
        params.urlencode(),
        "" if address else AS_XLSX,
    )


@register.simple_tag
def submit_key() -> SafeString:
    """A hidden field that makes a form sent twice count once."""
    return format_html('<input type="hidden" name="submit_key" value="{}">', secrets.token_urlsafe(16))


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, help_text: str = "") -> dict[str, Any]:
    """A form field with label, help and its own message; what was typed is kept."""
    widget = bound.field.widget
    is_check = isinstance(widget, CheckboxInput)
    base = "form-check-input" if is_check else "form-select" if isinstance(widget, Select) else "form-control"
    classes = f"{base} is-invalid" if bound.errors else base
    described = f"{bound.id_for_label}-note"
    attributes: dict[str, str | bool] = {"class": classes, "aria-describedby": described}
    return {
        "field": bound,
        "control": bound.as_widget(attrs=attributes),
        "is_check": is_check,
        "described": described,
        "help_text": help_text or bound.help_text,
    }
