"""How each field is read: by its type, and by what the whole column told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

from mingcha.datasets import Field
from mingcha.intake.convert.cells import Recipe
from mingcha.intake.convert.facts import Facts
from mingcha.intake.convert.sheet import Sheet
from mingcha.values import quick, usual
from mingcha.values.sql.accounts import read_account, read_phone, read_place, read_text, read_uscc
from mingcha.values.sql.base import Cell, Reading, redacted, shown
from mingcha.values.sql.dates import DateFacts, read_date, read_datetime, read_month
from mingcha.values.sql.ids import read_cert, read_id
from mingcha.values.sql.names import read_name
from mingcha.values.sql.numbers import read_decimal, read_int, read_money, read_percent

#: Text columns that are runs of digits by nature: case, file, household and certificate numbers.
_CODES = frozenset(
    [
        *("cert_no", "doc_no", "cremation_no", "invoice", "case_no", "household_no", "check_no", "licence", "reg_no"),
        *("batch", "person_no", "problem_no", "doc", "unit_no", "meter_no", "file_no", "sample_no", "plate", "vin"),
        *("warn_no", "lead_no"),
    ]
)
#: The date field that lies ahead of its sheet.
_DEADLINE = "due_on"
_SPLIT = "[、,，;；/|\\n\\r]+"


def recipe_of(sheet: Sheet, facts: Facts, field: Field, today: date) -> Recipe | None:
    """The recipe of a field; None for code words and lists of members, which have ways of their own."""
    name, type_ = field.id, field.type
    if type_ == "bool" or name == "member_ids" or (type_ == "enum" and field.codes):
        return None
    if type_ in {"date", "month", "datetime"}:
        return _of_dates(name, type_, facts.dates[name])
    if type_ == "money":
        factor = _greatest_factor(sheet, name)
        return Recipe((type_, factor), partial(read_money, factor=factor), quick.quick_money, usual.usual_money)
    if type_ == "percent":
        fractions = name in facts.fractions
        return Recipe((type_, fractions), partial(read_percent, fractions=fractions), types=_SHARES)
    if type_ in {"text", "code", "enum"}:
        codes = type_ == "code" or name in _CODES
        return Recipe(("text", codes), partial(read_text, among_codes=codes), quick.quick_text(among_codes=codes))
    return _simple(type_, today)


def differs(field: Field) -> bool:
    """Whether most rows have a text of their own in this field: names, numbers of files and households.

    A dictionary of such texts costs more than they do, in making, in writing and in bytes.
    """
    return field.type == "name" or (field.type in {"text", "code"} and field.id in _CODES)


_SHARES = {"value": "DECIMAL(18,4)"}


def _simple(type_: str, today: date) -> Recipe:
    """Types whose fields are all read alike."""
    if type_ == "id18":
        return Recipe((type_, today), partial(read_id, today=today), quick.quick_id(today), usual.usual_id(today))
    if type_ == "cert":
        return Recipe((type_, today), partial(read_cert, today=today))
    recipes = {
        "account": Recipe("account", read_account, quick.quick_account),
        "phone": Recipe("phone", read_phone, quick.quick_phone),
        "uscc": Recipe("uscc", read_uscc),
        "name": Recipe("name", read_name, quick.quick_name, usual.usual_name),
        "int": Recipe("int", read_int, quick.quick_int, types={"value": "BIGINT"}),
        "decimal": Recipe("decimal", read_decimal, types=_SHARES),
        "list": Recipe("list", _read_list),
        "division": Recipe("division", read_place, quick.quick_place),
    }
    return recipes[type_]


def _of_dates(name: str, type_: str, known: DateFacts) -> Recipe:
    serials = usual.usual_date(base_1904=known.base_1904)
    if name == _DEADLINE:
        return Recipe((name, known), partial(read_date, facts=known, deadline=True), quick.quick_date, serials)
    if type_ == "date":
        return Recipe((type_, known), partial(read_date, facts=known), quick.quick_date, serials)
    if type_ == "month":
        return Recipe((type_, known), partial(read_month, facts=known), quick.quick_month)
    return Recipe((type_, known), partial(read_datetime, facts=known), types={"value": "TIMESTAMP"})


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


def _greatest_factor(sheet: Sheet, name: str) -> int:
    factors = [part.column.factor for part in sheet.parts if part.column.field == name]
    return max([*factors, sheet.sources[name].factor if name in sheet.sources else 1])


def factor_of(sheet: Sheet, name: str) -> int | None:
    """What a money column is multiplied by; None: of a wide sheet each payment column has its own."""
    if any(part.column.field == name for part in sheet.parts):
        return None
    return sheet.sources[name].factor if name in sheet.sources else 1


def name_beside(sheet: Sheet, name: str) -> str | None:
    """The field of the name that belongs to an identity number."""
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
            return candidate
    return None


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
