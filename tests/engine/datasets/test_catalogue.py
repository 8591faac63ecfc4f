"""The packaged catalogue: what its files must hold together."""

from __future__ import annotations

import pytest

from mingcha.datasets import Dataset, columns_of, load_catalogue

CATALOGUE = load_catalogue()
EVERY = pytest.mark.parametrize("dataset", CATALOGUE.datasets.values(), ids=lambda dataset: dataset.id)


def test_forty_five_kinds_of_table() -> None:
    assert len(CATALOGUE.datasets) == 45  # docs/glossary.md says so
    assert len({dataset.item for dataset in CATALOGUE.datasets.values()}) == 45


@EVERY
def test_a_dataset_names_the_offices_that_supply_it_in_chinese(dataset: Dataset) -> None:
    assert dataset.offices
    assert len(set(dataset.offices)) == len(dataset.offices)
    assert all(office and all("一" <= char <= "鿿" for char in office) for office in dataset.offices)


@EVERY
def test_columns_of_the_lake_have_names_of_their_own(dataset: Dataset) -> None:
    names = [column.name for column in columns_of(dataset)]
    assert len(set(names)) == len(names)


@EVERY
def test_fields_name_code_lists_that_are_there_and_groups_name_fields(dataset: Dataset) -> None:
    assert all(field.codes is None or field.codes in CATALOGUE.codes for field in dataset.fields.values())
    assert {name for group in dataset.any_of for name in group} <= set(dataset.fields)


@pytest.mark.parametrize("list_id", CATALOGUE.codes)
def test_a_word_of_a_code_list_means_one_code(list_id: str) -> None:
    meanings: dict[str, str] = {}
    for code in CATALOGUE.codes[list_id].values:
        assert meanings.setdefault(code.label, code.code) == code.code
    assert len({code.code for code in CATALOGUE.codes[list_id].values}) == len(CATALOGUE.codes[list_id].values)


@pytest.mark.parametrize(
    ("list_id", "codes"),
    [
        ("decision", "approve refuse withdraw pending"),
        ("notice_kind", "stop cut raise refuse taper more"),
        ("stop_reason", "dead job income property moved prison refuse_work supporter voluntary other"),
        ("visit_purpose", "survey review sample case other"),
        ("assess_kind", "first change regular"),
        ("submission_kind", "kin custody summary self other"),
        ("match_kind", "death poverty disability illness hr housing vehicle market police fund other"),
        ("check_state", "true partly untrue open"),
    ],
)
def test_codes_that_rules_on_procedure_compare_with(list_id: str, codes: str) -> None:
    assert [code.code for code in CATALOGUE.codes[list_id].values] == codes.split()
