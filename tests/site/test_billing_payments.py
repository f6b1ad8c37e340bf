"""Payments, credits on account, cancellations, refunds (R42)."""

from decimal import Decimal

import frappe
import pytest

from concerto_education.authority.money import decimal_of
from concerto_education.billing.payments import (
	accounts,
	allocation,
	balance,
	disputes,
	errors,
	find,
	receive,
	refunds,
)
from concerto_education.billing.payments import statement as statements
from tests import billing_builders as b
from tests import payment_builders as p
from tests.payment_builders import invoiced, october, outstanding, pay, refund, settled, status, unallocated


@pytest.fixture(autouse=True)
def one_transaction(one_billing_transaction):
	"""Nothing is committed."""


@pytest.fixture(autouse=True)
def november():
	with p.today():
		yield


def D(text) -> Decimal:
	return Decimal(text)


class TestPaying:
	def test_issuing_says_what_is_due(self):
		home = invoiced()
		assert outstanding(home.invoice) == D("28.00")

	def test_the_whole_amount_pays_the_invoice(self):
		home = invoiced()
		payment = pay(home, "28.00")
		assert (outstanding(home.invoice), status(home.invoice)) == (D(0), "Paid")
		assert unallocated(payment) == 0
		assert payment.received_by == frappe.session.user
		assert payment.family == home.family

	def test_a_part_leaves_the_rest_due(self):
		home = invoiced()
		pay(home, "10.50")
		assert (outstanding(home.invoice), status(home.invoice)) == (D("17.50"), "Issued")
		assert balance.of_payers([home.payer])[home.payer] == D("17.50")

	def test_the_oldest_invoice_is_settled_first(self):
		home = invoiced()
		second = october(home)
		pay(home, "30.00")
		assert (outstanding(home.invoice), outstanding(second)) == (D(0), D("26.00"))

	def test_chosen_invoices_are_settled_instead(self):
		home = invoiced()
		second = october(home)
		pay(home, "30.00", amounts={second: D("28.00")})
		assert (outstanding(home.invoice), outstanding(second)) == (D("28.00"), D(0))
		assert balance.details("payer", [home.payer])[home.payer].credit == D("2.00")

	def test_more_than_is_due_on_a_chosen_invoice_is_refused(self):
		home = invoiced()
		with pytest.raises(errors.NotAllocatable):
			pay(home, "30.00", amounts={home.invoice: D("28.01")})

	def test_an_invoice_of_somebody_else_is_refused(self):
		home, other = invoiced(), b.household()
		with pytest.raises(errors.NotAllocatable):
			receive.record(
				other.payer, D(5), frappe.utils.getdate("2026-11-02"), p.CASH, amounts={home.invoice: D(5)}
			)

	def test_an_overpayment_stays_and_pays_the_next_invoice_by_itself(self):
		home = invoiced()
		payment = pay(home, "40.00")
		assert unallocated(payment) == D("12.00")
		assert balance.of_payers([home.payer])[home.payer] == D("-12.00")
		second = october(home)
		assert (outstanding(second), unallocated(payment)) == (D("16.00"), D(0))

	def test_credits_wait_when_the_settings_say_so(self):
		frappe.db.set_single_value("Payment Settings", "use_credits", 0)
		home = invoiced()
		pay(home, "40.00")
		second = october(home)
		assert outstanding(second) == D("28.00")
		allocation.apply_credits([home.payer])
		assert outstanding(second) == D("16.00")

	def test_a_request_that_arrives_twice_is_one_payment(self):
		home = invoiced()
		first = pay(home, "10.00", entry_id="abc")
		assert pay(home, "10.00", entry_id="abc").name == first.name
		assert outstanding(home.invoice) == D("18.00")

	def test_a_payer_that_was_merged_into_another_shares_its_account(self):
		home, old = invoiced(), b.household()
		frappe.db.set_value("Payer", home.payer, {"merged_into": old.payer})
		receive.record(old.payer, D("28.00"), frappe.utils.getdate("2026-11-02"), p.CASH)
		assert outstanding(home.invoice) == 0

	def test_an_invoice_is_paid_on_the_day_of_the_money_never_before_it_was_issued(self):
		"""Certificates of a year depend on it."""
		home = invoiced()
		pay(home, "30.00", "2026-11-02")
		second = october(home)
		days = {
			row.invoice: str(row.allocation_date)
			for row in frappe.get_all("Allocation", {"payer": home.payer}, ["invoice", "allocation_date"])
		}
		assert days == {home.invoice: "2026-11-02", second: "2026-11-15"}


