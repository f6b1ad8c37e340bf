"""Corrections where others are concerned: two payers, funders, held and carried-over invoices, runs, double clicks (R34)."""

from decimal import Decimal

import frappe
import pytest

from concerto_education.activities.funding import funders
from concerto_education.billing.corrections import api, errors, guards
from concerto_education.billing.errors import InvoiceIsImmutable
from concerto_education.billing.funders import claims, statements
from tests import billing_builders as b
from tests import correction_builders as c
from tests import funding_builders as fund
from tests import payment_builders as p


@pytest.fixture(autouse=True)
def one_transaction(one_billing_transaction):
	"""Nothing is committed."""


@pytest.fixture(autouse=True)
def november():
	with p.today("2026-11-24 10:00:00.123456"):  # as a real clock: with fractions of a second
		yield


def D(text) -> Decimal:
	return Decimal(text)


class TestTwoPayers:
	@pytest.fixture
	def parents(self):
		home = b.household(qf=512)
		home.activity = b.canteen()
		home.doc.reload()
		home.father = b.second_payer(home)
		home.enrolment = b.enrol(home, home.activity, payers=((home.payer, 50), (home.father, 50)))
		b.attend(home.enrolment, b.SEPTEMBER[:12])
		run = b.bill()
		home.invoice = b.invoice_of(run, home.payer).name
		home.other = b.invoice_of(run, home.father).name
		return home

	def test_the_part_of_one_is_cancelled_the_other_pays_his(self, parents):
		c.cancel_days(parents.invoice, "09-03")
		assert (p.outstanding(parents.invoice), p.outstanding(parents.other)) == (D("15.40"), D("16.80"))
		b.attend(parents.enrolment, b.OCTOBER)
		run = b.bill("2026-10-01")
		assert b.total(b.invoice_of(run, parents.payer)) == D("14.00")
		assert b.total(b.invoice_of(run, parents.father)) == D("14.00")
		c.check_sums(parents.family)

	def test_his_credit_note_does_not_settle_her_invoice(self, parents):
		done = c.cancel_days(parents.other, "09-03")
		assert c.value(done.credit_note, "payer") == parents.father
		assert p.outstanding(parents.invoice) == D("16.80")


class TestFunded:
	"""12.00 a day, of which the funder pays 8.00 (R21, R29)."""

	@pytest.fixture
	def funded(self):
		home = b.household()
		home.activity = fund.leisure(12)
		home.enrolment = b.enrol(home, home.activity)
		home.funder = fund.funder()
		home.funding = fund.funding(home.enrolment, home.funder).name
		fund.attend(home.enrolment, 5)
		home.invoice = b.invoice_of(b.bill(), home.payer).name
		return home

	def owed(self, home) -> Decimal:
		return c.charge_sum(payer=funders.payer_of(home.funder.name))

	def test_a_cancelled_day_takes_its_deduction_and_the_funders_part_along(self, funded):
		assert (c.total(funded.invoice), self.owed(funded)) == (D("20.00"), D("40.00"))
		day = c.positions(funded.invoice)[:1]
		done = c.correct(funded.invoice, c.request("Days", charges=day))
		note = frappe.get_doc("Invoice", done.credit_note)
		assert [line.amount for line in note.lines] == [D(-12), D(8)]
		assert (c.total(note.name), self.owed(funded)) == (D("-4.00"), D("32.00"))
		c.check_sums(funded.family)

	def test_the_statement_of_the_funder_says_so(self, funded):
		day = c.positions(funded.invoice)[:1]
		c.correct(funded.invoice, c.request("Days", charges=day))
		(name,) = statements.prepare(frappe.utils.getdate("2026-09-01"))
		assert frappe.get_doc("Funder Statement", name).total == D(32)

	def test_the_next_run_changes_nothing_for_either(self, funded):
		day = c.positions(funded.invoice)[:1]
		c.correct(funded.invoice, c.request("Days", charges=day))
		run = b.bill("2026-10-01")
		assert b.invoices(run, payer=funded.payer) == []
		assert self.owed(funded) == D("32.00")

	def test_billed_anew_at_once_both_pay_again(self, funded):
		done = c.cancel_all(funded.invoice, reissue="At Once")
		assert c.total(done.replacements[0]) == D("20.00")
		assert self.owed(funded) == D("40.00")
		run = b.bill("2026-10-01")
		assert b.invoices(run, payer=funded.payer) == []
		assert self.owed(funded) == D("40.00")

	def test_the_claim_to_the_funder_is_not_cancelled_here(self, funded):
		(name,) = statements.prepare(frappe.utils.getdate("2026-09-01"))
		with pytest.raises(errors.NotCorrectable):
			c.cancel_all(claims.claim(name))


