"""The columns a dataset has in the lake: what rule authors may name.

An identity number never becomes a column: it becomes a keyed pseudonym, what the number itself says, and what is wrong
with it. Accounts and phones become pseudonyms. Everything else becomes a typed value.
"""

from __future__ import annotations

import hashlib
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


#: Field types that become one column of the field's own name.
_PLAIN = {
    "money": MONEY,
    "decimal": "DECIMAL(18,4)",
    "percent": "DECIMAL(18,4)",
    "int": "BIGINT",
    "datetime": "TIMESTAMP",
    "bool": "BOOLEAN",
    "text": "VARCHAR",
    "code": "VARCHAR",
    "uscc": "VARCHAR",
    "division": "VARCHAR",
    "list": "VARCHAR[]",
    "enum": "VARCHAR",
}

#: Field types that become several columns: suffix → type.
_COMPOUND = {
    # a disability certificate number holds the person's identity number, the type and the level
    "cert": {"_key": "BIGINT", "_person_key": "BIGINT", "_type": "VARCHAR", "_level": "VARCHAR"},
    "name": {"": "VARCHAR", "_written": "VARCHAR"},
    # precision: day, month, quarter, year (the date is then its first day) or open (长期, 至今: date NULL)
    "date": {"": "DATE", "_precision": "VARCHAR"},
    # months: how many months from that one the value covers (a quarter: 3)
    "month": {"": "VARCHAR", "_months": "INTEGER"},
    # the code (NULL where the word is unknown) and the word as written
    "coded": {"": "VARCHAR", "_text": "VARCHAR"},
}


def _field_columns(field: Field) -> tuple[Column, ...]:
    name = field.id
    if field.type == "id18":
        return _id_columns(field)
    if field.type in {"account", "phone"}:
        return (Column(key_column(field), "BIGINT", name),)
    if name == "member_ids":
        return (Column("member_keys", "BIGINT[]", name),)  # NULL entries are unreadable numbers
    kind = "coded" if field.type == "enum" and field.codes else field.type
    if kind in _COMPOUND:
        return tuple(Column(f"{name}{suffix}", type_, name) for suffix, type_ in _COMPOUND[kind].items())
    return (Column(name, _PLAIN[kind], name),)


def columns_of(dataset: Dataset) -> tuple[Column, ...]:
    """All columns of a dataset's snapshots, in order: the system's, then each field's."""
    own = tuple(column for field in dataset.fields.values() for column in _field_columns(field))
    return SYSTEM_COLUMNS + own


def columns_digest(dataset: Dataset) -> str:
    """Tells whether two snapshots of a dataset were written with the same columns: 16 hexadecimal digits."""
    told = ", ".join(f"{column.name} {column.type}" for column in columns_of(dataset))
    return hashlib.sha256(told.encode()).hexdigest()[:16]
