"""Pages for what goes wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingcha_web.access.guard import open_to_all


@open_to_all
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a page that lay open too long."""
    sentence = "这个页面停留太久，为安全起见没有提交。请返回上一页，刷新后再提交一次；填写的内容可先复制下来。"
    return render(request, "ui/refused.html", {"sentence": sentence}, status=403)


@open_to_all
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing there, or nothing this person may see: the two look alike."""
    return render(request, "ui/refused.html", {"sentence": "没有找到这个页面，或者它不在您的工作范围内。"}, status=404)


@open_to_all
def failed(request: HttpRequest) -> HttpResponse:
    """A mistake of ours: says nothing of what was being worked on."""
    return render(request, "ui/failed.html", status=500)
