"""What changes after an invoice was issued comes back by itself (R34), and nothing else does."""

from decimal import Decimal

import frappe
import pytest

from concerto_education.billing import run as runs
from tests import billing_builders as b
from tests import builders
from tests.billing_builders import OCTOBER, SEPTEMBER


@pytest.fixture(autouse=True)
def one_transaction(one_billing_transaction):
	"""Nothing is committed."""


@pytest.fixture
def billed():
	"""A family whose September (15 meals, 42.00) is issued, and who ate ten times in October (28.00)."""
	home, canteen = b.household(), b.canteen()
	home.enrolment = b.enrol(home, canteen)
	home.september = b.attend(home.enrolment, SEPTEMBER[:15], "Present")
	home.october = b.attend(home.enrolment, OCTOBER, "Present")
	home.run = b.bill()
	assert b.total(b.invoice_of(home.run, home.payer)) == Decimal("42.00")
	return home


def adjustments(invoice):
	return [
		(line.quantity, b.decimal_of(line.amount), str(line.origin_month))
		for line in invoice.lines
		if line.is_adjustment
	]


def test_nothing_changed_nothing_corrected(billed):
	october = b.invoice_of(b.compute(month="2026-10-01"), billed.payer)
	assert b.total(october) == Decimal("28.00")
	assert adjustments(october) == []


def test_late_justified_absence(billed):
	"""R30, R34: an A that turns out to be AJ after the invoice is credited on the next one."""
	b.change(billed.september[3], "Justified")
	october = b.invoice_of(b.compute(month="2026-10-01"), billed.payer)
	assert b.total(october) == Decimal("25.20")
	assert adjustments(october) == [(-1, Decimal("-2.8"), "2026-09-01")]
	reversal = frappe.get_doc("Charge", {"family": billed.family, "entry": "Reversal"})
	original = frappe.get_doc("Charge", reversal.reverses)
	assert (original.amount, original.service_date) == (2.8, reversal.service_date)
	assert (reversal.amount, reversal.is_adjustment, reversal.invoice) == (-2.8, 1, october.name)


def test_late_presence(billed):
	"""R31: somebody who was not enrolled in time is charged on the next invoice, marked with the month."""
	b.attend(billed.enrolment, SEPTEMBER[15:16], "Present")
	october = b.invoice_of(b.compute(month="2026-10-01"), billed.payer)
	assert b.total(october) == Decimal("30.80")
	assert adjustments(october) == [(1, Decimal("2.8"), "2026-09-01")]


def test_new_quotient_with_an_earlier_date(billed):
	"""R14, R34: a lower QF from 1 September gives back the difference, meal by meal."""
	builders.quotient(billed.doc, 300, valid_from="2026-09-01", valid_to="2027-08-31")
	october = b.invoice_of(b.compute(month="2026-10-01"), billed.payer)
	assert sorted(adjustments(october)) == [
		(-15, Decimal("-42"), "2026-09-01"),
		(15, Decimal("33"), "2026-09-01"),
	]
	assert b.total(october) == 10 * Decimal("2.20") - 15 * Decimal("0.60")


def test_new_quotient_in_the_same_band_corrects_nothing(billed):
	"""R34: no money moves, so nothing is printed."""
	builders.quotient(billed.doc, 700, valid_from="2026-09-01", valid_to="2027-08-31")
	assert adjustments(b.invoice_of(b.compute(month="2026-10-01"), billed.payer)) == []


def test_enrolment_that_names_another_payer(billed):
	"""R22, R34: the first payer gets their money back, the other one is charged."""
	father = b.second_payer(billed)
	frappe.db.set_value("Enrolment Payer", {"parent": billed.enrolment.name}, "payer", father)
	run = b.compute(month="2026-10-01")
	assert b.total(b.invoice_of(run, billed.payer)) == Decimal("-42.00")
	assert b.total(b.invoice_of(run, father)) == Decimal("70.00")
	assert b.invoice_of(run, billed.payer).outcome == "Held"


def test_cancelled_enrolment_is_given_back(billed):
	"""A cancelled enrolment no longer counts, not even what was billed of it."""
	frappe.db.set_value("Enrolment", billed.enrolment.name, "status", "Cancelled")
	assert b.total(b.invoice_of(b.compute(month="2026-10-01"), billed.payer)) == Decimal("-42.00")


def test_deleted_attendance_is_given_back_and_the_same_planned_anew_is_not(billed):
	frappe.db.delete("Attendance", {"name": ("in", billed.september)})
	b.attend(billed.enrolment, SEPTEMBER[:14], "Present")
	october = b.invoice_of(b.compute(month="2026-10-01"), billed.payer)
	assert adjustments(october) == [(-1, Decimal("-2.8"), "2026-09-01")]


