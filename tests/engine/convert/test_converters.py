"""Several sheets at once: results in order of asking, errors told, nothing left running."""

from __future__ import annotations

import threading

import duckdb
import pytest

from mingcha.intake.converters import AT_ONCE, WAITING, Converters, Typists


def _number(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute("SELECT 7").fetchone()
    assert row is not None
    return int(row[0])


def test_each_piece_has_a_connection_of_its_own() -> None:
    with duckdb.connect() as con:
        converters = Converters(con)
        meeting = threading.Barrier(AT_ONCE, timeout=20)

        def work(own: duckdb.DuckDBPyConnection) -> int:
            own.execute("CREATE TEMP TABLE mine AS SELECT 1 AS one")  # would clash on a shared connection
            meeting.wait()
            own.execute("DROP TABLE mine")
            return id(own)

        jobs = [converters.submit(work) for _ in range(AT_ONCE)]
        assert len({job.result() for job in jobs}) == AT_ONCE
        converters.close()


def test_an_error_reaches_whoever_asks_next() -> None:
    def fails(_: duckdb.DuckDBPyConnection) -> int:
        raise ValueError("壳坏了")

    with duckdb.connect() as con:
        converters = Converters(con)
        converters.submit(fails)
        with pytest.raises(ValueError, match="壳坏了"):
            for _ in range(AT_ONCE + WAITING):
                converters.submit(_number)
        converters.close()


def test_after_acts_once_all_pieces_are_done_or_dropped() -> None:
    acted: list[str] = []
    with duckdb.connect() as con:
        converters = Converters(con)
        converters.after([converters.submit(_number) for _ in range(3)], lambda: acted.append("done"))
        converters.after([], lambda: acted.append("none"))
        converters.close()
    assert sorted(acted) == ["done", "none"]


def test_stretches_are_typed_at_once_and_come_in_order() -> None:
    with duckdb.connect() as con:
        typists = Typists(con)
        meeting = threading.Barrier(AT_ONCE, timeout=20)

        def work(own: duckdb.DuckDBPyConnection, item: int) -> tuple[int, int]:
            meeting.wait()
            return item, _number(own)

        assert list(typists.each(work, range(2 * AT_ONCE))) == [(item, 7) for item in range(2 * AT_ONCE)]
        typists.close()


def test_an_error_of_a_stretch_reaches_the_sheet_and_the_others_go_on() -> None:
    def work(own: duckdb.DuckDBPyConnection, item: int) -> int:
        if item == 1:
            raise ValueError("壳坏了")
        return _number(own)

    with duckdb.connect() as con:
        typists = Typists(con)
        with pytest.raises(ValueError, match="壳坏了"):
            list(typists.each(work, range(3)))
        assert list(typists.each(work, [0])) == [7]
        typists.close()


def test_stretches_that_nobody_waits_for_any_more_do_not_run_on() -> None:
    running: list[int] = []
    ended: list[int] = []

    def work(own: duckdb.DuckDBPyConnection, item: int) -> int:
        running.append(item)
        own.execute("SELECT count(*) FROM range(3000000)").fetchall()
        ended.append(item)
        return item

    with duckdb.connect() as con:
        typists = Typists(con)
        found = typists.each(work, range(100))
        assert next(found) == 0
        found.close()
        assert sorted(running) == sorted(ended)
        assert len(ended) <= 2 * AT_ONCE
        typists.close()
