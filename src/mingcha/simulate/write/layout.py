"""From a table and a habit to a grid of cells: titles, headers, totals, notes, and what else stands around the data."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from mingcha.simulate.model.places import Village
from mingcha.simulate.write.table import Cell, Column, Formula, Grid, Habit, NumberCell, Table, Value
from mingcha.simulate.write.typing_hand import column_letters, typist, village_words

Row = Sequence[Value | NumberCell | Formula]


def lay_out(table: Table, habit: Habit, rng: Random) -> Grid:
    """The sheet as it is typed."""
    grid = Grid(table.name)
    table = _grouped(table, habit)
    _put_title(grid, table, habit)
    header = _put_header(grid, table, habit, rng)
    _put_under_header(grid, table, habit)
    first = len(grid.rows)
    _put_rows(grid, table, habit, rng, header)
    if habit.total == "bottom" and table.rows:
        total = _total_row(table.columns, table.rows, "合计")
        grid.rows.append(_summed(total, first, len(grid.rows)) if habit.formulas else total)
    if habit.footer:
        grid.rows.append([table.footer or "审核人：　　　　　制表人：　　　　　填报日期："])
    _put_right_side(grid, habit, header)
    return grid


def _grouped(table: Table, habit: Habit) -> Table:
    """Without its village column where villages become rows of their own."""
    place = table.village_place()
    if habit.village_style != "group" or place is None:
        return table
    rows: list[Row] = []
    last: Value | NumberCell | Formula = None
    for row in table.rows:
        if row[place] is not last:
            last = row[place]
            word = village_words(last, habit.village_word) if isinstance(last, Village) else str(last)
            rows.append([word])
        rows.append([*row[:place], *row[place + 1 :]])
    columns = [column for number, column in enumerate(table.columns) if number != place]
    return Table(table.name, table.title, columns, rows, table.meta, table.unit, table.footer, table.above)


def _put_title(grid: Grid, table: Table, habit: Habit) -> None:
    width = len(table.columns)
    if table.above:
        grid.rows.append([table.above])
    if habit.title and table.title:
        grid.merges.append((len(grid.rows), 0, len(grid.rows), max(1, width - 1)))
        grid.rows.append([table.title])
    if habit.meta and (table.meta or table.unit):
        middle = max(1, width // 2)
        row: list[Cell] = [None] * width
        row[0] = table.meta or None
        row[min(middle, width - 1)] = table.unit or None
        grid.rows.append(row)


def _put_header(grid: Grid, table: Table, habit: Habit, rng: Random) -> list[list[Cell]]:
    levels = max(len(c.header) if isinstance(c.header, tuple) else 1 for c in table.columns)
    start = len(grid.rows)
    lines: list[list[Cell]] = [[None] * len(table.columns) for _ in range(levels)]
    for place, column in enumerate(table.columns):
        words = column.header if isinstance(column.header, tuple) else (column.header,)
        for level, word in enumerate(words):
            lines[level][place] = _padded(word, habit, rng) if level == len(words) - 1 else word
        if len(words) < levels:
            grid.merges.append((start + len(words) - 1, place, start + levels - 1, place))
    for level in range(levels - 1):
        _merge_groups(grid, table, lines, start, level)
    grid.rows.extend(lines)
    return lines


def _merge_groups(grid: Grid, table: Table, lines: list[list[Cell]], start: int, level: int) -> None:
    """Cells of one level over neighbouring columns that belong together become one merged cell."""
    first = 0
    for place in range(1, len(table.columns) + 1):
        group = _group(table.columns[first], level)
        if group and place < len(table.columns) and _group(table.columns[place], level) == group:
            lines[level][place] = None
            continue
        if place - 1 > first and group:
            grid.merges.append((start + level, first, start + level, place - 1))
        first = place


def _group(column: Column, level: int) -> tuple[str, ...]:
    """The groups over a column down to this level; () where the column's own header stands there."""
    words = column.header
    return words[: level + 1] if isinstance(words, tuple) and len(words) > level + 1 else ()


