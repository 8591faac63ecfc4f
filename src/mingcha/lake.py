"""Rows that are made instead of read: written into a workspace the way intake writes what it reads.

``simulate`` knows what offices write and nothing of the lake. It hands over whole tables, a column a field, in words
and clear numbers; here they become what intake would have made of them: typed columns, pseudonyms, sealed numbers, a
delivery with its report. No cell is looked at on its own, so no row is refused or doubted, except where a number is
damaged.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from mingcha.datasets import Dataset, Field, columns_digest, columns_of, key_column, load_catalogue
from mingcha.errors import UsageError
from mingcha.intake.convert import REJECTS
from mingcha.intake.model import SheetReport
from mingcha.progress import Progress, Silent
from mingcha.simulate import Made, SimulationReport, simulate_province
from mingcha.snapshots import Workspace
from mingcha.values.ids import CHECKS
from mingcha.values.sql.base import ident, lit
from mingcha.values.sql.ids import check_sum
from mingcha.vault.pseudonyms import Pseudonymiser

#: As intake writes snapshots.
_ROW_GROUP = 122_880
_FIRST_ROW = 2  # below the header
_SECRETS = pa.schema([("kind", pa.string()), ("key", pa.int64()), ("value", pa.string())])


class WorkspaceLake:
    """A workspace that takes whole tables; a context manager. What was added becomes real in one step at its end.

    Raises WorkspaceError where the folder is something else or in use, UsageError where it already holds data.
    """

    def __init__(self, folder: Path) -> None:
        self._space = Workspace(folder, keep_originals=False)
        if self._space.deliveries:
            self._space.__exit__(None, None, None)
            raise UsageError(f"文件夹“{folder.name}”里已有数据。", remedy="请换一个空文件夹。")
        # tables of a province are made in SQL, their keys as well
        self._space.turn_persons_in_sql()
        self._change = self._space.begin()
        self._keys = Pseudonymiser.of(self._space.keys)
        self._guard = Lock()
        self._first = 0
        self._records: dict[int, tuple[str, dict[str, Any]]] = {}
        self.files = 0
        #: what does not fit in memory holds clear numbers: it lies with the change's other drafts and goes with them
        self.spill = self._change.staging / "spill"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                for _, (key, record) in sorted(self._records.items()):
                    self._change.add_delivery(key, record)
                self._change.commit()
            self._change.__exit__(kind, error, trace)
        finally:
            self._space.__exit__(kind, error, trace)

    def reserve(self, sheets: int) -> None:
        """Takes sheet numbers ahead, so that they do not depend on which county is done first."""
        numbers = [self._change.next_sheet_id() for _ in range(sheets)]
        self._first = numbers[0]

    def parameters(self) -> Mapping[str, bytes]:
        """Named parameters of statements that hold a key. They are the key: never print them."""
        return self._keys.parameters()

    def person_key(self, expr: str) -> str:
        """SQL of the pseudonym of a valid number."""
        return self._keys.person(expr)

    def account_key(self, expr: str) -> str:
        """SQL of the pseudonym of an account."""
        return self._keys.account(expr)

    def add(self, con: duckdb.DuckDBPyConnection, made: Made) -> None:
        """Takes a table as one file with one sheet."""
        dataset = load_catalogue().datasets[made.dataset]
        given = [row[0] for row in con.execute(f"DESCRIBE {made.table}").fetchall()]
        sheet_id = self._first + made.order
        token = hashlib.sha256(f"made {made.file}".encode()).hexdigest()
        snapshot = f"s{sheet_id:07d}-{token[:12]}"
        with self._guard:
            out = self._change.stage(self._space.snapshot(made.dataset, snapshot).path)
            rejects = self._change.stage(self._space.rejects_path(snapshot))
            segment = self._change.stage(self._space.vault.segment_path(snapshot))
        columns = _Columns(con, made, dataset, set(given), self._keys)
        self._write_snapshot(con, made, dataset, columns, sheet_id, out)
        pq.write_table(REJECTS.empty_table(), rejects)
        secrets = _secrets(con, made, columns, self._parameters_for) if made.is_sealed else _SECRETS.empty_table()
        self._space.vault.write_segment(segment, snapshot, secrets)
        report = _report(made, dataset, given, columns, snapshot, sheet_id)
        record: dict[str, Any] = {"file": made.file, "sha256": token, "sheets": [asdict(report)], "problems": []}
        record["columns"] = {dataset.id: columns_digest(dataset)}
        key = hashlib.sha256(json.dumps([token, made.file, "made"]).encode()).hexdigest()
        with self._guard:
            self._records[made.order] = (key, record)
            self.files += 1

    def _write_snapshot(
        self,
        con: duckdb.DuckDBPyConnection,
        made: Made,
        dataset: Dataset,
        columns: _Columns,
        sheet_id: int,
        out: Path,
    ) -> None:
        system = {
            "row_id": f"(CAST({sheet_id} AS BIGINT) << 38) | (made_row_no << 6)",
            "row_no": "made_row_no",
            "is_doubtful": columns.doubtful,
            "doubts": "NULL",
            "roll_month": lit(made.roll_month) if made.roll_month else "NULL",
            "county_name": lit(made.county) if made.county else "NULL",
        }
        found = {**system, **columns.found}
        selected = ", ".join(
            f"CAST({found.get(column.name, 'NULL')} AS {column.type}) AS {ident(column.name)}"
            for column in columns_of(dataset)
        )
        sql = f"""
            COPY (
                WITH made AS (SELECT *, row_number() OVER () + {_FIRST_ROW - 1} AS made_row_no FROM {made.table})
                SELECT {selected} FROM made
            )
            TO {lit(out.as_posix())} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP})
        """
        con.execute(sql, self._parameters_for(sql))

    def _parameters_for(self, sql: str) -> dict[str, bytes] | None:
        return self._keys.parameters() if "$ip" in sql else None


class _Columns:
    """Lake column → SQL over the table's columns.

    found     the columns the table gives
    secrets   (kind, key column, clear value) in SQL
    rows      how many; damaged: rows with a damaged number
    doubtful  SQL of whether a number of the row is damaged
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, made: Made, dataset: Dataset, given: set[str], keys: Pseudonymiser
    ) -> None:
        self._given, self._keys = given, keys
        self.found: dict[str, str] = {}
        self.secrets: list[tuple[str, str, str]] = []
        fields = [field for field in dataset.fields.values() if field.id in given]
        self._survey(con, made, fields)
        for field in fields:
            if field.type == "id18":
                self._id(field)
            else:
                self._plain(field)

    def _survey(self, con: duckdb.DuckDBPyConnection, made: Made, fields: list[Field]) -> None:
        """Looks through the table once: rows, damaged numbers (a key is given for valid ones alone), words."""
        numbers = [field.id for field in fields if field.type == "id18"]
        coded = [field.id for field in fields if field.type == "enum" and field.codes]
        damages = {name: f"({name} IS NOT NULL AND {name}__key IS NULL)" for name in numbers}
        asked = [f"count(*) FILTER ({damage})" for damage in damages.values()]
        asked += [f"list(DISTINCT {name})" for name in coded]
        any_damaged = " OR ".join(damages.values()) or "FALSE"
        told = con.execute(
            f"SELECT count(*), count(*) FILTER ({any_damaged}), {', '.join(asked) or 'NULL'} FROM {made.table}"
        ).fetchall()[0]
        self.rows, self.damaged = int(told[0]), int(told[1])
        self.doubtful = any_damaged if self.damaged else "FALSE"
        self._has_damaged = dict(zip(numbers, told[2:], strict=False))
        self._words = {name: told[2 + len(numbers) + at] or [] for at, name in enumerate(coded)}

    def _id(self, field: Field) -> None:
        name, stem = field.id, "id" if field.id == "id_no" else field.id.removesuffix("_id")
        key, flag, birth = f"{name}__key", "NULL", f"{name}__birth"
        if self._has_damaged[name]:
            damaged = f"({name} IS NOT NULL AND {key} IS NULL)"
            beside = next((each for each in _names_beside(name) if each in self._given), "NULL")
            key = f"CASE WHEN {damaged} THEN {self._keys.damaged(name, beside)} ELSE {key} END"
            flag = f"CASE WHEN {damaged} THEN {_fault(name)} END"
            birth = f"CASE WHEN {damaged} THEN {_day(name)} ELSE {birth} END"
        self.found |= {
            key_column(field): key,
            f"{stem}_is_valid": f"{name}__key IS NOT NULL",
            f"{stem}_flag": flag,
            f"{stem}_birth_date": birth,
            f"{stem}_sex": f"{name}__sex",
        }
        self.secrets.append(("person", key, name))

    def _plain(self, field: Field) -> None:
        name = field.id
        if field.type in {"account", "phone"}:
            make = self._keys.account if field.type == "account" else self._keys.phone
            given = f"{name}__key"
            key = given if given in self._given else make(name)
            self.found[key_column(field)] = key
            self.secrets.append((field.type, key, name))
        elif field.type == "cert":
            self.found |= {
                f"{name}_key": self._keys.certificate(name),
                f"{name}_person_key": f"{name}__key",
                f"{name}_type": f"substr({name}, 19, 1)",
                f"{name}_level": f"substr({name}, 20, 1)",
            }
            self.secrets.append(("cert", self.found[f"{name}_key"], name))
        elif field.type == "name":
            self.found |= {name: name, f"{name}_written": name}
        elif field.type == "date":
            self.found |= {name: name, f"{name}_precision": f"CASE WHEN {name} IS NOT NULL THEN 'day' END"}
        elif field.type == "month":
            self.found |= {name: name, f"{name}_months": f"CASE WHEN {name} IS NOT NULL THEN 1 END"}
        elif field.type == "enum" and field.codes:
            self.found |= {name: self._code(name, field.codes), f"{name}_text": name}
        else:
            self.found[name] = name

    def _code(self, name: str, codes: str) -> str:
        """SQL of the code behind a word; the words of the table are few."""
        known = _codes_of(codes)
        words = sorted(word for word in self._words[name] if word in known)
        branches = " ".join(f"WHEN {lit(word)} THEN {lit(known[word])}" for word in words)
        return f"CASE {name} {branches} END" if branches else "NULL"


