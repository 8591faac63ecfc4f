"""The policy table: which role may do what. Views, services, menus and the matrix test all read this one table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """Roles (角色); an account has exactly one."""

    COUNTY_OFFICER = "county_officer"
    COUNTY_LEADER = "county_leader"
    TOWNSHIP_OFFICER = "township_officer"
    VILLAGE_ASSISTANT = "village_assistant"
    INSPECTOR = "inspector"
    AUDITOR = "auditor"
    RULE_AUTHOR = "rule_author"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The role's Chinese name."""
        return ROLE_LABELS[self]


ROLE_LABELS: Mapping[Role, str] = MappingProxyType(
    {
        Role.COUNTY_OFFICER: "县级经办",
        Role.COUNTY_LEADER: "县级领导",
        Role.TOWNSHIP_OFFICER: "乡镇经办",
        Role.VILLAGE_ASSISTANT: "村级协理员",
        Role.INSPECTOR: "纪检人员",
        Role.AUDITOR: "审计人员",
        Role.RULE_AUTHOR: "规则维护",
        Role.ADMINISTRATOR: "系统管理员",
    }
)


class Reach(StrEnum):
    """How far a role sees: everything, its township, or the tasks given to the person."""

    COUNTY = "county"
    TOWNSHIP = "township"
    OWN = "own"
    NONE = "none"


#: Role → how far it sees rows about people.
REACH: Mapping[Role, Reach] = MappingProxyType(
    {
        Role.COUNTY_OFFICER: Reach.COUNTY,
        Role.COUNTY_LEADER: Reach.COUNTY,
        Role.TOWNSHIP_OFFICER: Reach.TOWNSHIP,
        Role.VILLAGE_ASSISTANT: Reach.OWN,
        Role.INSPECTOR: Reach.COUNTY,
        Role.AUDITOR: Reach.COUNTY,
        Role.RULE_AUTHOR: Reach.NONE,
        Role.ADMINISTRATOR: Reach.NONE,
    }
)


class Action(StrEnum):
    """What can be done; each view names the one it needs."""

    HOME = "home"
    OWN_ACCOUNT = "own_account"
    FINDING_READ = "finding_read"
    FINDING_EXPORT = "finding_export"
    NUMBER_UNMASK = "number_unmask"
    WARNING_IMPORT = "warning_import"
    CASE_READ = "case_read"
    CASE_DISPATCH = "case_dispatch"
    CASE_VERIFY = "case_verify"
    CASE_RECTIFY = "case_rectify"
    CASE_REVIEW = "case_review"
    CASE_REOPEN = "case_reopen"
    CASE_SUPERVISE = "case_supervise"
    CASE_EXPORT = "case_export"
    LIST_EXPORT = "list_export"
    REFERRAL_RAISE = "referral_raise"
    REFERRAL_READ = "referral_read"
    REFERRAL_HANDLE = "referral_handle"
    UPLOAD_READ = "upload_read"
    UPLOAD_MAKE = "upload_make"
    RUN_READ = "run_read"
    RUN_START = "run_start"
    RULE_READ = "rule_read"
    OWN_RULE_READ = "own_rule_read"
    OWN_RULE_WRITE = "own_rule_write"
    OWN_RULE_APPROVE = "own_rule_approve"
    PARAMETER_READ = "parameter_read"
    PARAMETER_PROPOSE = "parameter_propose"
    PARAMETER_APPROVE = "parameter_approve"
    CALENDAR_EDIT = "calendar_edit"
    ACCOUNT_MANAGE = "account_manage"
    AUDIT_READ = "audit_read"


_CO, _CL, _TO = Role.COUNTY_OFFICER, Role.COUNTY_LEADER, Role.TOWNSHIP_OFFICER
_VA, _IN, _AU = Role.VILLAGE_ASSISTANT, Role.INSPECTOR, Role.AUDITOR
_RA, _AD = Role.RULE_AUTHOR, Role.ADMINISTRATOR
_ALL = frozenset(Role)

#: Action → the roles that may. What is not listed nobody may.
POLICY: Mapping[Action, frozenset[Role]] = MappingProxyType(
    {
        Action.HOME: _ALL,
        Action.OWN_ACCOUNT: _ALL,
        Action.FINDING_READ: frozenset({_CO, _CL, _TO, _IN, _AU}),
        Action.FINDING_EXPORT: frozenset({_CO, _TO, _IN, _AU}),
        Action.NUMBER_UNMASK: frozenset({_CO, _TO, _IN, _VA}),
        Action.WARNING_IMPORT: frozenset({_CO}),
        Action.CASE_READ: frozenset({_CO, _CL, _TO, _VA, _IN, _AU}),
        Action.CASE_DISPATCH: frozenset({_CO, _TO}),
        Action.CASE_VERIFY: frozenset({_TO, _VA}),
        Action.CASE_RECTIFY: frozenset({_TO}),
        Action.CASE_REVIEW: frozenset({_CO}),
        Action.CASE_REOPEN: frozenset({_CO}),
        Action.CASE_SUPERVISE: frozenset({_CO, _CL, _IN}),
        Action.CASE_EXPORT: frozenset({_CO, _TO, _IN, _AU}),
        Action.LIST_EXPORT: frozenset({_CO, _TO, _IN, _AU, _RA, _AD}),
        Action.REFERRAL_RAISE: frozenset({_CO}),
        Action.REFERRAL_READ: frozenset({_IN}),
        Action.REFERRAL_HANDLE: frozenset({_IN}),
        Action.UPLOAD_READ: frozenset({_CO, _CL, _AU}),
        Action.UPLOAD_MAKE: frozenset({_CO}),
        Action.RUN_READ: frozenset({_CO, _CL, _IN, _AU, _RA}),
        Action.RUN_START: frozenset({_CO}),
        Action.RULE_READ: frozenset({_CO, _CL, _TO, _VA, _IN, _AU, _RA}),
        Action.OWN_RULE_READ: frozenset({_CO, _CL, _IN, _AU, _RA}),
        Action.OWN_RULE_WRITE: frozenset({_CO, _RA}),
        Action.OWN_RULE_APPROVE: frozenset({_CO, _CL}),
        Action.PARAMETER_READ: frozenset({_CO, _CL, _TO, _IN, _AU, _RA}),
        Action.PARAMETER_PROPOSE: frozenset({_CO, _RA}),
        Action.PARAMETER_APPROVE: frozenset({_CO, _CL}),
        Action.CALENDAR_EDIT: frozenset({_CO}),
        Action.ACCOUNT_MANAGE: frozenset({_AD}),
        Action.AUDIT_READ: frozenset({_AU, _IN, _AD}),
    }
)


def allows(role: str, action: Action) -> bool:
    """Whether the table lets a role do it."""
    return role in POLICY[action]
