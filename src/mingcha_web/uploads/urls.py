"""Addresses below /uploads/."""

from __future__ import annotations

from django.urls import path, register_converter

from mingcha_web.uploads.views import batches, calendar, deliveries


class TableForm:
    """The two forms in which rows are handed out."""

    regex = "xlsx|csv"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(TableForm, "tableform")

urlpatterns = [
    path("", batches.batch_list, name="upload_list"),
    path("new/", batches.batch_new, name="upload_new"),
    path("<int:batch_id>/", batches.batch_detail, name="upload_detail"),
    path("<int:batch_id>/progress/", batches.batch_progress, name="upload_progress"),
    path("<int:batch_id>/cancel/", batches.batch_stop, name="upload_cancel"),
    path("files/", deliveries.delivery_list, name="delivery_list"),
    path("files/<int:delivery_id>/withdraw/", deliveries.delivery_out, name="delivery_withdraw"),
    path("files/<int:delivery_id>/rows.<tableform:form>", deliveries.delivery_rejects, name="delivery_rejects"),
    path("files/<int:delivery_id>/sheets/<int:number>/", deliveries.sheet_correct, name="sheet_correct"),
    path("due/", calendar.calendar, name="upload_calendar"),
    path("due/new/", calendar.obligation_edit, name="obligation_new"),
    path("due/suggest/", calendar.obligation_suggest, name="obligation_suggest"),
    path("due/<int:obligation_id>/", calendar.obligation_edit, name="obligation_edit"),
    path("due/<int:obligation_id>/end/", calendar.obligation_stop, name="obligation_end"),
    path("templates/", calendar.templates, name="template_list"),
    path("templates/<slug:dataset>.xlsx", calendar.template, name="template_file"),
]
