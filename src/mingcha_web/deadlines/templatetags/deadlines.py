"""How due days are shown: ``{% load deadlines %}{% due case.due_on case.is_due_certain %}``."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

#: Calendar days before the last one from which a due day is called soon.
SOON = 3


@register.simple_tag
def due(day: date | None, is_certain: bool = True) -> SafeString:
    """A due day with its tag: 逾期, 今天到期, 临近; where a year's days off are unknown it says so."""
    if day is None:
        return format_html('<span class="soft">{}</span>', "未设期限")
    left = (day - timezone.localdate()).days
    if left < 0:
        tag = format_html(' <span class="tag tag-late">逾期{}天</span>', -left)
    elif left <= SOON:
        tag = format_html(' <span class="tag tag-soon">{}</span>', "今天到期" if left == 0 else f"还有{left}天")
    else:
        tag = SafeString("")
    doubt = (
        ""
        if is_certain
        else format_html(
            ' <span class="soft small" title="{}">（只除去周末）</span>',
            f"{day.year}年的放假安排还不知道，这个日子只除去了周末；导入放假安排后会更准。",
        )
    )
    return format_html('<span class="text-nowrap">{}</span>{}{}', day.isoformat(), tag, doubt)
