"""Invoices are cancelled, wholly or in part, by credit notes: to the cent, once, and for good (R34)."""

from decimal import Decimal

import frappe
import pytest

from concerto_education.authority.money import decimal_of
from concerto_education.billing.corrections import errors
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


def D(text) -> Decimal:
	return Decimal(text)


class TestTheWholeInvoice:
	def test_a_credit_note_of_the_same_series_settles_it(self):
		home = p.invoiced()
		done = c.cancel_all(home.invoice)
		note = frappe.get_doc("Invoice", done.credit_note)
		assert (note.kind, note.credits, note.docstatus, c.total(note.name)) == (
			"Credit Note",
			home.invoice,
			1,
			D("-28.00"),
		)
		before, after = c.value(home.invoice, "number"), note.number
		assert int(after.split("-")[1]) == int(before.split("-")[1]) + 1
		assert (p.outstanding(home.invoice), p.outstanding(note.name)) == (D(0), D(0))
		assert p.status(home.invoice) == "Cancelled"
		c.check_sums(home.family)

	def test_the_ledger_of_the_family_comes_to_zero(self):
		home = p.invoiced()
		c.cancel_all(home.invoice)
		assert c.charge_sum(family=home.family) == D(0)

	def test_what_was_paid_stays_as_a_credit_of_the_account(self):
		home = p.invoiced()
		p.pay(home, "28.00")
		done = c.cancel_all(home.invoice)
		assert p.outstanding(done.credit_note) == D("-28.00")
		assert p.status(home.invoice) == "Cancelled"

	def test_nothing_of_it_is_billed_again(self):
		home = p.invoiced()
		c.cancel_all(home.invoice)
		assert c.total(p.october(home)) == D("28.00")
		c.check_sums(home.family)

	def test_a_second_time_is_refused(self):
		home = p.invoiced()
		c.cancel_all(home.invoice)
		with pytest.raises(errors.NotCorrectable, match=r"Cancelled|Annulée"):
			c.cancel_all(home.invoice)

	def test_the_reason_is_kept_and_told_on_both(self):
		home = p.invoiced()
		done = c.cancel_all(home.invoice)
		correction = frappe.get_doc("Invoice Correction", done.correction)
		assert (correction.reason, correction.corrected_by) == (c.REASON, frappe.session.user)
		assert c.value(done.credit_note, "correction_reason") == c.REASON
		for name in (home.invoice, done.credit_note):
			texts = frappe.get_all(
				"Comment", filters={"reference_doctype": "Invoice", "reference_name": name}, pluck="content"
			)
			assert any(c.REASON in text for text in texts)


class TestDays:
	def test_only_the_chosen_days_are_credited(self):
		home = p.invoiced()
		done = c.cancel_days(home.invoice, "09-03", "09-04")
		note = frappe.get_doc("Invoice", done.credit_note)
		assert c.total(note.name) == D("-5.60")
		assert "3, 4 septembre" in note.lines[0].days
		assert (p.outstanding(home.invoice), p.status(home.invoice)) == (D("22.40"), "Issued")
		c.check_sums(home.family)

	def test_they_are_not_billed_again_by_themselves(self):
		home = p.invoiced()
		c.cancel_days(home.invoice, "09-03")
		assert c.total(p.october(home)) == D("28.00")

	def test_nor_does_a_new_quotient_bring_them_back(self):
		home = p.invoiced()
		c.cancel_days(home.invoice, "09-03")
		frappe.db.set_value("Quotient", {"family": home.family}, "value", 300)
		# Nine days of September at 2.20 instead of 2.80, and ten of October at 2.20.
		assert c.total(p.october(home)) == D("22.00") - D("5.40")
		c.check_sums(home.family)

	def test_a_day_is_credited_once(self):
		home = p.invoiced()
		day = c.positions(home.invoice, "09-03")
		c.cancel_days(home.invoice, "09-03")
		with pytest.raises(errors.UnknownChoice):
			c.correct(home.invoice, c.request("Days", charges=day))

	def test_a_day_of_another_invoice_is_refused(self):
		home, other = p.invoiced(), p.invoiced()
		with pytest.raises(errors.UnknownChoice):
			c.correct(home.invoice, c.request("Days", charges=c.positions(other.invoice, "09-03")))

	def test_released_it_is_billed_again_by_the_next_run(self):
		from concerto_education.billing.corrections import waivers

		home = p.invoiced()
		done = c.cancel_days(home.invoice, "09-03")
		assert waivers.release(done.correction) == 1
		assert c.total(p.october(home)) == D("30.80")