class TestRefusals:
	@pytest.mark.parametrize("amount", ["0", "-3", "1.005", "1000000"])
	def test_amounts(self, amount):
		with pytest.raises(errors.InvalidAmount):
			pay(b.household(), amount)

	@pytest.mark.parametrize("day", ["2026-11-25", "2025-01-01"])
	def test_dates(self, day):
		with pytest.raises(errors.InvalidPaymentDate):
			pay(b.household(), "5", day)

	def test_a_cheque_has_a_number(self):
		with pytest.raises(errors.ReferenceMissing):
			pay(b.household(), "5", method=p.CHEQUE)

	def test_direct_debits_come_from_their_files(self):
		with pytest.raises(errors.MethodNotByHand):
			pay(b.household(), "5", method="Prélèvement")

	def test_the_same_cheque_twice_is_asked_about(self):
		home = b.household()
		pay(home, "5", method=p.CHEQUE, reference="0012345")
		with pytest.raises(errors.DuplicatePayment):
			pay(home, "5", "2026-11-10", p.CHEQUE, reference="0012345")
		assert pay(home, "5", "2026-11-10", p.CHEQUE, reference="0012345", twice=True).name

	def test_a_payment_is_not_edited_but_its_note(self):
		payment = pay(b.household(), "5")
		payment.reload()
		payment.note = "Remis en main propre"
		payment.save()
		payment.reload()
		payment.amount = 6
		with pytest.raises((errors.PaymentIsImmutable, frappe.CannotChangeConstantError)):
			payment.save()
		payment.reload()
		payment.unallocated = 0
		with pytest.raises(errors.PaymentIsImmutable):
			payment.save()
		with pytest.raises(errors.PaymentIsImmutable):
			frappe.delete_doc("Payment", payment.name)

	def test_an_allocation_is_never_changed(self):
		home = invoiced()
		pay(home, "5")
		row = frappe.get_last_doc("Allocation", {"invoice": home.invoice})
		with pytest.raises(errors.AllocationIsImmutable):
			row.save()
		with pytest.raises(errors.AllocationIsImmutable):
			frappe.delete_doc("Allocation", row.name)


class TestCancelling:
	def test_a_bounced_cheque_makes_counter_rows_and_the_invoice_is_due_again(self):
		home = invoiced()
		payment = pay(home, "28.00", method=p.CHEQUE, reference="77")
		assert receive.cancel(payment.name, "Chèque impayé") == [home.invoice]
		assert (outstanding(home.invoice), status(home.invoice)) == (D("28.00"), "Issued")
		assert settled(home.invoice) == 0
		rows = frappe.get_all("Allocation", filters={"invoice": home.invoice}, fields=["*"])
		assert sorted(float(row.amount) for row in rows) == [-28.0, 28.0]
		payment.reload()
		assert (payment.status, payment.cancel_reason, payment.unallocated) == (
			"Cancelled",
			"Chèque impayé",
			0,
		)
		assert balance.of_payers([home.payer])[home.payer] == D("28.00")

	def test_a_sent_invoice_is_sent_again_and_not_new(self):
		home = invoiced()
		frappe.db.set_value("Invoice", home.invoice, "status", "Sent")
		payment = pay(home, "28.00")
		receive.cancel(payment.name, "Erreur")
		assert status(home.invoice) == "Sent"

	def test_without_a_reason_or_twice_is_refused(self):
		payment = pay(b.household(), "5")
		with pytest.raises(errors.ReasonMissing):
			receive.cancel(payment.name, " ")
		receive.cancel(payment.name, "Erreur de saisie")
		with pytest.raises(errors.AlreadyCancelled):
			receive.cancel(payment.name, "Erreur de saisie")

	def test_not_before_it_was_received(self):
		payment = pay(b.household(), "5")
		with pytest.raises(errors.InvalidPaymentDate):
			receive.cancel(payment.name, "Erreur", frappe.utils.getdate("2026-11-01"))

	def test_another_credit_steps_in(self):
		home = invoiced()
		cheque = pay(home, "28.00", method=p.CHEQUE, reference="1")
		cash = pay(home, "20.00")
		receive.cancel(cheque.name, "Impayé")
		assert (outstanding(home.invoice), unallocated(cash)) == (D("8.00"), D(0))


