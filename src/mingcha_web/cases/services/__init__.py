"""Writes: everything that happens to a case."""

from mingcha_web.cases.services.attachments import (
    SHOWN,
    attachment_add,
    attachment_bytes,
    attachments_add,
    may_attach,
)
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
    cases_supervise,
    supervision_reply,
)

__all__ = [
    "SHOWN",
    "ItemReport",
    "attachment_add",
    "attachment_bytes",
    "attachments_add",
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
    "cases_supervise",
    "may_attach",
    "referral_decide",
    "referral_raise",
    "referral_receive",
    "supervision_reply",
]
