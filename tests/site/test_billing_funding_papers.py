"""Quotes of fundings, statements on paper and as a sheet (R21, R29)."""

from __future__ import annotations

import io

import frappe
import pytest
from openpyxl import load_workbook

from concerto_education.activities.funding import steps
from concerto_education.activities.funding.errors import FundingIncomplete, NothingToQuote, WrongFundingStep
from concerto_education.billing.funders import papers, quotes, statements
from tests import billing_builders as build
from tests import funding_builders as fund


@pytest.fixture(autouse=True)
def _one_transaction(one_billing_transaction):
	"""Runs stay in the transaction of the test."""


def scene(rule: str = "Planned Unless Justified", **values):
	house = build.household()
	enrolment = build.enrol(house, fund.leisure(rule=rule))
	by = fund.funder()
	return enrolment, by, fund.funding(enrolment, by, status="Requested", **values)


def test_a_quote_says_the_price_the_funders_part_and_the_familys():
	"""Also where only presences are billed: a quote takes the planned days as if the child came."""
	enrolment, by, pec = scene(rule="Present")
	fund.attend(enrolment, 5)
	quotes.make(pec)
	assert (pec.status, pec.quote_total, pec.quote_funded, pec.quote_family) == ("Quoted", 60, 40, 20)
	assert [(row.quantity, row.unit_price, row.amount) for row in pec.quote_lines] == [(5, 12, 60)]
	page = pec.quote_letter()
	assert page.recipient[0] == by.organisation_name and page.funded.startswith("40,00")
	files = frappe.get_all("File", filters={"attached_to_name": pec.name}, fields=["file_name", "is_private"])
	assert [(row.file_name.endswith(".pdf"), row.is_private) for row in files] == [(True, 1)]
	assert quotes.render(pec).startswith(b"%PDF")


def test_a_quote_writes_nothing_to_the_ledger_and_can_be_made_again():
	enrolment, _by, pec = scene()
	fund.attend(enrolment, 2)
	quotes.make(pec)
	first = pec.quote_number
	fund.attend(enrolment, 1, build.OCTOBER)
	quotes.make(pec)
	assert pec.quote_number != first and pec.quote_total == 36
	assert not frappe.db.exists("Charge", {"enrolment": enrolment.name})


def test_a_quote_counts_what_is_asked_of_others_before():
	enrolment, by, pec = scene(priority=2)
	fund.funding(enrolment, by, status="Requested", priority=1, amount=6)
	fund.attend(enrolment, 2)
	quotes.make(pec)
	assert (pec.quote_total, pec.quote_funded, pec.quote_family) == (24, 12, 0)


def test_a_quote_without_amount_is_refused():
	enrolment, _by, pec = scene(amount=0)
	fund.attend(enrolment, 2)
	with pytest.raises(FundingIncomplete):
		quotes.make(pec)


def test_a_quote_without_a_planned_day_is_refused():
	_enrolment, _by, pec = scene()
	with pytest.raises(NothingToQuote):
		quotes.make(pec)


def test_asked_for_more_than_the_price_is_said():
	enrolment, _by, pec = scene(amount=20)
	fund.attend(enrolment, 2)
	frappe.clear_messages()
	quotes.make(pec)
	assert pec.quote_funded == 24
	assert any("24,00" in str(message) for message in frappe.get_message_log())


def test_an_active_funding_gets_no_new_quote():
	enrolment, _by, pec = scene()
	fund.attend(enrolment, 2)
	steps.move(pec, "Notified"), steps.move(pec, "Active")
	with pytest.raises(WrongFundingStep):
		quotes.make(pec)


def test_the_statement_has_a_line_for_each_and_a_total_for_each_structure():
	by = fund.funder("MSA", "MSA")
	for count in (2, 3):
		house = build.household()
		enrolment = build.enrol(house, fund.leisure())
		fund.funding(enrolment, by, reference=f"REF-{count}")
		fund.attend(enrolment, count)
	build.bill()
	doc = frappe.get_doc("Funder Statement", statements.prepare(fund.month())[0])
	rows = list(load_workbook(io.BytesIO(papers.sheet(doc))).active.values)
	totals = sorted(row[-1] for row in rows[1:])
	assert len(rows) == 1 + 2 + 2 + 1 and totals == [16, 16, 24, 24, 40]
	assert papers.render(doc).startswith(b"%PDF")
	assert [site["days"] for site in papers.overview(doc)["sites"]] == [row.days for row in doc.lines]