class TestRefunds:
	def test_a_credit_is_paid_back_and_can_come_back(self):
		home = invoiced()
		payment = pay(home, "40.00")
		back = refund(home, "12.00")
		assert unallocated(payment) == 0
		assert balance.of_payers([home.payer])[home.payer] == 0
		refunds.cancel(back.name, "IBAN clos")
		assert unallocated(payment) == D("12.00")
		with pytest.raises(errors.AlreadyCancelled):
			refunds.cancel(back.name, "encore")

	def test_never_more_than_the_credit(self):
		home = invoiced()
		pay(home, "40.00")
		with pytest.raises(errors.RefundTooLarge):
			refund(home, "12.01")

	def test_what_was_paid_back_is_not_cancelled(self):
		home = invoiced()
		payment = pay(home, "40.00")
		refund(home, "12.00")
		with pytest.raises(errors.RefundInTheWay):
			receive.cancel(payment.name, "Impayé")


class TestCreditNotes:
	"""What corrections write (R34): an invoice with a negative total."""

	def note(self, home, total):
		name = frappe.generate_hash(length=10)
		doc = frappe.get_doc("Invoice", home.invoice).as_dict()
		values = {
			"doctype": "Invoice",
			**{field: doc[field] for field in ("title", "payer", "family", "month", "outcome")},
			"name": name,
			"number": f"T-{name}",
			"status": "Issued",
			"total": total,
			"issue_date": "2026-11-10",
			"docstatus": 1,
		}
		frappe.get_doc(values).db_insert()
		allocation.open_invoices([name])
		return name

	def test_it_settles_its_invoice_and_what_is_left_pays_the_next(self):
		home = invoiced()
		pay(home, "20.00")
		note = self.note(home, "-28.00")
		assert allocation.allocate_credit(note, home.invoice, D("28.00")) == D("8.00")
		assert (outstanding(home.invoice), outstanding(note)) == (D(0), D("-20.00"))
		assert balance.of_payers([home.payer])[home.payer] == D("-20.00")
		second = october(home)
		assert (outstanding(second), outstanding(note)) == (D("8.00"), D(0))

	def test_what_is_left_of_it_can_be_paid_back(self):
		home = invoiced()
		pay(home, "28.00")
		note = self.note(home, "-5.60")
		assert allocation.allocate_credit(note, home.invoice, D("5.60")) == 0
		refund(home, "5.60")
		assert outstanding(note) == 0


class TestStatement:
	def test_every_movement_is_told_and_the_end_is_the_balance(self):
		home = invoiced()
		cheque = pay(home, "28.00", method=p.CHEQUE, reference="1")
		receive.cancel(cheque.name, "Impayé", frappe.utils.getdate("2026-11-12"))
		pay(home, "40.00", "2026-11-20")
		refund(home, "12.00", "2026-11-21")
		found = statements.of([home.payer])
		assert [entry.amount for entry in found.entries] == [
			D("28.00"),
			D("-28.00"),
			D("28.00"),
			D("-40.00"),
			D("12.00"),
		]
		assert [entry.balance for entry in found.entries][-1] == found.closing == 0
		assert found.closing == balance.of_payers([home.payer])[home.payer]

	def test_a_period_begins_with_what_was_before(self):
		home = invoiced()
		pay(home, "10.00")
		found = statements.of([home.payer], frappe.utils.getdate("2026-11-01"))
		assert (found.opening, found.closing, len(found.entries)) == (D("28.00"), D("18.00"), 1)

	def test_a_held_amount_is_no_claim(self):
		home = invoiced(days=2)
		assert statements.of([home.payer]).entries == ()
		assert statements.of([home.payer]).now.held == D("5.60")
		assert outstanding(home.invoice) == 0


