"""Manual adjustments and *application stricte* (R34): entered by a clerk, billed once, explained, withdrawn until then."""

import json
from decimal import Decimal

import frappe
import pytest

from concerto_education.authority.money import decimal_of
from concerto_education.billing.corrections import adjustments, errors
from tests import billing_builders as b
from tests import correction_builders as c
from tests import payment_builders as p


@pytest.fixture(autouse=True)
def one_transaction(one_billing_transaction):
	"""Nothing is committed."""


@pytest.fixture(autouse=True)
def november():
	with p.today():
		yield


@pytest.fixture
def home():
	"""Ten meals of September, 28.00, not billed yet."""
	home = b.household(qf=512)
	home.activity = b.canteen()
	home.enrolment = b.enrol(home, home.activity)
	b.attend(home.enrolment, b.SEPTEMBER[:10])
	return home


def D(text) -> Decimal:
	return Decimal(text)


def bill(home, month="2026-09-01"):
	run = b.bill(month)
	return b.invoice_of(run, home.payer)


class TestOnTheNextInvoice:
	def test_a_credit_is_a_line_of_its_own_with_its_reason(self, home):
		doc = c.adjustment(home, "4.50", home.activity, person=home.children[0])
		invoice = bill(home)
		line = next(line for line in invoice.lines if line.adjustment)
		assert (decimal_of(line.amount), line.explanation) == (D("-4.50"), "Geste commercial")
		assert (b.total(invoice), line.person) == (D("23.50"), home.children[0])
		doc.reload()
		assert (doc.status, doc.invoice) == ("Invoiced", invoice.name)
		c.check_sums(home.family)

	def test_a_charge_raises_it(self, home):
		c.adjustment(home, "4.50", home.activity, "Extra Charge")
		assert b.total(bill(home)) == D("32.50")

	def test_it_is_in_the_ledger_with_its_explanation(self, home):
		doc = c.adjustment(home, "4.50", home.activity)
		bill(home)
		charge = frappe.get_doc("Charge", {"adjustment": doc.name})
		assert (charge.entry, decimal_of(charge.amount)) == ("Adjustment", D("-4.50"))
		assert json.loads(charge.explanation)["steps"][0][1]["reason"] == "Geste commercial"

	def test_it_is_billed_once(self, home):
		c.adjustment(home, "4.50", home.activity)
		bill(home)
		b.attend(home.enrolment, b.OCTOBER)
		assert b.total(bill(home, "2026-10-01")) == D("28.00")

	def test_a_draft_that_is_made_again_takes_it_once(self, home):
		c.adjustment(home, "4.50", home.activity)
		run = b.compute()
		run = b.compute(run)
		assert b.total(b.invoice_of(run, home.payer)) == D("23.50")

	def test_a_family_without_attendance_gets_it_too(self, home):
		other = b.household()
		c.adjustment(other, "20.00", home.activity, "Extra Charge")
		run = b.bill()
		assert b.total(b.invoice_of(run, other.payer)) == D("20.00")

	def test_of_two_payers_only_the_one_it_names_gets_it(self):
		home, act = b.household(qf=512), b.canteen()
		home.doc.reload()
		father = b.second_payer(home)
		b.attend(b.enrol(home, act, payers=((home.payer, 50), (father, 50))), b.SEPTEMBER[:10])
		c.adjustment(home, "4.00", act, payer=father)
		run = b.bill()
		assert b.total(b.invoice_of(run, home.payer)) == D("14.00")
		assert b.total(b.invoice_of(run, father)) == D("10.00")

	def test_a_meal_is_no_adjustment(self, home):
		from concerto_education.billing import meals

		c.adjustment(home, "4.50", home.activity, person=home.children[0])
		bill(home)
		site = home.activity.sites[0].site
		days = [b.SEPTEMBER[0], b.SEPTEMBER[-1]]
		found = meals.billed([home.activity.name], [site], *days)
		assert all(len(persons) == 1 for persons in found.values())