class TestAnAmount:
	def test_it_is_credited_beside_the_days(self):
		home = p.invoiced()
		done = c.credit(home.invoice, "5.00")
		assert c.total(done.credit_note) == D("-5.00")
		assert p.outstanding(home.invoice) == D("23.00")
		assert c.total(p.october(home)) == D("28.00")
		c.check_sums(home.family)

	def test_it_is_spread_by_imputation(self):
		home = b.household(qf=512)
		canteen, garderie = b.canteen(), b.garderie()
		b.attend(b.enrol(home, canteen), b.SEPTEMBER[:10])
		b.attend(b.enrol(home, garderie), b.SEPTEMBER[:10], "Present", "soir")
		run = b.bill()
		invoice = b.invoice_of(run, home.payer).name
		done = c.credit(invoice, "10.00")
		parts = {
			line.imputation: decimal_of(line.amount)
			for line in frappe.get_doc("Invoice", done.credit_note).lines
		}
		assert parts == {canteen.imputation: D("-6.51"), garderie.imputation: D("-3.49")}

	def test_more_than_is_left_is_refused(self):
		home = p.invoiced()
		c.cancel_days(home.invoice, "09-03")
		with pytest.raises(errors.CreditTooLarge, match="25,20"):
			c.credit(home.invoice, "25.21")
		c.credit(home.invoice, "25.20")
		assert c.left(home.invoice) == D(0)
		assert p.status(home.invoice) == "Cancelled"

	def test_days_and_amounts_never_credit_more_than_the_invoice(self):
		home = p.invoiced()
		c.credit(home.invoice, "20.00")
		c.cancel_days(home.invoice, "09-03", "09-04")
		with pytest.raises(errors.CreditTooLarge, match="2,40"):
			c.cancel_days(home.invoice, "09-07")

	def test_cancelling_the_rest_after_an_amount_credits_the_rest(self):
		home = p.invoiced()
		c.credit(home.invoice, "5.00")
		done = c.cancel_all(home.invoice)
		assert c.total(done.credit_note) == D("-23.00")
		assert c.charge_sum(family=home.family) == D(0)
		assert p.status(home.invoice) == "Cancelled"
		c.check_sums(home.family)


class TestBilledAnew:
	def test_by_the_next_run_with_the_facts_of_then(self):
		home = p.invoiced()
		c.cancel_days(home.invoice, "09-03", reissue="Next Run")
		frappe.db.set_value("Quotient", {"family": home.family}, "value", 300)
		second = p.october(home)
		# Nine days lowered by 0.60, one billed anew at 2.20, and October.
		assert c.total(second) == D("22.00") - D("5.40") + D("2.20")
		c.check_sums(home.family)

	def test_at_once_on_an_invoice_of_today(self):
		home = p.invoiced()
		frappe.db.set_value("Quotient", {"family": home.family}, "value", 300)
		done = c.cancel_all(home.invoice, reissue="At Once")
		(new,) = done.replacements
		assert (c.total(new), p.status(new), c.value(new, "kind")) == (D("22.00"), "Issued", "Invoice")
		assert p.outstanding(new) == D("22.00")
		assert c.charge_sum(family=home.family) == D("22.00")
		assert c.total(p.october(home)) == D("22.00")
		c.check_sums(home.family)

	def test_at_once_what_was_paid_pays_it(self):
		home = p.invoiced()
		p.pay(home, "28.00")
		frappe.db.set_value("Quotient", {"family": home.family}, "value", 300)
		done = c.cancel_all(home.invoice, reissue="At Once")
		assert p.outstanding(done.replacements[0]) == D(0)
		assert p.outstanding(done.credit_note) == D("-6.00")

	def test_at_once_to_the_payer_of_today(self):
		home = p.invoiced()
		home.doc.reload()
		father = b.second_payer(home)
		frappe.db.set_value("Enrolment Payer", {"parent": home.enrolment.name}, "payer", father)
		done = c.cancel_all(home.invoice, reissue="At Once")
		(new,) = done.replacements
		assert (c.value(new, "payer"), c.total(new)) == (father, D("28.00"))
		assert p.outstanding(home.invoice) == D(0)

	def test_what_cannot_be_priced_is_not_cancelled_either(self):
		home = p.invoiced()
		frappe.db.delete("Quotient", {"family": home.family})
		with pytest.raises(errors.NotBilledAnew):
			c.cancel_all(home.invoice, reissue="At Once")
