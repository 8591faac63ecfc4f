"""The datasets offices exchange: fields, header names, code lists and the columns they become in the lake."""

from mingcha.datasets.catalogue import Catalogue, Code, CodeList, Dataset, Field, load_catalogue
from mingcha.datasets.columns import SYSTEM_COLUMNS, Column, columns_digest, columns_of, key_column

__all__ = [
    "SYSTEM_COLUMNS",
    "Catalogue",
    "Code",
    "CodeList",
    "Column",
    "Dataset",
    "Field",
    "columns_digest",
    "columns_of",
    "key_column",
    "load_catalogue",
]
