"""Engines that run the rulebook, and the run itself."""

from mingcha.engines.base import Bounds, Engine
from mingcha.engines.cache import ResultCache, cache_key
from mingcha.engines.duckdb import DuckDBEngine
from mingcha.engines.run import RuleRun, run_on, run_rules
from mingcha.engines.tables import Tables

__all__ = ["Bounds", "DuckDBEngine", "Engine", "ResultCache", "RuleRun", "Tables", "cache_key", "run_on", "run_rules"]
