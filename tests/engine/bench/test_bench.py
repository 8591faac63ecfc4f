"""The benchmark measures the whole job; how fast it is, is not asserted."""

from __future__ import annotations

import json

from mingcha.bench import bench


def test_figures_of_a_village() -> None:
    figures = json.loads(json.dumps(bench("village")))
    assert figures["rows"] > 1000
    assert figures["findings"] > 0
    assert figures["changed_file"]
    assert set(figures["seconds"]) == {"simulate", "compare", "rules", "again", "after_one_file"}
    assert all(seconds >= 0 for seconds in figures["seconds"].values())
    assert set(figures["rule_seconds"]) >= {"R01", "R44"}