def test_correction_is_made_once(billed):
	"""R34: a correction that was invoiced is not made again, and can itself be corrected."""
	b.change(billed.september[3], "Justified")
	october = b.bill("2026-10-01")
	assert b.total(b.invoice_of(october, billed.payer)) == Decimal("25.20")
	b.attend(billed.enrolment, [SEPTEMBER[0].replace(month=11, day=2)], "Present")
	november = b.compute(month="2026-11-01")
	assert b.total(b.invoice_of(november, billed.payer)) == Decimal("2.80")
	b.change(billed.september[3], "Absent")  # the certificate was false: billed after all
	november = b.compute(november)
	assert adjustments(b.invoice_of(november, billed.payer)) == [(1, Decimal("2.8"), "2026-09-01")]
	assert sum(amount for _day, amount in b.ledger(billed.family)) == 26 * Decimal("2.80")


def test_held_credit_is_set_against_the_next_invoice(billed):
	"""R34, R35: an invoice below zero is not sent; it lowers the next one."""
	for name in [*billed.september, *billed.october]:
		b.change(name, "Justified")
	october = b.invoice_of(b.bill("2026-10-01"), billed.payer)
	assert (b.total(october), october.status, october.number) == (Decimal("-42.00"), "Held", None)
	days = [SEPTEMBER[0].replace(month=11, day=day) for day in range(1, 28)]
	b.attend(billed.enrolment, days, "Present")
	november = b.invoice_of(b.bill("2026-11-01"), billed.payer)
	assert b.total(november) == 27 * Decimal("2.80") - 42
	october.reload()
	assert (october.status, october.carried_to) == ("Carried Over", november.name)


def test_strict_credit_waits_for_its_own_imputation(billed):
	"""R34, application stricte: a canteen credit doesn't pay for the garderie; it is kept for the next canteen."""
	frappe.db.set_single_value("Authority Settings", "strict_credit", 1)
	for name in [*billed.september, *billed.october]:
		b.change(name, "Justified")
	evening = b.enrol(billed, b.garderie())
	b.attend(evening, OCTOBER, "Present")  # 10 × 1.50
	october = b.invoice_of(b.bill("2026-10-01"), billed.payer)
	assert (b.total(october), october.status) == (Decimal("15.00"), "Issued")
	kept = october.lines[-1]
	assert (kept.kind, kept.amount) == ("Credit Kept", 42)
	assert sum(b.amounts(october)) == b.total(october)

	days = [SEPTEMBER[0].replace(month=11, day=day) for day in range(1, 28)]
	b.attend(billed.enrolment, days, "Present")
	november = b.invoice_of(b.bill("2026-11-01"), billed.payer)
	assert b.total(november) == 27 * Decimal("2.80") - 42
	assert frappe.db.get_value("Invoice Line", kept.name, "carried_to") == november.name
	b.attend(billed.enrolment, [SEPTEMBER[0].replace(month=12, day=day) for day in range(1, 28)], "Present")
	december = b.invoice_of(b.bill("2026-12-01"), billed.payer)
	assert b.total(december) == 27 * Decimal("2.80"), "a credit is used once"


def test_history_before_the_first_run_is_never_billed():
	"""The software starts with the first month that is billed; what was before is somebody else's."""
	home, canteen = b.household(), b.canteen()
	enrolment = b.enrol(home, canteen)
	b.attend(enrolment, SEPTEMBER, "Present")
	b.attend(enrolment, OCTOBER, "Present")
	assert b.total(b.invoice_of(b.bill("2026-10-01"), home.payer)) == Decimal("28.00")


def test_how_far_a_run_looks_back(billed):
	"""R34: the setting says how many months a correction may be late."""
	frappe.db.set_single_value("Authority Settings", "lookback_months", 1)
	b.bill("2026-10-01")
	b.change(billed.september[0], "Justified")
	b.change(billed.october[0], "Justified")
	november = b.invoice_of(b.compute(month="2026-11-01"), billed.payer)
	assert adjustments(november) == [(-1, Decimal("-2.8"), "2026-10-01")]


def test_run_twice_gives_the_same(billed):
	"""A run that is repeated changes nothing but the names of the drafts."""
	run = b.compute(month="2026-10-01")
	first = [(i.payer, i.total, b.amounts(i)) for i in b.invoices(run)]
	count = frappe.db.count("Charge")
	again = b.compute(run)
	assert [(i.payer, i.total, b.amounts(i)) for i in b.invoices(again)] == first
	assert frappe.db.count("Charge") == count


def test_second_run_of_a_month_bills_only_who_was_not_billed(billed):
	"""R2: one invoice a month for a payer; who was left out can be billed after all."""
	late = b.household()
	b.attend(b.enrol(late, b.canteen()), SEPTEMBER[:6], "Present")
	b.change(billed.september[0], "Justified")
	run = b.compute(month="2026-09-01")
	assert [invoice.payer for invoice in b.invoices(run)] == [late.payer]


def test_sum_of_charges_is_sum_of_lines_is_total(billed):
	for name in frappe.get_all("Invoice", pluck="name"):
		invoice = frappe.get_doc("Invoice", name)
		charges = frappe.get_all("Charge", filters={"invoice": name}, pluck="amount")
		assert sum(map(b.decimal_of, charges)) == b.decimal_of(invoice.charged)
		assert sum(b.amounts(invoice)) == b.total(invoice)
		assert runs.ledger.decimal_of(invoice.charged) + b.decimal_of(invoice.carried_over) == b.total(
			invoice
		)