class TestWithdrawn:
	def test_until_it_is_invoiced(self, home):
		doc = c.adjustment(home, "4.50", home.activity)
		adjustments.withdraw(doc.name, "Erreur de famille")
		doc.reload()
		assert (doc.status, doc.withdrawn_by, doc.withdraw_reason) == (
			"Withdrawn",
			frappe.session.user,
			"Erreur de famille",
		)
		assert b.total(bill(home)) == D("28.00")

	def test_not_afterwards(self, home):
		doc = c.adjustment(home, "4.50", home.activity)
		bill(home)
		with pytest.raises(errors.AdjustmentIsClosed):
			adjustments.withdraw(doc.name, "Erreur")

	def test_not_from_under_a_draft_that_would_be_issued_with_it(self, home):
		doc = c.adjustment(home, "4.50", home.activity)
		b.compute()
		with pytest.raises(errors.AdjustmentIsClosed):
			adjustments.withdraw(doc.name, "Erreur")

	def test_not_without_a_reason(self, home):
		doc = c.adjustment(home, "4.50", home.activity)
		with pytest.raises(errors.ReasonMissing):
			adjustments.withdraw(doc.name, " ")


class TestRefused:
	def test_changed_or_deleted(self, home):
		doc = c.adjustment(home, "4.50", home.activity)
		doc.reload()
		doc.amount = 5
		with pytest.raises((errors.AdjustmentIsClosed, frappe.CannotChangeConstantError)):
			doc.save()
		with pytest.raises(errors.AdjustmentIsClosed):
			frappe.delete_doc("Manual Adjustment", doc.name)

	def test_without_a_reason(self, home):
		with pytest.raises((errors.ReasonMissing, frappe.MandatoryError)):
			c.adjustment(home, "4.50", home.activity, reason=" ")

	@pytest.mark.parametrize("amount", ["0", "4.505"])
	def test_amounts_that_are_none(self, home, amount):
		with pytest.raises(errors.WrongAdjustment):
			c.adjustment(home, amount, home.activity)

	def test_a_child_of_somebody_else(self, home):
		other = b.household()
		with pytest.raises(errors.WrongAdjustment):
			c.adjustment(home, "4.50", home.activity, person=other.children[0])

	def test_a_state_that_the_form_sends(self, home):
		doc = c.adjustment(home, "4.50", home.activity, status="Invoiced", given_by="Guest")
		assert (doc.status, doc.given_by) == ("Waiting", frappe.session.user)


class TestStrictOrNot:
	"""28.00 of canteen; a credit of 5.00 under another imputation."""

	def bill_with(self, home, application: str, setting: int):
		frappe.db.set_single_value("Authority Settings", "strict_credit", setting)
		frappe.clear_document_cache("Authority Settings", "Authority Settings")
		code = b.imputation("7066-TEST")
		c.adjustment(home, "5.00", home.activity, imputation=code, application=application)
		return bill(home)

	@pytest.mark.parametrize(
		("application", "setting", "total"),
		[
			("Strict", 0, "28.00"),
			("Any Line", 1, "23.00"),
			("By Setting", 1, "28.00"),
			("By Setting", 0, "23.00"),
		],
	)
	def test_the_credit_says_it_else_the_setting(self, home, application, setting, total):
		assert b.total(self.bill_with(home, application, setting)) == D(total)

	def test_what_is_kept_is_shown_with_its_reason_and_used_later(self, home):
		invoice = self.bill_with(home, "Strict", 0)
		kept = next(line for line in invoice.lines if line.kind == "Credit Kept")
		assert decimal_of(kept.amount) == D("5.00") and kept.explanation
		line = next(line for line in invoice.lines if line.adjustment)
		assert "stricte" in line.explanation
		care = b.garderie()
		b.attend(b.enrol(home, care), b.OCTOBER, "Present", "soir")
		second = bill(home, "2026-10-01")
		used = next(line for line in second.lines if line.kind == "Carried Over")
		assert (decimal_of(used.amount), b.total(second)) == (D("-5.00"), D("10.00"))
		c.check_sums(home.family)
