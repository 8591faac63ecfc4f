"""The test accounts are what the other tests take them for."""

from __future__ import annotations

from typing import Any

from mingcha_web.access.policy import Reach


def test_every_account_can_log_in_and_sees_its_place(client: Any, make_case: Any, township_officer: Any) -> None:
    case = make_case()
    assert case.items.count() == 1
    assert township_officer.reach == Reach.TOWNSHIP
    answer = client.post("/login/", {"username": "town", "password": "城关-练习-2023"})
    assert answer.status_code == 302
