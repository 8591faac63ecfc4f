"""Numbers of several members that stand together in one cell."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from mingcha.intake.convert.cells import Cells, Group
from mingcha.intake.convert.keys import pseudonyms
from mingcha.intake.convert.sheet import Sheet, whole
from mingcha.values.sql.base import Cell, layered, shown
from mingcha.values.sql.ids import read_id

_LISTS = "mingcha_member_lists"
_MEMBERS = "mingcha_members"
_KEYS = "mingcha_member_keys"


def read_members(sheet: Sheet, group: Group, today: date) -> tuple[Cells, pa.Table]:
    """(cells with their list of pseudonyms, NULL = unreadable number; clear values: key, value)."""
    numbered = {"at": pa.array(range(len(group.texts)), pa.int32()), "text": group.texts, "kind": group.kinds}
    sheet.con.register(_LISTS, pa.table(numbered))
    try:
        _make_members(sheet, today)
        numbers = whole(sheet.table(f"SELECT DISTINCT number FROM {_MEMBERS} WHERE number IS NOT NULL")["number"])
        made = pseudonyms(sheet, "person", numbers)
        sheet.con.register(_KEYS, pa.table({"number": numbers, "key": made}))
        lists = sheet.table(f"""
            SELECT m.member_keys, CASE WHEN list_bool_or(list_transform(m.member_keys, lambda x: x IS NULL))
                THEN 'unreadable' END AS problem, {shown("l.text")} AS shown
            FROM {_LISTS} AS l LEFT JOIN (
                SELECT at, list(key ORDER BY n) AS member_keys
                FROM {_MEMBERS} LEFT JOIN {_KEYS} USING (number) GROUP BY at
            ) AS m ON l.at = m.at ORDER BY l.at
        """)
    finally:
        sheet.con.unregister(_LISTS)
        sheet.con.unregister(_KEYS)
        sheet.con.execute(f"DROP TABLE IF EXISTS {_MEMBERS}")
    keys, problem, seen = (whole(lists[name]) for name in ("member_keys", "problem", "shown"))
    cells = Cells({"value": keys}, problem, pc.and_(keys.is_null(), problem.is_null()), seen)
    return cells, pa.table({"key": made, "value": numbers})


def _make_members(sheet: Sheet, today: date) -> None:
    """One number a row: at, n, number (NULL = unreadable)."""
    items = "regexp_split_to_array(text, '[、,，;；/|\\s]+')"
    sql = f"""
        SELECT at, n, item, kind FROM (
            SELECT at, unnest({items}) AS item, generate_subscripts({items}, 1) AS n, kind FROM {_LISTS}
        ) WHERE item <> ''
    """
    reading = read_id(Cell("item", "item", "kind"), today)
    number = reading.columns["number"]
    sheet.run(f"""
        CREATE OR REPLACE TEMP TABLE {_MEMBERS} AS
        SELECT at, n, {number} AS number FROM ({layered(sql, reading)})
    """)
