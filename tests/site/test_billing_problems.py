"""Bad input: who can't be billed is named with the rule, and the others are billed."""

from decimal import Decimal

import frappe
import pytest

from concerto_education.billing import bill, ledger
from tests import billing_builders as b
from tests import builders
from tests.billing_builders import SEPTEMBER


@pytest.fixture(autouse=True)
def one_transaction(one_billing_transaction):
	"""Nothing is committed."""


@pytest.fixture
def fine():
	"""A family without any problem, who must be billed whatever the others do."""
	home = b.household()
	b.attend(b.enrol(home, b.canteen()), SEPTEMBER[:6], "Present")
	return home


def only_problem(run, family):
	rows = [row for row in run.problems if row.family == family]
	assert len(rows) == 1, [row.message for row in rows]
	assert not frappe.db.exists("Invoice", {"family": family})
	return rows[0]


def assert_billed(run, home):
	assert b.total(b.invoice_of(run, home.payer)) == Decimal("16.80")


def test_no_quotient(fine):
	"""R14: never priced with a guess. Six meals without a QF are one thing to mend."""
	home = b.household(qf=None)
	b.attend(b.enrol(home, b.canteen()), SEPTEMBER[:6], "Present")
	run = b.compute()
	row = only_problem(run, home.family)
	assert (row.rule, row.person, str(row.service_date)) == ("R14", home.children[0], "2026-09-01")
	assert "9999" in row.message
	assert "6" in row.message
	assert "Aucun" in row.message, "in French"
	assert run.problems_count == 1
	assert_billed(run, fine)


def test_quotient_that_ends_before_the_day(fine):
	"""R14: a gap in the history is no QF."""
	home = b.household(qf=None)
	builders.quotient(home.doc, 400, valid_from="2026-09-01", valid_to="2026-09-10")
	b.attend(b.enrol(home, b.canteen()), SEPTEMBER[:8], "Present")
	run = b.compute()
	assert str(only_problem(run, home.family).service_date) == "2026-09-11"
	assert_billed(run, fine)


def test_flat_price_needs_no_quotient():
	"""R26: an adult at lunch pays the same whatever the QF."""
	home = b.household(qf=None)
	b.attend(b.enrol(home, b.canteen(), home.parent, b.OTHERS), SEPTEMBER[:4], "Present")
	assert b.total(b.invoice_of(b.compute(), home.payer)) == Decimal("20.00")


def test_no_tariff_for_the_date(fine):
	"""R26: no tariff, no price."""
	activity = b.activity("Atelier", "TAP", "Present", (b.CHILD,), "7067-TEST")
	b.tariff(activity, price=4, valid_from="2026-09-10")
	home = b.household()
	b.attend(b.enrol(home, activity), SEPTEMBER[:8], "Present")
	run = b.compute()
	row = only_problem(run, home.family)
	assert (row.rule, str(row.service_date)) == ("R26", "2026-09-01")
	assert_billed(run, fine)


def test_no_payer(fine):
	"""R22: an enrolment without a payer."""
	home = b.household()
	enrolment = b.enrol(home, b.canteen())
	frappe.db.delete("Enrolment Payer", {"parent": enrolment.name})
	b.attend(enrolment, SEPTEMBER[:2], "Present")
	run = b.compute()
	assert only_problem(run, home.family).rule == "R22"
	assert_billed(run, fine)


def test_payer_of_another_family(fine):
	"""R2, R22: a payer of another dossier would get two invoices."""
	home = b.household()
	b.attend(b.enrol(home, b.canteen(), payers=((fine.payer, 100),)), SEPTEMBER[:2], "Present")
	run = b.compute()
	assert only_problem(run, home.family).rule == "R22"
	assert_billed(run, fine)


def test_day_outside_the_custody_calendar(fine):
	"""R19: a day that the calendar doesn't cover has no payer."""
	home = b.household()
	father = b.second_payer(home)
	calendar = builders.insert(
		"Custody Calendar",
		family=home.family,
		person=home.children[0],
		first_payer=home.payer,
		second_payer=father,
		valid_from="2026-09-10",
		rule="Even Weeks",
	)
	enrolment = b.enrol(
		home, b.canteen(), payers=((home.payer, 50), (father, 50)), custody_calendar=calendar.name
	)
	b.attend(enrolment, SEPTEMBER[:8], "Present")
	run = b.compute()
	assert str(only_problem(run, home.family).service_date) == "2026-09-01"
	assert_billed(run, fine)


def test_one_problem_holds_the_whole_family_back():
	"""A family is billed wholly or not at all: half an invoice would need a correction."""
	home = b.household(children=2)
	canteen = b.canteen()
	b.attend(b.enrol(home, canteen, home.children[0]), SEPTEMBER[:6], "Present")
	enrolment = b.enrol(home, canteen, home.children[1])
	frappe.db.delete("Enrolment Payer", {"parent": enrolment.name})
	b.attend(enrolment, SEPTEMBER[:1], "Present")
	run = b.compute()
	only_problem(run, home.family)
	assert run.invoices_count == 0


def test_mended_family_is_billed_by_the_next_computation(fine):
	home = b.household(qf=None)
	b.attend(b.enrol(home, b.canteen()), SEPTEMBER[:6], "Present")
	run = b.compute()
	assert run.problems_count == 1
	builders.quotient(home.doc, 300, valid_from="2026-09-01", valid_to="2027-08-31")
	run = b.compute(run)
	assert (run.problems_count, run.problems) == (0, [])
	assert b.total(b.invoice_of(run, home.payer)) == Decimal("13.20")


def test_unexpected_error_is_logged_listed_and_harms_nobody_else(fine, monkeypatch):
	home = b.household()
	b.attend(b.enrol(home, b.canteen()), SEPTEMBER[:6], "Present")
	real = bill.derive

	def derive(facts, context):
		facts = list(facts)
		if any(fact.family == home.family for fact in facts):
			raise ZeroDivisionError("what nobody foresaw")
		return real(facts, context)

	monkeypatch.setattr(bill, "derive", derive)
	run = b.compute()
	assert "what nobody foresaw" in only_problem(run, home.family).message
	assert frappe.db.exists("Error Log", {"reference_name": home.family})
	assert_billed(run, fine)


def test_row_that_the_database_refuses_harms_nobody_else(fine, monkeypatch):
	home = b.household()
	b.attend(b.enrol(home, b.canteen()), SEPTEMBER[:6], "Present")
	real = ledger._Rows.add

	def add(self, family_bill):
		real(self, family_bill)
		if family_bill.family == home.family:
			self.charges[-1] = ("x" * 200, *self.charges[-1][1:])  # a name that doesn't fit

	monkeypatch.setattr(ledger._Rows, "add", add)
	run = b.compute()
	only_problem(run, home.family)
	assert not frappe.db.exists("Charge", {"family": home.family})
	assert_billed(run, fine)
