"""What a rule and a view are, once their files are read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

#: Severity (级别), most urgent first: 红 act first, 橙 verify, 黄 data or process quality, 蓝 possible under-coverage.
SEVERITIES = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"}

#: Subject of a finding → the columns its SELECT begins with.
SUBJECT_KEYS: dict[str, tuple[str, ...]] = {
    "person": ("person_key",),
    "household": ("household_key",),
    "account": ("account_key", "person_key"),
    "officer": ("person_key",),
    "township": ("township",),
    "unit": ("unit",),
    "item": ("item",),
}

#: Life of a rule: only trial and active rules run unasked.
STATUSES = ("draft", "trial", "active", "retired")

#: How persons are matched: exact (valid number and agreeing name), mixed (number, or name within a village), none.
IDENTITIES = ("exact", "mixed", "none")

#: Parameters every rule and view has without declaring them.
BUILT_IN_PARAMS = ("as_of", "as_of_month")

#: Tables that whoever asks fills: which persons, which rows a view is asked about. Table → column → DuckDB type.
ASKED_TABLES: dict[str, dict[str, str]] = {
    "asked_person": {"person_key": "BIGINT"},
    "asked_row": {"row_id": "BIGINT"},
}


@dataclass(frozen=True)
class ParamUse:
    """One policy parameter a rule or view takes.

    local     name in the SQL, without ``$``
    key       fact id, with a sub-key after a dot: ``HN-SQ.dibao_rural``
    optional  unset, it is passed as NULL and the rule still runs
    part      what stays off while it is unset, in Chinese; only where optional
    """

    local: str
    key: str
    optional: bool = False
    part: str = ""


def first_line_of(text: str, sql: str) -> int:
    """On which line of a file's text its SQL begins."""
    return 1 + text.count("\n", 0, text.index(sql))


@dataclass(frozen=True, kw_only=True)
class View:
    """A shared view (共用视图): one SELECT several rules read.

    kept      its rows are worked out once and kept; else each reader works out the part of it that it needs
    long      kept, and as long as the rolls or the payments: written down at once and read where it lies
    columns   its output columns, in order
    title     what it is in Chinese, shown where a rule needs it and it is empty
    text      the file as written, newlines as \\n
    sql       the text without its header
    own       a county's own (本县自定): it runs, but within narrower bounds
    """

    id: str
    path: Path
    title: str
    version: int
    reads: tuple[str, ...]
    params: Mapping[str, ParamUse]
    columns: tuple[str, ...]
    text: str
    sql: str
    notes: Mapping[str, str] = field(default_factory=dict)
    kept: bool = True
    long: bool = False
    own: bool = False

    @cached_property
    def first_line(self) -> int:
        """On which line of the file the SQL begins."""
        return first_line_of(self.text, self.sql)

    def __hash__(self) -> int:
        return hash((self.id, self.sha256))

    @cached_property
    def sha256(self) -> str:
        """Hash of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Rule(View):
    """One comparison rule (比对规则). Fields as in docs/howto/write-a-rule.md.

    needs   what must have been delivered: each entry the alternatives, one of which is enough; a dataset counts as
            delivered when it has a snapshot, a view when it has a row
    uses    the datasets it may look into beside those of ``needs``, by itself or through views: what it declares is
            all it reads
    """

    status: str
    severity: str
    clauses: tuple[str, ...]
    law: tuple[str, ...]
    subject: str
    identity: str
    needs: tuple[tuple[str, ...], ...]
    uses: tuple[str, ...] = ()
    finds: str
    summary: str
    false_hits: tuple[str, ...]
    verify: tuple[str, ...]
    reading: str = ""

    __hash__ = View.__hash__

    @property
    def facts(self) -> tuple[str, ...]:
        """Names of the facts, without ``fact_``."""
        return tuple(column.removeprefix("fact_") for column in self.columns if column.startswith("fact_"))


@dataclass(frozen=True)
class Rulebook:
    """All rules and views, by id. Views in an order in which each comes after those it reads."""

    rules: Mapping[str, Rule]
    views: Mapping[str, View]

    def views_of(self, item: View) -> tuple[View, ...]:
        """The views a rule or view rests on, directly or not, in the order in which they must be made."""
        wanted: set[str] = set()
        waiting = [name for name in item.reads if name in self.views]
        while waiting:
            name = waiting.pop()
            if name not in wanted:
                wanted.add(name)
                waiting += [other for other in self.views[name].reads if other in self.views]
        return tuple(view for name, view in self.views.items() if name in wanted)

    def datasets_of(self, item: View) -> tuple[str, ...]:
        """The datasets a rule or view rests on, directly or through views, sorted."""
        everything = {name for part in (item, *self.views_of(item)) for name in part.reads}
        return tuple(sorted(everything - set(self.views) - set(ASKED_TABLES)))

    def params_of(self, item: View) -> tuple[ParamUse, ...]:
        """The parameters a rule or view takes, its views' included; one entry a key and local name."""
        uses = {use for part in (item, *self.views_of(item)) for use in part.params.values()}
        return tuple(sorted(uses, key=lambda use: (use.key, use.local)))
