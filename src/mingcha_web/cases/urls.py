"""Addresses of cases and clues."""

from django.urls import path

from mingcha_web.cases.views import detail, lists, referrals

urlpatterns = [
    path("cases/", lists.case_list, name="case_list"),
    path("cases/due/", lists.case_due, name="case_due"),
    path("cases/export/", lists.case_export, name="case_export"),
    path("cases/dispatch/", lists.dispatch_many, name="case_dispatch_many"),
    path("cases/<int:pk>/", detail.detail, name="case_detail"),
    path("cases/<int:pk>/attach/", detail.attach, name="case_attach"),
    path("cases/<int:pk>/refer/", detail.refer, name="case_refer"),
    path("cases/<int:pk>/step/<str:name>/", detail.step, name="case_step"),
    path("cases/attachments/<int:pk>/", detail.attachment, name="attachment"),
    path("cases/supervisions/<int:pk>/reply/", detail.reply, name="supervision_reply"),
    path("referrals/", referrals.referral_list, name="referral_list"),
    path("referrals/<int:pk>/", referrals.referral_detail, name="referral_detail"),
    path("referrals/<int:pk>/receive/", referrals.receive, name="referral_receive"),
    path("referrals/<int:pk>/decide/", referrals.decide, name="referral_decide"),
]
