"""A township under construction with all its ways; each packet of rules has a file of ways of its own."""

from __future__ import annotations

from dataclasses import dataclass

from mingcha.simulate.model.ways_changes import ChangesWays
from mingcha.simulate.model.ways_ledgers import LedgersWays
from mingcha.simulate.model.ways_means import MeansWays
from mingcha.simulate.model.ways_procedure import ProcedureWays
from mingcha.simulate.model.ways_tekun import TekunWays


@dataclass
class Ground(MeansWays, ProcedureWays, ChangesWays, TekunWays, LedgersWays):
    """A township under construction, with ways into each programme, office and ledger."""
