"""Writes: everything that happens to a case."""

from mingcha_web.cases.services.attachments import attachment_add, attachment_bytes
from mingcha_web.cases.services.forming import cases_form, cases_look_back
from mingcha_web.cases.services.referrals import referral_decide, referral_raise, referral_receive
from mingcha_web.cases.services.steps import (
    ItemReport,
    case_assign,
    case_close,
    case_dispatch,
    case_rectify,
    case_rectify_done,
    case_reopen,
    case_report,
    case_return,
    case_start,
    case_submit,
    case_supervise,
    cases_dispatch,
    supervision_reply,
)

__all__ = [
    "ItemReport",
    "attachment_add",
    "attachment_bytes",
    "case_assign",
    "case_close",
    "case_dispatch",
    "case_rectify",
    "case_rectify_done",
    "case_reopen",
    "case_report",
    "case_return",
    "case_start",
    "case_submit",
    "case_supervise",
    "cases_dispatch",
    "cases_form",
    "cases_look_back",
    "referral_decide",
    "referral_raise",
    "referral_receive",
    "supervision_reply",
]