class TestHeld:
	def test_what_is_taken_off_a_held_invoice_is_held_too(self):
		home = p.invoiced(days=4)  # 11.20, en mairie
		done = c.cancel_days(home.invoice, "09-03")
		note = frappe.get_doc("Invoice", done.credit_note)
		assert (note.status, note.number, note.outcome) == ("Held", None, "Held")
		second = p.october(home)
		assert c.total(second) == D("28.00") + D("11.20") - D("2.80")
		assert c.value(done.credit_note, "carried_to") == second
		c.check_sums(home.family)

	def test_cancelled_wholly_nothing_is_carried_over(self):
		home = p.invoiced(days=4)
		done = c.cancel_all(home.invoice)
		assert {p.status(home.invoice), p.status(done.credit_note)} == {"Cancelled"}
		assert c.total(p.october(home)) == D("28.00")

	def test_no_number_is_used_up(self):
		home = p.invoiced(days=4)
		c.cancel_all(home.invoice)
		assert (
			c.value(p.october(home), "number").endswith("000001") or c.value(home.invoice, "number") is None
		)


class TestCarriedOver:
	def test_the_credit_settles_the_invoice_that_took_it_over(self):
		home = p.invoiced(days=4)
		second = p.october(home)
		assert p.status(home.invoice) == "Carried Over"
		done = c.cancel_days(home.invoice, "09-03")
		assert (c.total(done.credit_note), c.value(done.credit_note, "status")) == (D("-2.80"), "Paid")
		assert p.outstanding(second) == D("36.40")
		c.check_sums(home.family)

	def test_the_whole_of_the_later_one_takes_the_carried_amount_with_it(self):
		home = p.invoiced(days=4)
		second = p.october(home)
		done = c.cancel_all(second)
		assert c.total(done.credit_note) == D("-39.20")
		assert (p.outstanding(second), p.status(second)) == (D(0), "Cancelled")
		assert c.charge_sum(family=home.family) == D(0)
		c.check_sums(home.family)


class TestRegularisations:
	def test_a_credit_of_the_invoice_stays_the_payers(self):
		"""October: 28.00 less 2.80 for a late AJ. Cancelled wholly, the 2.80 stay on the account."""
		home = p.invoiced()
		row = frappe.db.get_value("Attendance", {"enrolment": home.enrolment.name})
		b.change(row, "Justified")
		second = p.october(home)
		assert c.total(second) == D("25.20")
		done = c.cancel_all(second)
		assert (p.outstanding(second), p.outstanding(done.credit_note)) == (D(0), D("-2.80"))

	def test_what_a_run_took_back_is_not_credited_again(self):
		home = p.invoiced()
		row = frappe.db.get_value(
			"Attendance", {"enrolment": home.enrolment.name, "attendance_date": "2026-09-03"}
		)
		b.change(row, "Justified")
		p.october(home)
		assert c.left(home.invoice) == D("25.20")
		assert not c.positions(home.invoice, "09-03")


