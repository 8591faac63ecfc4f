"""Values that a row takes from above: group rows, merged ranges, cells left blank for "as above" (file-formats 2.1).

Amounts are never carried; in payments accounts are not either. What is carried lies in the fill table: row, and for
each field t_<field> and k_<field>; it counts where the row's own cell is blank.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from mingcha.intake.convert.noise import GROUP
from mingcha.intake.convert.sheet import FILL, NOISE, RAW, Sheet, Source
from mingcha.values.sql.base import MARK_BYTES, half, ident, is_mark, lit, no_blanks
from mingcha.values.text import EMPTY_MARKS

_MERGED = "mingcha_merged"
_CARRY = "mingcha_carry"
_AMOUNTS = frozenset({"money", "int", "decimal", "percent"})
_PLACES = ("township", "village", "village_group")
#: Rosters of members, whose head is told once a household.
MEMBER_DATASETS = frozenset({"dibao_member", "low_income_member", "tekun_person"})
_HOUSEHOLD = ("account_no", "one_card_no", "account_name", "bank_name", *_PLACES)
_GROUPS = {"township": ("township",), "village": ("village",), "village_group": ("group",)}
#: "As above" columns: most filled cells differ from the filled cell before, and blanks are no rarity.
_MAX_REPEATS = 0.3
_MIN_BLANKS = 0.05
_MOSTLY_BLANK = 0.5

_SELF = (
    "(?:户主)?本人(?:[/或]户主)?|户主(?:[/或]?本人|\\(本人\\))?|(?:主)?申请人(?:本人)?|本人\\(户主\\)|自己"
    "|0?[12](?:\\.0)?"
)


def find_fills(sheet: Sheet) -> None:
    """Writes the fill table where rows take values from above, and notes its fields in ``sheet.filled``."""
    carried: dict[str, str] = {}
    merged = _merged_fields(sheet)
    as_above = _as_above_fields(sheet)
    groups = _group_fields(sheet)
    places: list[str] = [name for name in _PLACES if name in groups | as_above]
    layers = _place_layers(sheet, places, groups, as_above)
    for name in places:
        carried[name] = ident(f"v_{name}")
    if "title" in as_above:
        ledger = [name for name in ("title", "unit") if name in sheet.sources]
        layers.append({f"v_{name}": _last(name, "filled_title") for name in ledger})
        carried |= {name: ident(f"v_{name}") for name in ledger}
    heads = _head_layers(sheet, {field for field, _, _ in merged}, set(places))
    if heads:
        layers += heads
        carried |= {column[2:]: ident(column) for column in heads[-1] if column.startswith("v_")}
    if not carried and not merged:
        return
    _write(sheet, carried, merged, layers)
    for name in carried:
        sheet.sources.setdefault(name, Source(sheet.dataset.fields[name], None, sheet.dataset.fields[name].header))


# ---- which fields


def _blank(cell: str) -> str:
    return is_mark(cell)


def _data(sheet: Sheet) -> str:
    noise = f" ANTI JOIN {NOISE} AS z ON r.row = z.row" if sheet.has_noise else ""
    return f"{RAW} AS r{noise} WHERE {sheet.within}"


def _as_above_fields(sheet: Sheet) -> set[str]:
    """Fields whose column is written once and left blank for the rows below."""
    names = [*_PLACES]
    if sheet.dataset.id == "problem":
        names.append("title")
    sources = [sheet.sources[name] for name in names if name in sheet.sources]
    # mostly no cell is blank, and no statement is needed
    sources = [s for s in sources if s.index is not None and may_have_blanks(sheet.cells[f"c{s.index}"])]
    if not sources:
        return set()
    blanks = ", ".join(f"count(*) FILTER (WHERE {_blank(f'r.c{source.index}')})" for source in sources)
    counted = sheet.first(f"SELECT count(*), {blanks} FROM {_data(sheet)}")
    if counted is None:
        return set()
    found = set()
    for source, blank in zip(sources, counted[1:], strict=True):
        if 0 < blank < counted[0] and blank >= _MIN_BLANKS * counted[0]:
            repeats = _repeats(sheet, source)
            if repeats <= _MAX_REPEATS or blank >= _MOSTLY_BLANK * counted[0]:
                found.add(source.field.id)
    return found


def may_have_blanks(texts: pa.Array | pa.ChunkedArray) -> bool:
    """False where no cell is blank, nor a mark for that."""
    if texts.null_count:
        return True
    short = pc.unique(texts.filter(pc.less_equal(pc.binary_length(texts), MARK_BYTES)))
    return bool(pc.any(pc.is_in(pc.utf8_trim_whitespace(short), value_set=pa.array(EMPTY_MARKS))).as_py())


def _repeats(sheet: Sheet, source: Source) -> float:
    """Share of filled cells that repeat the filled cell before."""
    cell = f"r.c{source.index}"
    found = sheet.first(f"""
        SELECT avg(CASE WHEN value = before THEN 1.0 ELSE 0.0 END)
        FROM (
            SELECT {cell} AS value, lag({cell}) OVER (ORDER BY r.row) AS before
            FROM {_data(sheet)} AND NOT {_blank(cell)}
        ) WHERE before IS NOT NULL
    """)
    return float(found[0]) if found and found[0] is not None else 0.0


def _group_fields(sheet: Sheet) -> set[str]:
    """Place fields that group rows give."""
    if not sheet.has_noise:
        return set()
    rows = sheet.con.execute(f"SELECT DISTINCT level FROM {NOISE} WHERE kind = {lit(GROUP)}").fetchall()
    levels = {level for (level,) in rows}
    named = {name for name, meant in _GROUPS.items() if levels & set(meant)}
    return {name for name in named if name in sheet.dataset.fields}


def _merged_fields(sheet: Sheet) -> list[tuple[str, int, int]]:
    """(field, first row, last row) of vertical merges over columns whose value may be carried."""
    by_index: dict[int, str] = {}
    for source in sheet.sources.values():
        is_account = source.field.type == "account" and sheet.dataset.id == "payment"
        if source.index is not None and source.field.type not in _AMOUNTS and not is_account:
            by_index[source.index] = source.field.id
    found = []
    for first, left, last, right in sheet.raw.merged:
        if last <= first or first < sheet.plan.first_row or right - left > 3:
            continue
        covered = [by_index[index] for index in range(left, right + 1) if index in by_index]
        found += [(name, first, min(last, sheet.plan.last_row)) for name in covered]
    return found


# ---- carrying


def _last(name: str, condition: str) -> str:
    """The value of the last row that meets a condition column."""
    cell = ident(f"t_{name}")
    kept = f"CASE WHEN {condition} THEN coalesce({cell}, '') END"
    return f"nullif(last_value({kept} IGNORE NULLS) OVER up, '')"


def _place_layers(sheet: Sheet, places: list[str], groups: set[str], as_above: set[str]) -> list[dict[str, str]]:
    """Township, then village within it, then group within that: a new one above forgets the one below."""
    layers: list[dict[str, str]] = []
    above: str | None = None
    for name in _PLACES:
        if name not in places:
            continue
        own = ident(f"t_{name}") if name in sheet.sources and sheet.sources[name].index is not None else "NULL"
        level = _GROUPS[name][0]
        here = f"CASE WHEN level = {lit(level)} THEN word END" if name in groups else "NULL"
        given = f"coalesce({here}, {own if name in as_above else 'NULL'})"
        changed = ident(f"x_{name}")
        if above is None:
            layers.append({f"v_{name}": f"last_value({given} IGNORE NULLS) OVER up"})
        else:
            before = f"lag({above}) OVER (ORDER BY row)"
            layers.append({f"x_{name}": f"{above} IS DISTINCT FROM {before}"})
            kept = f"coalesce({given}, CASE WHEN {changed} THEN '' END)"
            layers.append({f"v_{name}": f"nullif(last_value({kept} IGNORE NULLS) OVER up, '')"})
        above = ident(f"v_{name}")
    return layers


def _head_layers(sheet: Sheet, merged: set[str], places: set[str]) -> list[dict[str, str]]:
    """Rosters of members: the head of rows that do not name one, and with the head the account and the place.

    merged, places   fields that are carried by other means

    本人/户主, or no relation: the person is the head. Another relation: the head above. Without a relation column a
    roster whose named heads stand in their own rows leaves the other members' heads blank "as above".
    """
    fields = sheet.dataset.fields
    if sheet.dataset.id not in MEMBER_DATASETS or "head_id" not in fields or "id_no" not in sheet.sources:
        return []
    own, head = ident("t_id_no"), ident("t_head_id")
    if "head_id" not in sheet.sources:
        head = "NULL"
    has_relation = "relation" in sheet.sources and sheet.sources["relation"].index is not None
    relation = ident("t_relation") if has_relation else "NULL"
    plainly = no_blanks(relation) if has_relation else "NULL"
    if has_relation:
        is_self = f"(NOT {_blank(relation)} AND regexp_full_match({plainly}, {lit(_SELF)}))"
        is_other = f"(NOT {_blank(relation)} AND NOT {is_self})"
    else:
        is_self = "FALSE"
        is_other = "TRUE" if _heads_stand_first(sheet) else "FALSE"
    below = (
        f"(level IS NULL AND {_blank(head)} AND {is_other})" if head != "NULL" else f"(level IS NULL AND {is_other})"
    )
    head_text = f"CASE WHEN {_blank(head)} THEN NULL ELSE {head} END" if head != "NULL" else "NULL"
    head_kind = ident("k_head_id") if head != "NULL" else "1"
    layers = [
        {"_below": below},
        {
            "_anchor": "NOT _below AND level IS NULL",
            "t_head_own": f"coalesce({head_text}, {own})",
            "k_head_own": f"CASE WHEN {head_text} IS NULL THEN {ident('k_id_no')} ELSE {head_kind} END",
        },
    ]
    last: dict[str, str] = {
        "v_head_id": _last("head_own", "_anchor"),
        "_kind_head_id": "last_value(CASE WHEN _anchor THEN k_head_own END IGNORE NULLS) OVER up",
    }
    if "head_name" in fields:
        name = ident("t_name") if "name" in sheet.sources else "NULL"
        given = ident("t_head_name") if "head_name" in sheet.sources else "NULL"
        layers[1]["t_head_named"] = f"coalesce({given}, {name})"
        last["v_head_name"] = _last("head_named", "_anchor")
    for name in _HOUSEHOLD:
        source = sheet.sources.get(name)
        if source is not None and source.index is not None and name not in merged | places:
            last[f"v_{name}"] = f"CASE WHEN _below THEN {_last(name, '_anchor')} END"
            last[f"_kind_{name}"] = f"last_value(CASE WHEN _anchor THEN {ident('k_' + name)} END IGNORE NULLS) OVER up"
    return [*layers, last]


def _heads_stand_first(sheet: Sheet) -> bool:
    """Without a relation column: whether heads are named in their own rows only, so that blanks mean "as above"."""
    head = sheet.sources.get("head_id")
    own = sheet.sources["id_no"]
    if head is None or head.index is None or own.index is None:
        return False
    named = f"NOT {_blank(f'r.c{head.index}')}"
    same = f"{half(f'r.c{head.index}')} = {half(f'r.c{own.index}')}"
    found = sheet.first(
        f"SELECT count(*) FILTER (WHERE {named} AND {same}), count(*) FILTER (WHERE {named}) FROM {_data(sheet)}"
    )
    return bool(found and found[1] and found[0] > found[1] / 2)


# ---- the fill table


def _write(
    sheet: Sheet, carried: dict[str, str], merged: list[tuple[str, int, int]], layers: list[dict[str, str]]
) -> None:
    indexed = [source for source in sheet.sources.values() if source.index is not None]
    columns = [
        f"r.c{source.index} AS {ident('t_' + source.field.id)}, r.k{source.index} AS {ident('k_' + source.field.id)}"
        for source in indexed
    ]
    group = "z.level, z.word" if sheet.has_noise else "CAST(NULL AS VARCHAR) AS level, CAST(NULL AS VARCHAR) AS word"
    noise = f"LEFT JOIN {NOISE} AS z ON r.row = z.row" if sheet.has_noise else ""
    kept = f"AND (z.row IS NULL OR z.kind = {lit(GROUP)})" if sheet.has_noise else ""
    sql = f"SELECT r.row, {', '.join([group, *columns])} FROM {RAW} AS r {noise} WHERE {sheet.within} {kept}"
    if "title" in carried:
        sql = f"SELECT *, NOT {_blank(ident('t_title'))} AS filled_title FROM ({sql})"
    for layer in layers:
        parts = ", ".join(f"{expr} AS {ident(name)}" for name, expr in layer.items())
        sql = f"SELECT *, {parts} FROM ({sql}) WINDOW up AS (ORDER BY row ROWS UNBOUNDED PRECEDING)"
    sheet.con.execute(f"CREATE OR REPLACE TEMP TABLE {_CARRY} AS SELECT * FROM ({sql}) WHERE level IS NULL")
    names = list(dict.fromkeys([*(field for field, _, _ in merged), *carried]))
    if merged:
        _merge_tables(sheet, merged)
    try:
        _join(sheet, names, carried, {field for field, _, _ in merged}, {name for layer in layers for name in layer})
    finally:
        sheet.con.execute(f"DROP TABLE IF EXISTS {_CARRY}")
        sheet.con.execute(f"DROP TABLE IF EXISTS {_MERGED}")
    sheet.filled = set(names)


def _merge_tables(sheet: Sheet, merged: list[tuple[str, int, int]]) -> None:
    """The top cell's row of every cell under a vertical merge: row, field, top."""
    table = pa.table(
        {
            "field": pa.array([field for field, _, _ in merged], pa.string()),
            "first": pa.array([first for _, first, _ in merged], pa.int32()),
            "last": pa.array([last for _, _, last in merged], pa.int32()),
        }
    )
    sheet.con.register("mingcha_ranges", table)
    try:
        sheet.con.execute(f"""
            CREATE OR REPLACE TEMP TABLE {_MERGED} AS
            SELECT r.row, m.field, min(m.first) AS top
            FROM mingcha_ranges AS m INNER JOIN {RAW} AS r ON r.row > m.first AND r.row <= m.last
            GROUP BY r.row, m.field
        """)
    finally:
        sheet.con.unregister("mingcha_ranges")


