"""The columns a dataset has in the lake: what rule authors may name.

An identity number never becomes a column: it becomes a keyed pseudonym, what the number itself says, and what is wrong
with it. Accounts and phones become pseudonyms. Everything else becomes a typed value.
"""

from __future__ import annotations

from dataclasses import dataclass

from mingcha.datasets.catalogue import Dataset, Field

#: Money is decimal yuan; DuckDB and Arrow keep it inside as an integer of 分.
MONEY = "DECIMAL(14,2)"


@dataclass(frozen=True)
class Column:
    """One typed column of a snapshot. type is a DuckDB type name; field is the dataset field it comes from."""

    name: str
    type: str
    field: str | None


#: Every snapshot begins with these, whatever its dataset.
SYSTEM_COLUMNS = (
    Column("row_id", "BIGINT", None),  # unique in the workspace; sheet number, row number and part (see row_id_of)
    Column("row_no", "INTEGER", None),  # the row as the spreadsheet counts it, from 1
    Column("is_doubtful", "BOOLEAN", None),
    Column("doubts", "VARCHAR", None),  # reason codes, joined by ';'
    Column("roll_month", "VARCHAR", None),  # YYYY-MM the sheet speaks of (title, sheet name, file name), else NULL
    Column("county_name", "VARCHAR", None),  # short county name of column, title or file; NULL = not said
)


def key_column(field: Field) -> str:
    """Name of the pseudonym column of an id18, account, phone or cert field.

    >>> key_column(Field("id_no", "id18", "", (), True, False, None))
    'person_key'
    >>> key_column(Field("holder_id", "id18", "", (), True, False, None))
    'holder_key'
    >>> key_column(Field("account_no", "account", "", (), True, False, None))
    'account_key'
    >>> key_column(Field("phone", "phone", "", (), True, False, None))
    'phone_key'
    """
    if field.type == "id18":
        return "person_key" if field.id == "id_no" else f"{field.id.removesuffix('_id')}_key"
    if field.type == "account":
        return f"{field.id.removesuffix('_no')}_key"
    return f"{field.id}_key"


def _id_columns(field: Field) -> tuple[Column, ...]:
    stem = "id" if field.id == "id_no" else field.id.removesuffix("_id")
    return (
        Column(key_column(field), "BIGINT", field.id),
        Column(f"{stem}_is_valid", "BOOLEAN", field.id),  # 18 places, check digit right, date possible
        Column(f"{stem}_flag", "VARCHAR", field.id),  # what is wrong with the number, a reason code; NULL = nothing
        Column(f"{stem}_birth_date", "DATE", field.id),  # read from the number, NULL if it cannot be
        Column(f"{stem}_sex", "VARCHAR", field.id),  # '1' 男 '2' 女, from place 17
    )


def _field_columns(field: Field) -> tuple[Column, ...]:
    name = field.id
    match field.type:
        case "id18":
            return _id_columns(field)
        case "account" | "phone":
            return (Column(key_column(field), "BIGINT", name),)
        case "cert":
            # a disability certificate number holds the person's identity number, the type and the level
            return (
                Column(f"{name}_key", "BIGINT", name),
                Column(f"{name}_person_key", "BIGINT", name),
                Column(f"{name}_type", "VARCHAR", name),
                Column(f"{name}_level", "VARCHAR", name),
            )
        case "name":
            return (Column(name, "VARCHAR", name), Column(f"{name}_written", "VARCHAR", name))
        case "date":
            # precision: day, month, quarter, year (the date is then its first day) or open (长期, 至今: date NULL)
            return (Column(name, "DATE", name), Column(f"{name}_precision", "VARCHAR", name))
        case "month":
            # months: how many months from that one the value covers (a quarter: 3)
            return (Column(name, "VARCHAR", name), Column(f"{name}_months", "INTEGER", name))
        case "enum" if field.codes:
            # the code (NULL where the word is unknown) and the word as written
            return (Column(name, "VARCHAR", name), Column(f"{name}_text", "VARCHAR", name))
        case "list" if name == "member_ids":
            return (Column("member_keys", "BIGINT[]", name),)  # NULL entries are unreadable numbers
        case "list":
            return (Column(name, "VARCHAR[]", name),)
        case "money":
            return (Column(name, MONEY, name),)
        case "decimal" | "percent":
            return (Column(name, "DECIMAL(18,4)", name),)
        case "int":
            return (Column(name, "BIGINT", name),)
        case "datetime":
            return (Column(name, "TIMESTAMP", name),)
        case "bool":
            return (Column(name, "BOOLEAN", name),)
        case _:  # text, code, uscc, division, enum without a code list
            return (Column(name, "VARCHAR", name),)


def columns_of(dataset: Dataset) -> tuple[Column, ...]:
    """All columns of a dataset's snapshots, in order: the system's, then each field's."""
    own = tuple(column for field in dataset.fields.values() for column in _field_columns(field))
    return SYSTEM_COLUMNS + own
