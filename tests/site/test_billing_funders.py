"""Fundings and vouchers in the ledger (R21, R29): the family's part and the funder's part are the price, to the cent."""

from __future__ import annotations

from decimal import Decimal

import frappe
import pytest

from concerto_education.activities.funding import funders as payers
from concerto_education.activities.funding import steps
from concerto_education.authority.money import decimal_of
from concerto_education.billing.funders import batches, claims, statements
from concerto_education.billing.funders.errors import (
	InvalidBatchDate,
	StatementIsClaimed,
)
from concerto_education.billing.funders.used import of as used
from concerto_education.billing.letter import letter
from tests import billing_builders as build
from tests import funding_builders as fund

D = Decimal


@pytest.fixture(autouse=True)
def _one_transaction(one_billing_transaction):
	"""Runs stay in the transaction of the test."""


def scene(price=12, **home):
	house = build.household(**home)
	act = fund.leisure(price)
	enrolment = build.enrol(house, act)
	return house, act, enrolment


def invoice_of(run, house):
	name = frappe.db.get_value("Invoice", {"billing_run": run.name, "payer": house.payer})
	return name and frappe.get_doc("Invoice", name)


def owed(funder) -> Decimal:
	payer = payers.payer_of(funder.name)
	return sum((decimal_of(row.amount) for row in fund.charges(payer=payer)), D(0))


# ---------------------------------------------------------------- the ledger


def test_the_family_pays_the_rest_and_the_funder_its_part():
	house, _act, enrolment = scene()
	by = fund.funder()
	pec = fund.funding(enrolment, by)
	fund.attend(enrolment, 4)
	invoice = invoice_of(build.compute(), house)
	assert [(line.quantity, line.unit_price, line.amount, line.funding) for line in invoice.lines] == [
		(4, 12, 48, None),
		(4, -8, -32, pec.name),
	]
	assert invoice.total == 16 and owed(by) == 32
	assert by.organisation_name in invoice.lines[1].label and pec.reference in invoice.lines[1].label


def test_the_deduction_is_printed():
	house, _act, enrolment = scene()
	by = fund.funder()
	fund.funding(enrolment, by)
	fund.attend(enrolment, 4)
	page = letter(invoice_of(build.compute(), house))
	texts = [line.label for group in page.groups for line in group.lines]
	assert any(by.organisation_name in text for text in texts)
	assert page.total.startswith("16,00")


def test_two_payers_share_what_is_left():
	house, _act, _ = scene()
	act = fund.leisure()
	second = build.builders.person(house.doc.family_name, "Marc")
	house.doc.append("members", {"person": second.name, "role": "Representative 2"})
	house.doc.save()
	other = build.builders.payer(house.doc, second)
	enrolment = build.enrol(house, act, payers=((house.payer, 50), (other.name, 50)))
	by = fund.funder()
	fund.funding(enrolment, by, amount=7)
	fund.attend(enrolment, 4)
	run = build.compute()
	assert (fund.total_of(run, house.payer), fund.total_of(run, other.name)) == (10, 10)
	assert owed(by) == 28


def test_a_run_repeated_changes_nothing():
	house, _act, enrolment = scene()
	by = fund.funder()
	fund.funding(enrolment, by)
	fund.attend(enrolment, 4)
	run = build.compute()
	run = build.compute(run)
	assert owed(by) == 32
	assert fund.total_of(run, house.payer) == 16


def test_a_discarded_run_leaves_nothing_that_a_funder_owes():
	from concerto_education.billing import run as runs

	_house, _act, enrolment = scene()
	by = fund.funder()
	fund.funding(enrolment, by)
	fund.attend(enrolment, 4)
	runs.discard(build.compute().name)
	assert owed(by) == 0


def test_a_late_notification_becomes_a_regularisation_by_itself():
	"""R29, R34: active from September, entered after September was issued."""
	house, _act, enrolment = scene()
	fund.attend(enrolment, 4)
	september = build.bill()
	assert fund.total_of(september, house.payer) == 48
	by = fund.funder()
	fund.funding(enrolment, by)
	fund.attend(enrolment, 3, build.OCTOBER)
	october = build.compute(month="2026-10-01")
	lines = [
		(line.is_adjustment, line.amount, bool(line.funding)) for line in invoice_of(october, house).lines
	]
	assert lines == [(0, 36, False), (0, -24, True), (1, -32, True)]
	assert owed(by) == 56
	build.issue(october)
	empty = build.compute(month="2026-11-01")
	assert not frappe.db.exists("Charge", {"billing_run": empty.name, "enrolment": enrolment.name})