def _join(sheet: Sheet, names: list[str], carried: dict[str, str], merged: set[str], made: set[str]) -> None:
    """The fill table from carried values and merged tops; merged ranges come first."""
    columns, joins = ["c.row"], []
    for number, name in enumerate(names):
        texts, kinds = [], []
        if name in merged:
            index = sheet.sources[name].index
            joins.append(
                f"LEFT JOIN (SELECT m.row, t.c{index} AS text, t.k{index} AS kind FROM {_MERGED} AS m "
                f"INNER JOIN {RAW} AS t ON t.row = m.top WHERE m.field = {lit(name)}) AS m{number} "
                f"ON c.row = m{number}.row"
            )
            texts.append(f"m{number}.text")
            kinds.append(f"m{number}.kind")
        if name in carried:
            texts.append(f"c.{carried[name]}")
            if f"_kind_{name}" in made:
                kinds.append(f"c.{ident('_kind_' + name)}")
        columns.append(f"coalesce({', '.join(texts)}) AS {ident('t_' + name)}")
        columns.append(f"CAST(coalesce({', '.join([*kinds, '1'])}) AS TINYINT) AS {ident('k_' + name)}")
    sheet.con.execute(
        f"CREATE OR REPLACE TEMP TABLE {FILL} AS SELECT {', '.join(columns)} FROM {_CARRY} AS c {' '.join(joins)}"
    )
