"""Merging two dossiers or two persons keeps prises en charge, vouchers, waiting lists, and who pays what (R12, R21, R29)."""

from __future__ import annotations

from decimal import Decimal

import frappe
import pytest

from concerto_education.billing.funders import statements, used
from concerto_education.families import api
from tests import billing_builders as build
from tests import builders as make
from tests import funding_builders as fund
from tests import merge_cases
from tests.merge_cases import pairs, totals

SEPTEMBER = "2026-09-01"
QUOTIENTS = frozenset({"Quotient"})  # a merge settles the two histories


@pytest.fixture(autouse=True)
def _one_transaction(one_billing_transaction):
	"""Runs stay in the transaction of the test."""


@pytest.fixture
def twins(site):
	"""Each dossier has a prise en charge and a voucher of one funder, used in September, and waits for a place."""
	case = merge_cases.twins()
	case.by = fund.funder()
	case.centre = fund.leisure()
	case.full = make.activity(units=("jour",))
	for number, side in enumerate((case.kept, case.dropped)):
		start, end = (("2026-09-01", "2026-12-31"), ("2027-01-01", "2027-08-31"))[number]
		side.funded = make.enrolment(
			side.family,
			case.centre,
			side.payer,
			pattern=[],
			valid_from=start,
			valid_to=end,
		)
		side.pec = fund.funding(side.funded, case.by)
		side.voucher = make.insert(
			"Voucher",
			funder=case.by.name,
			family=side.family.name,
			person=side.child.name,
			reference=build.unique("BON"),
			measure="Days",
			days=2,
			value=3,
			valid_from=start,  # one that holds in September, too, would rightly be used for it after the merge
			valid_to=end,
			kinds=[{"kind": "Leisure Centre, Wednesday"}],
		)
		side.waiting = make.insert(
			"Waiting List Entry",
			enrolment=side.enrolment.name,
			scope="Some Days",
			status="Waiting",
			requested_at="2026-09-01 10:00:00",
			days=[{"attendance_date": f"2026-12-0{number + 1}", "unit": "jour"}],
		)
	fund.attend(case.kept.funded, 4)
	fund.attend(case.dropped.funded, 3, days=[day.replace(year=2027, month=1) for day in build.SEPTEMBER])
	build.bill()
	return case


def _ledger() -> tuple[Decimal, int]:
	rows = frappe.get_all("Charge", fields=["amount"])
	return sum((Decimal(str(row.amount)) for row in rows), Decimal(0)), len(rows)


def test_R12_fundings_vouchers_and_waiting_of_the_dropped_dossier_are_the_kept_ones(twins):
	before, ledger = totals(QUOTIENTS), _ledger()
	assert before["Funding"][0] >= 2 and before["Voucher"][0] >= 2 and before["Waiting List Entry"][0] >= 2
	spent = [
		used.of(source)
		for side in (twins.kept, twins.dropped)
		for source in (side.pec.name, side.voucher.name)
	]
	kept, child = twins.kept.family.name, twins.kept.child.name

	api.merge_records("Family", kept, twins.dropped.family.name, pairs(twins))

	assert totals(QUOTIENTS) == before
	assert _ledger() == ledger
	for doctype in ("Funding", "Voucher", "Waiting List Entry"):
		rows = frappe.get_all(doctype, filters={"family": kept}, fields=["person"])
		assert [row.person for row in rows] == [child, child], doctype
	assert not merge_cases.everything_points_to("Family", twins.dropped.family.name)
	assert spent == [
		used.of(source)
		for side in (twins.kept, twins.dropped)
		for source in (side.pec.name, side.voucher.name)
	]


def test_R12_a_merge_bills_nothing_again_and_the_statement_stays_the_same(twins):
	statements.prepare(fund.month(SEPTEMBER))
	before = {row.name: row.total for row in frappe.get_all("Funder Statement", fields=["name", "total"])}
	assert before
	api.merge_records("Family", twins.kept.family.name, twins.dropped.family.name, pairs(twins))
	statements.prepare(fund.month(SEPTEMBER))
	after = {row.name: row.total for row in frappe.get_all("Funder Statement", fields=["name", "total"])}
	assert after == before
	ledger = _ledger()
	build.compute(month="2026-10-01")
	assert _ledger() == ledger, "September says the same as before: no régularisation"


def test_R12_two_persons_of_one_dossier_keep_what_is_paid_for_both(twins):
	before = totals(QUOTIENTS)
	api.merge_records("Person", twins.kept.child.name, twins.dropped.child.name)
	assert totals(QUOTIENTS) == before
	for doctype in ("Funding", "Voucher", "Waiting List Entry"):
		found = frappe.get_all(
			doctype,
			filters={"family": ("in", [twins.kept.family.name, twins.dropped.family.name])},
			pluck="person",
		)
		assert found == [twins.kept.child.name] * 2, doctype


def test_R12_the_funder_stays_one_payer_without_a_family(twins):
	of_funder = {"organisation": twins.by.name, "is_funder": 1}
	payer = frappe.db.get_value("Payer", of_funder)
	api.merge_records("Family", twins.kept.family.name, twins.dropped.family.name, pairs(twins))
	assert frappe.get_all("Payer", filters=of_funder, fields=["name", "family"]) == [
		{"name": payer, "family": None}
	]
