"""RawSheet → SheetPlans: layout, dataset, columns, constants; where it is not sure, it asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mingcha.datasets import Dataset
from mingcha.intake.model import ColumnPlan, RawSheet, SheetPlan, Unpivot
from mingcha.intake.recognise.choose import TITLE_SAYS, Choice, choose
from mingcha.intake.recognise.columns import Cand, Match, candidates, score_columns
from mingcha.intake.recognise.constants import constants_of, sheet_factor
from mingcha.intake.recognise.context import Context
from mingcha.intake.recognise.grid import Grid, header_rows_below, read_grid, read_table
from mingcha.intake.recognise.headers import fingerprint, normal_header
from mingcha.intake.recognise.layout import TableLayout, find_tables, header_texts, layout_at
from mingcha.intake.recognise.mapping_file import IGNORE, NAME, MappingEntry
from mingcha.intake.recognise.titles import Said, Source, said_by, sources_of, year_of
from mingcha.intake.recognise.wanted import by_elimination, might_be, wanted_fields
from mingcha.intake.recognise.wide import WideColumn, unpivots, wide_columns
from mingcha.values.divisions import Township

_NEAREST = 3
#: Below this no dataset is near enough to be named.
FOREIGN = 0.25
#: From here on columns alone make a dataset plain, even where one that it cannot do without is missing.
PLAIN = 0.85


def plan_sheet(raw: RawSheet, context: Context) -> list[SheetPlan]:
    """How each table of a sheet is to be read; one plan a table, top to bottom.

    A table that is not recognised has dataset None, its nearest datasets, the headers that fit none, and a note that
    says what to write. A sheet without any table (a cover, a page of notes) gives one plan that says so.
    """
    table = read_table(raw)
    grid = read_grid(raw, table)
    below = header_rows_below(table, context.lexicon.names, raw.n_cols)
    entry = next((entry for entry in context.entries if entry.meets(raw.file, raw.sheet)), None)
    layouts = layout_at(grid, entry.header_rows) if entry and entry.header_rows else []
    layouts = layouts or find_tables(grid, context.lexicon, below)
    if not layouts:
        return [_no_table(grid)]
    return _inherit([_Planner(raw, layout, context, _entry_for(layout, layouts, entry)).plan() for layout in layouts])


def _entry_for(layout: TableLayout, layouts: Sequence[TableLayout], entry: MappingEntry | None) -> MappingEntry | None:
    """Of several tables in one sheet an entry speaks of those that have one of its headers."""
    if entry is None or len(layouts) == 1 or not entry.columns:
        return entry
    names = {normal_header(text).text for column in layout.columns for text in (column.written, *column.levels)}
    return entry if names & set(entry.columns) else None


def _no_table(grid: Grid) -> SheetPlan:
    note = "这张表里没有找到数据表（可能是封面、说明或空表），没有读取。如果其中有数据，请检查表头是否完整。"
    last = max(grid.last, 1)
    return SheetPlan(dataset=None, header_rows=(), first_row=1, last_row=last, columns=(), notes=(note,))


def _inherit(plans: list[SheetPlan]) -> list[SheetPlan]:
    """Tables below take county and month of the sheet's first title where their own say nothing."""
    first = plans[0]
    return [
        first,
        *(
            replace(
                plan,
                roll_month=plan.roll_month or first.roll_month,
                county_name=plan.county_name or first.county_name,
                township_hint=plan.township_hint or first.township_hint,
            )
            for plan in plans[1:]
        ),
    ]


