"""What lists look up in many rows without reading them all, or not twice."""

from __future__ import annotations

from typing import Any

from django.db import connection, models

#: Rows a search may meet and still be named one by one.
_FEW = 1000


def distinct_values(model: type[models.Model], field: str) -> list[str]:
    """Every value of a text column that is not empty, in order.

    It leaps from value to value in an index that begins with the column: as many steps as there are values, not rows,
    which neither database does by itself for DISTINCT.
    """
    meta = model._meta
    table = connection.ops.quote_name(meta.db_table)
    column = connection.ops.quote_name(str(meta.get_field(field).column))  # type: ignore[union-attr]
    statement = (
        f"WITH RECURSIVE leap(value) AS ("
        f"SELECT MIN({column}) FROM {table} WHERE {column} > '' "
        f"UNION ALL SELECT (SELECT MIN({column}) FROM {table} WHERE {column} > leap.value) FROM leap "
        f"WHERE leap.value IS NOT NULL) SELECT value FROM leap WHERE value IS NOT NULL"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [value for (value,) in cursor.fetchall()]


def met_once(rows: models.QuerySet[Any, Any]) -> list[int] | models.QuerySet[Any, Any]:
    """Keys of what a search for words meets, to narrow a list by: it is counted and read from several times.

    Words are looked for in the middle of a text, so that every row has to be looked at: once, where few are met.
    """
    keys = list(rows.order_by().values_list("pk", flat=True)[: _FEW + 1])
    return keys if len(keys) <= _FEW else rows.order_by().values("pk")
