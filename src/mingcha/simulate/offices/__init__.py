"""The offices and what they hand in: one function an office's kind of sheet, in the order of writing."""

from __future__ import annotations

from mingcha.simulate.offices.applications import applications
from mingcha.simulate.offices.assessments import assessments
from mingcha.simulate.offices.cadres import cards, filings, officers, visits
from mingcha.simulate.offices.checks import (
    employment,
    illness,
    market,
    money_checks,
    other_checks,
    pensions,
    real_estate,
    vehicles,
)
from mingcha.simulate.offices.county import complaints, disclosures, problems, standards, watched
from mingcha.simulate.offices.deaths import cancellations, funerals
from mingcha.simulate.offices.desk import Desk, Office
from mingcha.simulate.offices.dibao import dibao_rolls
from mingcha.simulate.offices.disabled import certificates, subsidies
from mingcha.simulate.offices.finance import bank_returns, fiscal_staff, fund_ledger, payments
from mingcha.simulate.offices.neighbours import foreign_rolls
from mingcha.simulate.offices.notices import notices
from mingcha.simulate.offices.returns import returns
from mingcha.simulate.offices.tekun import tekun_rolls
from mingcha.simulate.offices.welfare import children, near_poor, temporary
from mingcha.simulate.write.books import Book

OFFICES: tuple[Office, ...] = (
    dibao_rolls,
    tekun_rolls,
    children,
    near_poor,
    temporary,
    certificates,
    subsidies,
    payments,
    bank_returns,
    fund_ledger,
    fiscal_staff,
    funerals,
    cancellations,
    officers,
    filings,
    cards,
    visits,
    standards,
    disclosures,
    complaints,
    problems,
    watched,
    pensions,
    employment,
    real_estate,
    vehicles,
    market,
    illness,
    other_checks,
    money_checks,
    foreign_rolls,
    applications,
    notices,
    assessments,
    returns,
)

__all__ = ["OFFICES", "Book", "Desk", "Office"]