def _padded(word: str, habit: Habit, rng: Random) -> str:
    if not habit.pad_headers:
        return word
    draw = rng.random()
    if len(word) == 2 and draw < 0.5:
        return f"{word[0]}　{word[1]}"
    if draw < 0.15 and len(word) > 3:
        return f"{word[:2]}\n{word[2:]}"
    if draw < 0.3:
        return word + " "
    return word


def _put_under_header(grid: Grid, table: Table, habit: Habit) -> None:
    if habit.unit_row:
        grid.rows.append(["元" if column.kind == "money" else None for column in table.columns])
    if habit.number_row:
        grid.rows.append([number + 1 for number in range(len(table.columns))])
    if habit.total == "top" and table.rows:
        grid.rows.append(_total_row(table.columns, table.rows, "合计"))


def _put_rows(grid: Grid, table: Table, habit: Habit, rng: Random, header: list[list[Cell]]) -> None:
    hands = [typist(column.kind, habit, rng) for column in table.columns]
    place = table.village_place()
    width = len(hands)
    last: Value | NumberCell | Formula = None
    since = len(grid.rows)
    pending: list[Row] = []
    for count, row in enumerate(table.rows):
        if habit.repeat_header and count and count % habit.repeat_header == 0:
            grid.rows.extend([list(line) for line in header])
        if len(row) < width:
            grid.rows.append([row[0], *[None] * (width - 1)])  # type: ignore[list-item]
            continue
        if place is not None and row[place] is not last:
            _close_village(grid, table, habit, place, since, pending)
            last, since, pending = row[place], len(grid.rows), []
            grid.rows.append([hand(value) for hand, value in zip(hands, row, strict=True)])
        else:
            cells = [hand(value) for hand, value in zip(hands, row, strict=True)]
            if place is not None and habit.village_style in {"blank", "merge"} and len(grid.rows) > since:
                cells[place] = None
            grid.rows.append(cells)
        pending.append(row)
    if place is not None:
        _close_village(grid, table, habit, place, since, pending)


def _close_village(grid: Grid, table: Table, habit: Habit, place: int, since: int, rows: list[Row]) -> None:
    if habit.village_style == "merge" and len(grid.rows) - since > 1 and not habit.repeat_header:
        grid.merges.append((since, place, len(grid.rows) - 1, place))
    if habit.subtotals and rows:
        grid.rows.append(_total_row(table.columns, rows, "小计"))


def _total_row(columns: Sequence[Column], rows: Sequence[Row], word: str) -> list[Cell]:
    cells: list[Cell] = [None] * len(columns)
    for place, column in enumerate(columns):
        if column.total:
            values = [row[place] for row in rows if len(row) > place]
            cells[place] = sum((value for value in values if isinstance(value, int | Decimal)), Decimal(0))
    cells[0] = word
    return cells


def _summed(total: list[Cell], first: int, last: int) -> list[Cell]:
    """The totals as the program reckons them, with what it last stored."""
    return [
        Formula(f"SUM({column_letters(place)}{first + 1}:{column_letters(place)}{last})", cell)
        if isinstance(cell, int | Decimal)
        else cell
        for place, cell in enumerate(total)
    ]


def _put_right_side(grid: Grid, habit: Habit, header: list[list[Cell]]) -> None:
    """Blank columns with formatting, and lists a form offers for choice."""
    if habit.trailing:
        for line in grid.rows:
            if line and line[0] == header[0][0]:
                line.extend([" "] * habit.trailing)
    if habit.helper:
        width = max(len(line) for line in grid.rows)
        for number, word in enumerate(("是", "否", "有", "无")):
            row = number + 4
            # a line that names the village below it would no longer stand alone
            if row < len(grid.rows) and sum(cell is not None for cell in grid.rows[row]) != 1:
                grid.rows[row].extend([None] * (width + 2 - len(grid.rows[row])))
                grid.rows[row].append(word)
