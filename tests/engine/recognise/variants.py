"""Header rows composed at random from a dataset's names: shuffled, padded, with noise columns."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.engine.recognise.sheets import Cell, account, id_number, person_name

from mingcha.datasets import Catalogue, Dataset, Field

#: Fields without which a sheet of this kind would hardly be told, besides the required ones.
TELLING = {
    "dibao_household": ("family_size",),
    "dibao_member": ("relation", "monthly_amount"),
    "tekun_person": ("self_care", "living_std"),
    "tekun_household": ("living_total",),
    "institution": ("beds", "residents"),
    "care_agreement": ("carer_name", "agreement_from", "agreement_to"),
    "low_income_household": ("insured_size", "first_month"),
    "low_income_member": ("relation", "first_month"),
    "temp_assistance": ("name", "id_no"),
    "payment": ("name", "id_no", "account_no"),
    "fund_ledger": ("arrived", "arrive_on"),
    "funeral": ("name", "cremation_date", "id_no"),
    "death_cancel": ("id_no", "death_date"),
    "child": ("guardian_name",),
    "disability_cert": ("disability_cert", "id_no"),
    "disability_subsidy": ("disability_level", "living_amount", "care_amount"),
    "hukou": ("household_no", "relation"),
    "pension": ("insurance_kind", "ins_status"),
    "employment": ("id_no", "unit", "reg_on", "unemp_on"),
    "fiscal_staff": ("identity", "salary"),
    "real_estate": ("id_no",),
    "vehicle": ("id_no", "plate_type"),
    "market_entity": ("id_no", "uscc"),
    "officer": ("village",),
    "kin_filing": (),
    "card_custody": ("will", "agreement"),
    "petition": ("petitioner", "case_no"),
    "hotline": ("caller_name", "received_at"),
    "dial_test": ("unit",),
    "problem": ("unit",),
    "poverty_monitor": ("risk1", "identified"),
    "severe_illness": ("hospital", "self_paid"),
    "visit_check": ("head_name", "house"),
    "third_party": ("head_name", "surveyed_on"),
    "disclosure": ("insured_size", "amount"),
    "standard": ("area",),
    "tier": ("criteria",),
    "hx_other": ("feedback_time", "fund_month", "check_no"),
    "warning_in": ("detail", "issued_on"),
    "application": ("name", "id_no", "accepted_on", "survey_on", "decided_on"),
    "notice": ("name", "id_no", "delivered_on", "doc_no"),
    "care_assessment": ("assessed_on", "failed", "assessors"),
    "submission": ("submitted_on", "due_on"),
    "match_run": ("compared", "suspects"),
    "referral": ("subject_name", "transferred_on", "transferred_to"),
}
_NOISE = ("编外情况一", "栏目甲乙", "打印序", "内部流转码", "经纬度")
_WORDS = {
    "money": lambda n: 100.0 + n * 7,
    "decimal": lambda n: 80.5 + n,
    "int": lambda n: 1 + n % 5,
    "percent": lambda n: f"{20 + n}%",
    "date": lambda n: f"2023-{1 + n % 9:02d}-{1 + n % 27:02d}",
    "datetime": lambda n: f"2023-{1 + n % 9:02d}-{1 + n % 27:02d} 09:30",
    "month": lambda n: f"20230{1 + n % 9}",
    "id18": id_number,
    "account": account,
    "phone": lambda n: f"138{(n * 104729) % 10**8:08d}",
    "cert": lambda n: f"{id_number(n)}4{1 + n % 4}",
    "uscc": lambda n: f"91411426MA3X{n % 10}Y2X4A",
    "name": person_name,
    "bool": lambda n: "是" if n % 2 else "否",
    "list": lambda n: f"{person_name(n)}、{person_name(n + 1)}",
    "code": lambda n: "411426100",
    "text": lambda n: "情况说明若干",
}


@dataclass(frozen=True)
class Variant:
    """A composed sheet: rows with the header first, and the field of each column ('' = noise)."""

    rows: list[list[Cell]]
    fields: tuple[str, ...]


def value(field: Field, catalogue: Catalogue, n: int) -> Cell:
    """A value as offices write it."""
    if field.codes:
        codes = catalogue.codes[field.codes].values
        return codes[n % len(codes)].label
    if field.id == "township":
        return ("城关镇", "会亭镇", "李集镇")[n % 3]
    if field.id == "village":
        return ("健民居委会", "王楼村", "许楼村")[n % 3]
    if field.id == "plate":
        return f"豫N{n % 10}A12{n % 9}"
    if field.type in {"division", "enum"}:
        return "夏邑县" if field.id == "county" else "其他情形"
    return _WORDS[field.type](n)


def compose(dataset: Dataset, catalogue: Catalogue, rng: random.Random) -> Variant:
    """One random sheet of a dataset."""
    must = {field.id for field in dataset.fields.values() if field.required} | set(TELLING[dataset.id])
    rest = [name for name in dataset.fields if name not in must]
    chosen = sorted(must) + rng.sample(rest, min(len(rest), rng.randint(0, 5)))
    names = [(name, _pad(rng.choice(_names(dataset.fields[name])), rng)) for name in chosen]
    names += [("", noise) for noise in rng.sample(_NOISE, rng.randint(0, 2))]
    rng.shuffle(names)
    rows: list[list[Cell]] = [[header for _, header in names]]
    rows += [[value(dataset.fields[name], catalogue, n) if name else f"甲{n}" for name, _ in names] for n in range(5)]
    return Variant(rows, tuple(name for name, _ in names))


def _names(field: Field) -> list[str]:
    return [field.header, *field.aliases]


def _pad(header: str, rng: random.Random) -> str:
    """Blanks, line breaks, asterisks, full-width brackets as offices type them."""
    style = rng.randrange(6)
    if style == 0 and len(header) == 2:
        return f"{header[0]}　{header[1]}"
    if style == 1:
        return f"*{header}"
    if style == 2 and len(header) > 3:
        return f"{header[:2]}\n{header[2:]}"
    if style == 3:
        return f" {header}："
    return header