class TestRefused:
	def test_while_a_run_is_open(self):
		home = p.invoiced()
		b.attend(home.enrolment, b.OCTOBER)
		b.compute(month="2026-10-01")
		with pytest.raises(errors.RunIsOpen):
			c.cancel_days(home.invoice, "09-03")

	def test_a_draft(self):
		home = b.household()
		b.attend(b.enrol(home, b.canteen()), b.SEPTEMBER)
		run = b.compute()
		draft = frappe.get_doc("Invoice", b.invoice_of(run, home.payer).name)
		with pytest.raises(errors.NotCorrectable):
			guards.check(draft)

	def test_a_credit_note(self):
		done = c.cancel_all(p.invoiced().invoice)
		with pytest.raises(errors.NotCorrectable):
			c.cancel_all(done.credit_note)

	def test_without_a_reason(self):
		home = p.invoiced()
		with pytest.raises(errors.ReasonMissing):
			c.cancel_all(home.invoice, reason="  ")
		assert p.outstanding(home.invoice) == D("28.00")

	def test_the_next_run_for_days_before_its_window(self):
		home = p.invoiced()
		frappe.db.set_single_value("Authority Settings", "lookback_months", 0)
		with pytest.raises(errors.TooFarBack):
			c.cancel_days(home.invoice, "09-03", reissue="Next Run")

	def test_an_amount_is_not_billed_anew(self):
		home = p.invoiced()
		with pytest.raises(errors.UnknownChoice):
			c.credit(home.invoice, "5.00", reissue="At Once")

	def test_a_plain_cancel_of_the_document(self):
		doc = frappe.get_doc("Invoice", p.invoiced().invoice)
		with pytest.raises(InvoiceIsImmutable):
			doc.cancel()

	@pytest.mark.parametrize("doctype", ["Invoice Correction", "Charge Waiver"])
	def test_history_is_neither_edited_nor_deleted(self, doctype):
		home = p.invoiced()
		done = c.cancel_all(home.invoice)
		name = frappe.db.get_value(
			doctype, done.correction if doctype == "Invoice Correction" else {"correction": done.correction}
		)
		with pytest.raises(errors.CorrectionIsImmutable):
			frappe.get_doc(doctype, name).save()
		with pytest.raises(errors.CorrectionIsImmutable):
			frappe.delete_doc(doctype, name)


class TestOnce:
	def test_the_same_request_sent_twice_makes_one_credit_note(self):
		home = p.invoiced()
		request = c.request("Amount", amount=D("5.00"))
		first, second = c.correct(home.invoice, request), c.correct(home.invoice, request)
		assert first.credit_note == second.credit_note
		assert p.outstanding(home.invoice) == D("23.00")
		assert frappe.db.count("Invoice", {"credits": home.invoice}) == 1


class TestWhatIsShown:
	def test_the_dialog_lists_lines_and_days_with_what_is_left(self):
		home = p.invoiced()
		c.credit(home.invoice, "5.00")
		found = api.choices(home.invoice)
		(line,) = found["lines"]
		assert (found["left_cents"], line["left_cents"], len(line["days"])) == (2300, 2300, 10)
		assert (line["days"][0]["cents"], found["outstanding_cents"]) == (280, 2300)

	def test_the_history_says_who_what_and_why(self):
		home = p.invoiced()
		done = c.cancel_days(home.invoice, "09-03")
		for invoice in (home.invoice, done.credit_note):
			(row,) = api.corrections_of(invoice)
			assert row["reason"] == c.REASON and row["who"] and "2,80" in row["amount"]
			assert (row["waived"], row["credit_note"]["name"]) == (1, done.credit_note)

	def test_the_credit_note_prints_as_one(self):
		home = p.invoiced()
		done = c.cancel_days(home.invoice, "09-03")
		letter = frappe.get_doc("Invoice", done.credit_note).letter()
		assert letter.is_credit_note and letter.correction_reason == c.REASON
		assert letter.credits == c.value(home.invoice, "number")
		assert "2,80" in letter.total

	def test_who_has_sent_the_invoice_away_tells_the_clerk(self, monkeypatch):
		home = p.invoiced()
		real = frappe.get_hooks

		def hooks(name=None, *args, **kwargs):
			if name == "concerto_invoice_locked":
				return ["tests.site.test_billing_corrections_special.in_the_treasury"]
			return real(name, *args, **kwargs)

		monkeypatch.setattr(frappe, "get_hooks", hooks)
		monkeypatch.setattr(frappe, "get_attr", lambda path: lambda names: dict.fromkeys(names, "Au Trésor"))
		assert guards.locked([home.invoice]) == {home.invoice: "Au Trésor"}
