"""Engines that run the rulebook, and the run itself."""

from mingcha.engines.base import Bounds, Engine
from mingcha.engines.cache import ResultCache, cache_key
from mingcha.engines.duckdb import DuckDBEngine
from mingcha.engines.run import RuleRun, run_on, run_rules
from mingcha.engines.spark import SparkEngine, check_spark, spark_engine
from mingcha.engines.tables import Tables

__all__ = [
    "Bounds",
    "DuckDBEngine",
    "Engine",
    "ResultCache",
    "RuleRun",
    "SparkEngine",
    "Tables",
    "cache_key",
    "check_spark",
    "run_on",
    "run_rules",
    "spark_engine",
]