class TestFinding:
	def test_by_name_by_child_and_by_invoice(self):
		home = invoiced()
		person = frappe.get_doc("Person", home.parent)
		other = frappe.get_doc("Person", home.children[0])
		number = frappe.db.get_value("Invoice", home.invoice, "number")
		for text in (person.last_name, f"{other.first_name} {other.last_name}", number):
			found = find.payers(text)
			assert home.payer in [row["name"] for row in found], text
		assert find.payers(number)[0]["due"] == 28.0
		assert find.payers("x") == [] == find.payers("personne ne s'appelle ainsi")


def test_a_dispute_is_kept_with_its_reason_and_its_end():
	home = invoiced()
	disputes.open(home.invoice, "Absence signalée")
	assert frappe.db.get_value("Invoice", home.invoice, "disputed") == 1
	with pytest.raises(errors.ReasonMissing):
		disputes.close(home.invoice, "")
	disputes.close(home.invoice, "Avoir émis")
	with pytest.raises(errors.NotDisputable):
		disputes.close(home.invoice, "encore")
	pay(home, "28.00")
	with pytest.raises(errors.NotDisputable):
		disputes.open(home.invoice, "trop tard")


def test_sums_always_agree():
	"""Σ allocations = payments − credits left = invoices − what is due, whatever happened in between."""
	home = invoiced()
	second = october(home)
	one = pay(home, "33.33")
	pay(home, "12.34", "2026-11-03")
	receive.cancel(one.name, "Impayé")
	pay(home, "60.01", "2026-11-04")
	refund(home, "3.00")
	invoices = frappe.get_all(
		"Invoice", filters={"payer": home.payer, "docstatus": 1}, fields=["total", "outstanding"]
	)
	payments = frappe.get_all(
		"Payment", filters={"payer": home.payer}, fields=["amount", "unallocated", "status"]
	)
	rows = frappe.get_all("Allocation", filters={"payer": home.payer}, fields=["amount", "invoice", "refund"])
	add = lambda values: sum((decimal_of(value) for value in values), D(0))  # noqa: E731
	to_invoices = add(row.amount for row in rows if row.invoice)
	assert to_invoices == add(row.total for row in invoices) - add(row.outstanding for row in invoices)
	received = [row for row in payments if row.status == "Received"]
	assert add(row.amount for row in rows) == add(row.amount for row in received) - add(
		row.unallocated for row in received
	)
	assert statements.of([home.payer]).closing == balance.of_payers([home.payer])[home.payer]
	assert accounts.lock([home.payer])[home.payer].due == outstanding(home.invoice) + outstanding(second)


def test_settling_many_accounts_takes_a_constant_number_of_queries():
	from tests.builders import queries

	frappe.db.set_single_value("Payment Settings", "use_credits", 0)
	act = b.canteen()
	homes = [b.household(qf=512) for _ in range(6)]
	for home in homes:
		b.attend(b.enrol(home, act), b.SEPTEMBER)
		pay(home, "20.00")
	b.issue(b.compute(b.new_run(issue_date="2026-10-15", due_date="2026-11-14")))
	one = queries(lambda: allocation.apply_credits([homes[0].payer]))
	many = queries(lambda: allocation.apply_credits([home.payer for home in homes[1:]]))
	assert many <= one + 1
	assert set(balance.of_payers([home.payer for home in homes]).values()) == {D("27.60")}