@cache
def _codes_of(codes: str) -> dict[str, str]:
    """Word → code of a code list."""
    values = load_catalogue().codes[codes].values
    return {word: code.code for code in values for word in (code.label, *code.aliases)}


def _names_beside(name: str) -> tuple[str, ...]:
    """The fields that may name whom a number belongs to, as intake looks for them."""
    if name == "id_no":
        return ("name", "head_name")
    return (f"{name.removesuffix('_id')}_name",)


def _day(name: str) -> str:
    return f"TRY_CAST(substr({name}, 7, 4) || '-' || substr({name}, 11, 2) || '-' || substr({name}, 13, 2) AS DATE)"


def _fault(name: str) -> str:
    """What is wrong with a damaged number of digits."""
    body = f"TRY_CAST(left({name}, 17) AS BIGINT)"
    check = f"substr({lit(CHECKS)}, {check_sum(body)} + 1, 1)"
    return f"""CASE WHEN length({name}) <> 18 THEN 'length' WHEN {_day(name)} IS NULL THEN 'date'
        WHEN {check} <> substr({name}, 18, 1) THEN 'checksum' ELSE 'charset' END"""


def _secrets(
    con: duckdb.DuckDBPyConnection,
    made: Made,
    columns: _Columns,
    parameters_for: Callable[[str], dict[str, bytes] | None],
) -> pa.Table:
    """Clear values of all pseudonyms of the table: kind, key, value."""
    queries = [
        f"SELECT '{kind}' AS kind, {key} AS key, any_value({value}) AS value FROM {made.table} "
        f"WHERE {value} IS NOT NULL GROUP BY ALL"
        for kind, key, value in columns.secrets
    ]
    if not queries:
        return _SECRETS.empty_table()
    sql = f"SELECT kind, key, value FROM ({' UNION ALL '.join(queries)}) WHERE key IS NOT NULL"
    return con.sql(sql, params=parameters_for(sql)).to_arrow_table().cast(_SECRETS)


