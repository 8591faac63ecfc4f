"""How each field is read: by its type, and by what the whole column told."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date

from mingcha.datasets import Field, key_column
from mingcha.intake.convert.facts import Facts
from mingcha.intake.convert.sheet import Sheet
from mingcha.values.sql.accounts import (
    quick_account,
    quick_phone,
    quick_text,
    read_account,
    read_phone,
    read_text,
    read_uscc,
)
from mingcha.values.sql.base import Cell, Quick, Reading, ident, redacted, shown
from mingcha.values.sql.dates import DateFacts, quick_date, quick_month, read_date, read_datetime, read_month
from mingcha.values.sql.ids import quick_id, read_cert, read_id
from mingcha.values.sql.names import quick_name, read_name
from mingcha.values.sql.numbers import (
    quick_int,
    quick_money,
    read_decimal,
    read_int,
    read_money,
    read_percent,
)

#: Text columns that are runs of digits by nature: case, file, household and certificate numbers.
_CODES = frozenset(
    [
        *("cert_no", "doc_no", "cremation_no", "invoice", "case_no", "household_no", "check_no", "licence", "reg_no"),
        *("batch", "person_no", "problem_no", "doc", "unit_no", "meter_no", "file_no", "sample_no", "plate", "vin"),
        "warn_no",
    ]
)
#: The date field that lies ahead of its sheet.
_DEADLINE = "due_on"
_SPLIT = "[、,，;；/|\\n\\r]+"


@dataclass(frozen=True)
class Recipe:
    """How the cells of a field are read.

    group    fields of the same group are read alike: their odd cells share one table
    read     the full reader; quick: the way of plain cells, None where there is none
    columns  results of the reader, in the order of its columns
    """

    group: Hashable
    read: Callable[[Cell], Reading]
    quick: Callable[[Cell], Quick] | None = None


def recipe_of(sheet: Sheet, facts: Facts, field: Field, today: date) -> Recipe | None:
    """The recipe of a field; None for code words, places and lists of members, which are joined as wholes."""
    name, type_ = field.id, field.type
    if type_ in {"bool", "division"} or name == "member_ids" or (type_ == "enum" and field.codes):
        return None
    if type_ in {"date", "month", "datetime"}:
        return _of_dates(name, type_, facts.dates[name])
    if type_ == "money":
        factor = _greatest_factor(sheet, name)
        return Recipe((type_, factor), lambda cell: read_money(cell, factor=factor), quick_money)
    if type_ == "percent":
        fractions = name in facts.fractions
        return Recipe((type_, fractions), lambda cell: read_percent(cell, fractions=fractions))
    if type_ in {"text", "code", "enum"}:
        codes = type_ == "code" or name in _CODES
        return Recipe(
            ("text", codes),
            lambda cell: read_text(cell, among_codes=codes),
            lambda cell: quick_text(cell, among_codes=codes),
        )
    simplified = not facts.has_traditional
    recipes: Mapping[str, Recipe] = {
        "id18": Recipe("id18", lambda cell: read_id(cell, today), lambda cell: quick_id(cell, today)),
        "cert": Recipe("cert", lambda cell: read_cert(cell, today)),
        "account": Recipe("account", read_account, quick_account),
        "phone": Recipe("phone", read_phone, quick_phone),
        "uscc": Recipe("uscc", read_uscc),
        "name": Recipe("name", read_name, lambda cell: quick_name(cell, all_simplified=simplified)),
        "int": Recipe("int", read_int, quick_int),
        "decimal": Recipe("decimal", read_decimal),
        "list": Recipe("list", _read_list),
    }
    return recipes[type_]


def _of_dates(name: str, type_: str, known: DateFacts) -> Recipe:
    if name == _DEADLINE:
        return Recipe((name, known), lambda cell: read_date(cell, known, deadline=True), quick_date)
    if type_ == "date":
        return Recipe((type_, known), lambda cell: read_date(cell, known), quick_date)
    if type_ == "month":
        return Recipe((type_, known), lambda cell: read_month(cell, known), quick_month)
    return Recipe((type_, known), lambda cell: read_datetime(cell, known))


def _read_list(cell: Cell) -> Reading:
    """Several values in one cell: without blanks, numbers hidden. Results: value."""
    v = cell.at("v")
    parts = f"regexp_split_to_array({cell.text}, '{_SPLIT}')"
    items = f"list_transform({parts}, lambda x: regexp_replace(x, '\\s+', '', 'g'))"
    hidden = f"list_transform(list_filter({items}, lambda x: x <> ''), lambda x: {redacted('x')})"
    return Reading(
        layers=({v: f"CASE WHEN {cell.kind} BETWEEN 1 AND 4 THEN {hidden} END"},),
        columns={"value": f"CASE WHEN len({v}) > 0 THEN {v} END"},
        problem="CAST(NULL AS VARCHAR)",
        blank=f"coalesce(len({v}), 0) = 0",
        shown=shown(cell.text),
    )


@dataclass(frozen=True)
class Secret:
    """A clear value for the vault: kind person, account, phone or cert; key and value are expressions."""

    kind: str
    key: str
    value: str


@dataclass(frozen=True)
class Finished:
    """A field's columns in the lake, over its results (columns <field>.<result>), and its clear values."""

    columns: Mapping[str, str]
    secrets: tuple[Secret, ...] = ()