def test_a_funding_that_is_taken_back_is_charged_to_the_family():
	house, _act, enrolment = scene()
	by = fund.funder()
	pec = fund.funding(enrolment, by)
	fund.attend(enrolment, 4)
	build.bill()
	steps.move(pec, "Cancelled", "Décision retirée par le Département")
	run = build.compute(month="2026-10-01")
	assert fund.total_of(run, house.payer) == 32 and owed(by) == 0


def test_only_active_fundings_count():
	house, _act, enrolment = scene()
	by = fund.funder()
	fund.funding(enrolment, by, status="Notified")
	fund.attend(enrolment, 4)
	assert fund.total_of(build.compute(), house.payer) == 48
	assert not frappe.db.exists("Payer", {"organisation": by.name})


def test_the_ase_amount_appears_every_month():
	"""R21: a yearly quote of 30 € a month."""
	house, _act, enrolment = scene()
	fund.funding(enrolment, fund.funder(), basis="Per Month", amount=30)
	fund.attend(enrolment, 4)
	fund.attend(enrolment, 4, build.OCTOBER)
	first = build.bill()
	second = build.compute(month="2026-10-01")
	assert [fund.total_of(run, house.payer) for run in (first, second)] == [18, 18]


def test_a_cap_goes_on_from_months_that_are_no_longer_looked_at():
	house, _act, enrolment = scene()
	by = fund.funder()
	fund.funding(enrolment, by, cap=20)
	fund.attend(enrolment, 2)
	build.bill()
	frappe.db.set_single_value("Authority Settings", "lookback_months", 0)
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	fund.attend(enrolment, 3, build.OCTOBER)
	run = build.compute(month="2026-10-01")
	# 36 less the 4 that the cap has left, and 8 of September that were held en mairie (R35).
	assert owed(by) == 20 and fund.total_of(run, house.payer) == 40


def test_everything_taken_in_charge_leaves_nothing_due():
	house, _act, enrolment = scene()
	by = fund.funder()
	fund.funding(enrolment, by, basis="Percentage", percentage=100)
	fund.attend(enrolment, 3)
	invoice = invoice_of(build.bill(), house)
	assert (invoice.status, invoice.total) == ("Nothing Due", 0) and owed(by) == 36


def test_by_the_hour_counts_the_hours_of_the_service_or_names_the_problem():
	house, _act, enrolment = scene()
	by = fund.funder()
	pec = fund.funding(enrolment, by, basis="Per Hour", amount=1)
	fund.attend(enrolment, 2)
	run = build.compute()
	assert not invoice_of(run, house)
	assert any(pec.name in row.message for row in run.problems)


# ---------------------------------------------------------------- vouchers


def test_a_voucher_is_used_in_the_order_of_days_and_never_over_its_quota():
	house, _act, enrolment = scene()
	by = fund.funder("MSA", "MSA")
	bon = fund.voucher(house, by, days=2)
	fund.attend(enrolment, 4)
	run = build.bill()
	assert fund.total_of(run, house.payer) == 38 and used(bon.name) == (D("10.00"), 2)
	days = [str(row.service_date) for row in fund.charges(voucher=bon.name, payer=house.payer)]
	assert days == ["2026-09-01", "2026-09-03"]
	fund.attend(enrolment, 2, build.OCTOBER)
	october = build.compute(month="2026-10-01")
	assert fund.total_of(october, house.payer) == 24


def test_a_justified_absence_gives_the_day_of_the_voucher_back():
	house, _act, enrolment = scene()
	bon = fund.voucher(house, fund.funder("MSA", "MSA"), days=2)
	rows = fund.attend(enrolment, 3)
	build.bill()
	build.change(rows[0], "Justified")
	build.compute(month="2026-10-01")
	assert used(bon.name) == (D("10.00"), 2)
	total = frappe.db.get_value("Invoice", {"payer": house.payer, "month": "2026-10-01"}, "total")
	assert total == -12  # the meal comes back, the voucher's day moves to the third day


def test_other_kinds_of_activity_use_no_voucher():
	house, _act, enrolment = scene()
	fund.voucher(house, fund.funder("MSA", "MSA"), kinds=[{"kind": "Camp"}])
	fund.attend(enrolment, 2)
	assert fund.total_of(build.compute(), house.payer) == 24


# ---------------------------------------------------------------- statements and claims