def _report(
    made: Made, dataset: Dataset, given: list[str], columns: _Columns, snapshot: str, sheet_id: int
) -> SheetReport:
    return SheetReport(
        file=made.file,
        sheet="",
        dataset=dataset.id,
        header_rows=(1,),
        columns={name: dataset.fields[name].header for name in given if name in dataset.fields},
        read=columns.rows,
        accepted=columns.rows - columns.damaged,
        doubtful=columns.damaged,
        rejected=0,
        skipped={},
        reasons={},
        doubts={"身份证号有误": columns.damaged} if columns.damaged else {},
        roll_month=made.roll_month,
        confidence=1.0,
        nearest=(),
        unfit=(),
        fingerprint="",
        notes=(),
        snapshot=snapshot,
        sheet_id=sheet_id,
    )


class CsvLake:
    """A folder that takes the same tables as CSV files, with the headers the datasets name; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = Lock()
        self.files = 0
        self.spill = folder / ".spill"

    def reserve(self, sheets: int) -> None:
        """Files need no numbers."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.spill, ignore_errors=True)

    def parameters(self) -> Mapping[str, bytes]:
        """None: nothing here is a pseudonym."""
        return {}

    def person_key(self, expr: str) -> str:
        """A number is written, so its key need only tell it is valid."""
        return f"CASE WHEN {expr} IS NOT NULL THEN CAST(1 AS BIGINT) END"

    def account_key(self, expr: str) -> str:
        """As person_key."""
        return f"CASE WHEN {expr} IS NOT NULL THEN CAST(1 AS BIGINT) END"

    def add(self, con: duckdb.DuckDBPyConnection, made: Made) -> None:
        """Writes a table as one file."""
        dataset = load_catalogue().datasets[made.dataset]
        described = con.execute(f"DESCRIBE {made.table}").fetchall()
        types = {row[0]: str(row[1]) for row in described if row[0] in dataset.fields}
        selected = ", ".join(
            f"{_as_written(name, kind)} AS {ident(dataset.fields[name].header)}" for name, kind in types.items()
        )
        path = self._folder / made.file
        path.parent.mkdir(parents=True, exist_ok=True)
        con.execute(f"COPY (SELECT {selected} FROM {made.table}) TO {lit(path.as_posix())} (FORMAT csv, HEADER)")
        with self._guard:
            self.files += 1


def _as_written(name: str, kind: str) -> str:
    return f"CASE {name} WHEN TRUE THEN '是' WHEN FALSE THEN '否' END" if kind == "BOOLEAN" else name


#: Where a province can be written to.
FORMS = ("snapshots", "csv")


def write_province(
    folder: Path, *, to: str, residents: int | None, seed: int, as_of: date, progress: Progress | None
) -> SimulationReport:
    """Simulates a province straight into a workspace (snapshots) or into CSV files.

    residents  None: the whole province
    Raises UsageError, WorkspaceError; the folder then holds no data.
    """
    if to not in FORMS:
        raise UsageError(f"没有“{to}”这种写法。", remedy="请从 snapshots、csv 中选择。")
    with (WorkspaceLake if to == "snapshots" else CsvLake)(folder) as lake:
        made = simulate_province(
            folder, lake, residents=residents, seed=seed, as_of=as_of, progress=progress or Silent()
        )
    return SimulationReport(
        folder=folder,
        as_of=as_of,
        files=lake.files,
        residents=made.residents,
        recipients=made.recipients,
        planted=made.planted,
        near_misses=made.near_misses,
        payments=made.payments,
    )