def result(name: str, part: str) -> str:
    """The quoted column that holds a result of a field."""
    return ident(f"{name}.{part}")


def finished(sheet: Sheet, facts: Facts, field: Field) -> Finished:
    """From results to columns of the lake; numbers become pseudonyms here."""
    name, keys = field.id, sheet.keys

    def of(part: str) -> str:
        return result(name, part)

    if field.type == "id18":
        return _finished_id(sheet, facts, field)
    if field.type == "cert":
        key = keys.certificate(of("written"))
        columns = {
            f"{name}_key": key,
            f"{name}_person_key": keys.person(of("number")),
            f"{name}_type": of("type"),
            f"{name}_level": of("level"),
        }
        person = Secret("person", f"{name}_person_key", of("number"))
        return Finished(columns, (Secret("cert", f"{name}_key", of("written")), person))
    if field.type in {"account", "phone"}:
        make = keys.account if field.type == "account" else keys.phone
        column = key_column(field)
        return Finished({column: make(of("number"))}, (Secret(field.type, column, of("number")),))
    if field.type == "money":
        scaled = f"{of('value')} * CASE WHEN {of('has_unit')} THEN 1 ELSE {_factor(sheet, name)} END"
        return Finished({name: f"TRY_CAST({scaled} AS DECIMAL(14,2))"})
    more = {"name": "written", "date": "precision", "month": "months"}.get(field.type)
    return Finished({name: of("value"), **({f"{name}_{more}": of(more)} if more else {})})


def _finished_id(sheet: Sheet, facts: Facts, field: Field) -> Finished:
    name = field.id
    stem = "id" if name == "id_no" else name.removesuffix("_id")
    number, written = result(name, "number"), result(name, "written")
    damaged = sheet.keys.damaged(written, _named(sheet, facts, name))
    column = key_column(field)
    pseudonym = f"CASE WHEN {number} IS NOT NULL THEN {sheet.keys.person(number)} ELSE {damaged} END"
    if name == "head_id" and "id_no" in sheet.part_fields:
        # most heads stand in their own row: their pseudonym is made once
        same = f"{number} = {result('id_no', 'number')}"
        pseudonym = f"CASE WHEN {same} THEN NULL ELSE {pseudonym} END"
    columns = {column: pseudonym}
    columns[f"{stem}_is_valid"] = f"coalesce({result(name, 'is_valid')}, FALSE)"
    columns |= {f"{stem}_{part}": result(name, part) for part in ("flag", "birth_date", "sex")}
    return Finished(columns, (Secret("person", column, f"coalesce({number}, {written})"),))


def _greatest_factor(sheet: Sheet, name: str) -> int:
    factors = [part.column.factor for part in sheet.parts if part.column.field == name]
    return max([*factors, sheet.sources[name].factor if name in sheet.sources else 1])


def _factor(sheet: Sheet, name: str) -> int | str:
    """What a money column is multiplied by; of a wide sheet each payment column has its own."""
    if any(part.column.field == name for part in sheet.parts):
        return "part_factor"
    return sheet.sources[name].factor if name in sheet.sources else 1


def _named(sheet: Sheet, facts: Facts, name: str) -> str:
    """Expression of the name beside an identity number."""
    known = {
        "id_no": ("name", "head_name"),
        "head_id": ("head_name",),
        "account_holder_id": ("account_name",),
        "caller_id": ("caller_name", "caller"),
    }
    candidates = known.get(name, (f"{name.removesuffix('_id')}_name", name.removesuffix("_id")))
    for candidate in candidates:
        field = sheet.dataset.fields.get(candidate)
        if candidate in sheet.part_fields and field is not None and field.type == "name":
            return result(candidate, "value")
    return "head_named" if name == "head_id" and facts.has_heads else "NULL"


@dataclass(frozen=True)
class Required:
    """What a row must hold: one of these fields. label: how the need is told."""

    fields: tuple[str, ...]
    label: str


def required_of(sheet: Sheet) -> list[Required]:
    """The needs of a row, those of groups after those of single fields."""
    fields = sheet.dataset.fields
    single = [Required((name,), sheet.header_of(name)) for name, field in fields.items() if field.required]
    groups = [Required(group, "或".join(sheet.header_of(name) for name in group)) for group in sheet.dataset.any_of]
    return single + groups