def test_one_line_per_prise_en_charge_and_the_claim_is_an_invoice_to_the_funder():
	house, act, enrolment = scene(children=2)
	other = build.enrol(house, act, person=house.children[1])
	by = fund.funder()
	one, two = fund.funding(enrolment, by), fund.funding(other, by, amount=5)
	fund.attend(enrolment, 3), fund.attend(other, 2)
	build.bill()
	name = statements.prepare(fund.month())[0]
	doc = frappe.get_doc("Funder Statement", name)
	assert {(line.funding, line.days, line.total) for line in doc.lines} == {
		(one.name, 3, 24),
		(two.name, 2, 10),
	}
	invoice = frappe.get_doc("Invoice", claims.claim(name))
	payer = payers.payer_of(by.name)
	assert (invoice.payer, invoice.total, invoice.status, invoice.docstatus) == (payer, 34, "Issued", 1)
	assert invoice.number and invoice.statement == name and by.organisation_name in invoice.recipient
	assert {row.invoice for row in fund.charges(payer=payer)} == {invoice.name}
	with pytest.raises(StatementIsClaimed):
		claims.claim(name)
	assert statements.prepare(fund.month()) == []


def test_numbers_stay_gapless_over_runs_and_claims():
	_house, _act, enrolment = scene()
	by = fund.funder()
	fund.funding(enrolment, by)
	fund.attend(enrolment, 8)
	build.bill()
	claims.claim(statements.prepare(fund.month())[0])
	numbers = sorted(filter(None, frappe.get_all("Invoice", pluck="number")))
	years = {number[:4] for number in numbers}
	for year in years:
		mine = [int(number[5:]) for number in numbers if number.startswith(year)]
		assert mine == list(range(mine[0], mine[0] + len(mine)))


def test_a_claim_under_the_threshold_waits_for_the_next():
	"""R35 for funders too: 8 € in September, 16 € with October."""
	_house, _act, enrolment = scene()
	by = fund.funder()
	fund.funding(enrolment, by)
	fund.attend(enrolment, 1)
	build.bill()
	held = frappe.get_doc("Invoice", claims.claim(statements.prepare(fund.month())[0]))
	assert (held.status, held.number) == ("Held", None)
	fund.attend(enrolment, 1, build.OCTOBER)
	build.bill("2026-10-01")
	sent = frappe.get_doc("Invoice", claims.claim(statements.prepare(fund.month("2026-10-01"))[0]))
	held.reload()
	assert (sent.total, sent.status, held.status, held.carried_to) == (
		16,
		"Issued",
		"Carried Over",
		sent.name,
	)


def test_a_late_correction_is_in_the_line_of_its_funding():
	_house, _act, enrolment = scene()
	by = fund.funder()
	fund.funding(enrolment, by)
	rows = fund.attend(enrolment, 4)
	build.bill()
	claims.claim(statements.prepare(fund.month())[0])
	build.change(rows[0], "Justified")
	fund.attend(enrolment, 3, build.OCTOBER)
	build.bill("2026-10-01")
	doc = frappe.get_doc("Funder Statement", statements.prepare(fund.month("2026-10-01"))[0])
	assert [(line.amount, line.adjustments, line.total) for line in doc.lines] == [(24, -8, 16)]


def test_vouchers_wait_for_the_end_of_their_batch():
	house, _act, enrolment = scene()
	by = fund.funder("MSA", "MSA")
	fund.voucher(house, by, days=5)
	fund.attend(enrolment, 2)
	build.bill()
	assert statements.prepare(fund.month()) == []
	fund.attend(enrolment, 1, build.OCTOBER)
	build.bill("2026-10-01")
	frappe.db.set_single_value("Funding Settings", "voucher_batches", "31/10")
	doc = frappe.get_doc("Funder Statement", statements.prepare(fund.month("2026-10-01"))[0])
	assert (doc.kind, doc.total, [line.days for line in doc.lines]) == ("Vouchers", 15, [3])
	assert doc.lines[0].site == enrolment.site


@pytest.mark.parametrize("text", ["", "31/13", "30/02", "31-12", "31/12,"])
def test_the_end_of_a_batch_is_a_date(text):
	with pytest.raises(InvalidBatchDate):
		batches.parse(text)
	assert batches.parse("31/12, 31/03,30/06, 31/08") == [(3, 31), (6, 30), (8, 31), (12, 31)]


def test_a_draft_statement_that_is_deleted_gives_its_charges_back():
	_house, _act, enrolment = scene()
	by = fund.funder()
	fund.funding(enrolment, by)
	fund.attend(enrolment, 3)
	build.bill()
	first = statements.prepare(fund.month())[0]
	frappe.delete_doc("Funder Statement", first)
	again = frappe.get_doc("Funder Statement", statements.prepare(fund.month())[0])
	assert again.total == 24
	claims.claim(again.name)
	with pytest.raises(StatementIsClaimed):
		frappe.delete_doc("Funder Statement", again.name)
