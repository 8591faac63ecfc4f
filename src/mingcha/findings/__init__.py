"""Findings (疑点): one a rule and subject, with stable id, evidence and amount; numbers masked unless asked for."""

from mingcha.findings.build import Built, Named, Reveal, RuleHeader, RuleRows, build_findings, persons_named, rows_named
from mingcha.findings.ids import finding_id_2026, household_code_2026
from mingcha.findings.masking import mask_number
from mingcha.findings.sentences import finds_sentence

__all__ = [
    "Built",
    "Named",
    "Reveal",
    "RuleHeader",
    "RuleRows",
    "build_findings",
    "finding_id_2026",
    "finds_sentence",
    "household_code_2026",
    "mask_number",
    "persons_named",
    "rows_named",
]