class _Planner:
    """One table."""

    def __init__(self, raw: RawSheet, layout: TableLayout, context: Context, entry: MappingEntry | None) -> None:
        self._raw = raw
        self._layout = layout
        self._context = context
        self._sources: tuple[Source, ...] = sources_of(raw, layout)
        self._said: Said = said_by(self._sources, context.divisions)
        self._cands: list[Cand] = candidates(layout, raw.n_cols, context.lexicon)
        self._headers = header_texts(layout)
        self._fingerprint = fingerprint(self._headers)
        self._entry = entry
        self._how = "mapping"
        if entry is None and self._headers and self._fingerprint in context.remembered:
            self._entry = context.remembered[self._fingerprint]
            self._how = "remembered"

    def plan(self) -> SheetPlan:
        """The plan of this table."""
        if self._entry is not None:
            return self._mapped(self._entry)
        choice = choose(self._cands, self._sources, self._context.catalogue)
        wide = wide_columns(self._cands, self._project()) or self._single_project(choice)
        wide_plan = self._wide(choice, wide) if wide else None
        if wide_plan is not None:
            return wide_plan
        if not choice.is_sure:
            return self._ask(choice)
        best = choice.best
        told = frozenset(self._constants(best.dataset, frozenset(match.field for match in best.matches.values())))
        lexicon = self._context.lexicon
        near = by_elimination(best.dataset, best.matches, self._cands, told, lexicon)
        matches = {**best.matches, **near}
        there = {*told, *(match.field for match in matches.values())}
        if best.title < TITLE_SAYS and best.score < PLAIN and wanted_fields(best.dataset, there):
            return self._ask(choice)  # no title names it and something it cannot do without is missing: another paper
        wanted, headers = might_be(best.dataset, matches, self._cands, told, lexicon)
        if wanted:
            return self._ask_for(best.dataset, wanted, headers, choice)
        return self._build(best.dataset, matches, best.score, choice, near=frozenset(near))

    def _project(self) -> str | None:
        payment = self._context.catalogue.datasets["payment"]
        return self._constants(payment, frozenset()).get("project")

    def _single_project(self, choice: Choice) -> tuple[WideColumn, ...]:
        """高龄津贴 as the only amount of a payment sheet."""
        best = choice.best
        has_amount = any(match.field == "amount" for match in best.matches.values())
        return () if best.dataset.id != "payment" or has_amount else wide_columns(self._cands, least=1)

    # ---- recognised

    def _build(
        self,
        dataset: Dataset,
        matches: Mapping[int, Match],
        score: float,
        choice: Choice | None,
        wide: Sequence[WideColumn] = (),
        near: frozenset[int] = frozenset(),
    ) -> SheetPlan:
        unpivot: tuple[Unpivot, ...] = ()
        constants = self._constants(dataset, frozenset(match.field for match in matches.values()))
        if wide:
            taken = {column.index for column in wide}
            matches = {
                index: match for index, match in matches.items() if index not in taken and match.field != "amount"
            }
            unpivot = unpivots(wide, "amount", constants, year_of(self._sources))
            if self._unit_factor() != 1:
                unpivot = tuple(
                    replace(column, factor=self._unit_factor()) if column.factor == 1 else column for column in unpivot
                )
        unfit = self._unfit(set(matches) | {column.index for column in unpivot})
        return SheetPlan(
            dataset=dataset.id,
            header_rows=self._layout.header_rows,
            first_row=self._layout.first_row,
            last_row=self._layout.last_row,
            columns=self._columns(dataset, matches),
            unpivot=unpivot,
            constants=constants,
            roll_month=self._said.roll_month,
            county_name=self._said.county,
            township_hint=self._township(),
            confidence=_shown(score),
            margin=round(choice.margin, 4) if choice else 1.0,
            nearest=_nearest(choice),
            unfit=unfit,
            fingerprint=self._fingerprint,
            code_words=self._entry.codes if self._entry else {},
            notes=self._notes(dataset, matches, near),
        )

    def _columns(self, dataset: Dataset, matches: Mapping[int, Match]) -> tuple[ColumnPlan, ...]:
        by_index = {cand.column.index: cand.column for cand in self._cands}
        plans = []
        for index, match in sorted(matches.items()):
            column = by_index[index]
            factor = 1
            if dataset.fields[match.field].type == "money":
                own = max(normal_header(level).factor for level in (column.written, *column.levels))
                factor = max(own, column.factor)
                says_unit = "元" in column.written
                factor = self._unit_factor() if factor == 1 and not says_unit else factor
            plans.append(ColumnPlan(index, match.field, column.written, factor, match.how))
        return tuple(plans)

    def _unit_factor(self) -> int:
        return sheet_factor(self._sources)

    def _constants(self, dataset: Dataset, mapped: frozenset[str]) -> dict[str, str]:
        found = constants_of(dataset, mapped, self._sources, self._said, self._context.catalogue)
        return found | dict(self._entry.constants if self._entry else {})

    def _township(self) -> str | None:
        town = self._said.township
        return town.name if isinstance(town, Township) else town

    def _unfit(self, taken: set[int]) -> tuple[str, ...]:
        return tuple(
            column.written
            for column in self._layout.columns
            if column.index not in taken and normal_header(column.written).text
        )

    def _notes(self, dataset: Dataset, matches: Mapping[int, Match], near: frozenset[int]) -> tuple[str, ...]:
        notes: list[str] = []
        by_value = [match.field for match in matches.values() if match.how == "profile"]
        if by_value:
            names = "、".join(dataset.fields[name].header for name in by_value)
            notes.append(f"以下各列没有可用的表头，按内容判断：{names}。请核对。")
        if near:
            written = {cand.column.index: cand.column.written for cand in self._cands}
            pairs = "、".join(f"“{written[index]}”当作{dataset.fields[matches[index].field].header}" for index in near)
            notes.append(f"以下表头不常见，按意思相近对应：{pairs}。请核对。")
        return tuple(notes)

    def _wide(self, choice: Choice, wide: Sequence[WideColumn]) -> SheetPlan | None:
        """A wide payment sheet, where a payee can be found and the amounts are not another dataset's own columns."""
        payment = self._context.catalogue.datasets["payment"]
        matches = score_columns(payment, self._cands)
        fields = {match.field for match in matches.values()}
        best = choice.best
        own = {best.matches[column.index].field for column in wide if column.index in best.matches}
        if choice.is_sure and best.dataset.id != "payment" and len(own) == len(wide):
            return None  # 生活补贴 and 护理补贴 of the subsidy roll, 生活标准 and 护理费 of the tekun roll
        if not fields & {"name", "head_name", "account_name"}:
            return None
        if not fields & {"account_no", "one_card_no", "id_no", "head_id"}:
            return None
        if choice.is_sure and best.dataset.id not in {"payment", "disability_subsidy"} and len(wide) < 3 and own:
            return None
        score = next((verdict.score for verdict in choice.verdicts if verdict.dataset.id == "payment"), 0.6)
        return self._build(payment, matches, max(score, 0.6), choice, wide)

    # ---- mapped by a person

    def _mapped(self, entry: MappingEntry) -> SheetPlan:
        dataset = self._context.catalogue.datasets[entry.dataset]
        stated: dict[int, Match] = {}
        ignored: set[int] = set()
        for column in self._layout.columns:
            names = (column.written, "".join(column.levels), *reversed(column.levels))
            target = next((found for text in names if (found := entry.columns.get(normal_header(text).text))), None)
            if target == IGNORE:
                ignored.add(column.index)
            elif target is not None and target not in {match.field for match in stated.values()}:
                stated[column.index] = Match(target, 1.0, self._how)
        fields = {match.field for match in stated.values()}
        rest = [cand for cand in self._cands if cand.column.index not in ignored and cand.column.index not in stated]
        scored = score_columns(dataset, rest)
        others = {index: match for index, match in scored.items() if match.field not in fields}
        if self._how == "mapping" and self._headers:
            self._context.learn(self._fingerprint, entry)
        plan = self._build(dataset, stated | others, 1.0, None)
        ignored_texts = {column.written for column in self._layout.columns if column.index in ignored}
        return replace(plan, unfit=tuple(text for text in plan.unfit if text not in ignored_texts))

    # ---- not sure

    def _ask(self, choice: Choice) -> SheetPlan:
        best = choice.best
        if best.score < FOREIGN:
            return self._foreign(best.score)
        titles = [verdict.dataset for verdict in choice.verdicts[:2]]
        unfit = self._unfit(set(best.matches))
        names = "或".join(f"“{dataset.title}”（{dataset.id}）" for dataset in titles)
        fits = f"放不进“{best.dataset.title}”的表头：{'、'.join(unfit[:8])}。" if unfit else ""
        note = (
            f"没有把握认定这张表是什么，最接近{names}，没有读取。{fits}请在同一文件夹放一个 {NAME}，写明："
            f"- file: {self._raw.file.rsplit('/', 1)[-1]}，dataset: 数据项，columns: {{表头: 字段}}。"
        )
        return self._asking(choice, unfit, note)

    def _asking(self, choice: Choice, unfit: tuple[str, ...], note: str) -> SheetPlan:
        return SheetPlan(
            dataset=None,
            header_rows=self._layout.header_rows,
            first_row=self._layout.first_row,
            last_row=self._layout.last_row,
            columns=(),
            roll_month=self._said.roll_month,
            county_name=self._said.county,
            township_hint=self._township(),
            confidence=_shown(choice.best.score),
            margin=round(choice.margin, 4),
            nearest=_nearest(choice),
            unfit=unfit,
            fingerprint=self._fingerprint,
            notes=(note,),
        )

    def _ask_for(self, dataset: Dataset, wanted: Sequence[str], headers: Sequence[str], choice: Choice) -> SheetPlan:
        """The dataset is plain, a required column is not: every row would be refused for a header nobody knows."""
        names = "、".join(f"“{dataset.fields[name].header}”（{name}）" for name in wanted)
        note = (
            f"这张表像是“{dataset.title}”（{dataset.id}），但没有认出必需的列：{names}，没有读取。"
            f"可能是这些表头之一：{'、'.join(headers[:8])}。请在同一文件夹放一个 {NAME}，写明："
            f"- file: {self._raw.file.rsplit('/', 1)[-1]}，dataset: {dataset.id}，columns: {{表头: {wanted[0]}}}。"
        )
        return self._asking(choice, self._unfit(set(choice.best.matches)), note)

    def _foreign(self, score: float) -> SheetPlan:
        """A table of another kind: said once, without candidates that would only mislead."""
        note = f"这张表不像社会救助比对用的数据，没有读取。如果需要读取，请在同一文件夹放一个 {NAME} 写明它是什么数据。"
        return SheetPlan(
            dataset=None,
            header_rows=self._layout.header_rows,
            first_row=self._layout.first_row,
            last_row=self._layout.last_row,
            columns=(),
            confidence=_shown(score),
            unfit=self._unfit(set()),
            fingerprint=self._fingerprint,
            notes=(note,),
        )


def _shown(score: float) -> float:
    return round(min(1.0, score), 4)


def _nearest(choice: Choice | None) -> tuple[tuple[str, float], ...]:
    if choice is None:
        return ()
    return tuple((verdict.dataset.id, _shown(verdict.score)) for verdict in choice.verdicts[:_NEAREST])
