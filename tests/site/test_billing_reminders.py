"""Unpaid invoices, reminders in levels, disputes, instalments (R42)."""

from decimal import Decimal as D

import frappe
import pytest
from frappe.utils import getdate

from concerto_education.billing.payments import disputes, errors, plans, receive, unpaid
from concerto_education.billing.payments.reminders import prepare as preparing
from concerto_education.billing.payments.reminders import send as sending
from concerto_education.billing.payments.reminders import texts
from concerto_education.billing.report.unpaid_invoices.unpaid_invoices import execute
from tests import payment_builders as p
from tests.payment_builders import invoiced, october, pay


@pytest.fixture(autouse=True)
def one_transaction(one_billing_transaction):
	"""Nothing is committed."""
	# Whatever a site holds from before is no part of these tests.
	frappe.db.set_value("Invoice", {"outstanding": (">", 0)}, "outstanding", 0)
	frappe.db.set_value("Instalment Plan", {"status": "Active"}, "status", "Broken")
	frappe.db.set_value("Reminder Run", {"status": "To Review"}, "status", "Discarded")


def run_on(day: str) -> str | None:
	with p.today(day):
		return preparing.prepare()


def send_on(day: str, run: str) -> None:
	with p.today(day):
		sending.confirm(run)
		sending.send_all(run, checkpoint=lambda: None)


def remind(day: str) -> list:
	run = run_on(day)
	if not run:
		return []
	send_on(day, run)
	return reminders(run)


def reminders(run: str) -> list:
	names = frappe.get_all("Reminder", filters={"reminder_run": run}, pluck="name", order_by="title asc")
	return [frappe.get_doc("Reminder", name) for name in names]


def plan(home, *rows, **values):
	return frappe.get_doc(
		{
			"doctype": "Instalment Plan",
			"payer": home.payer,
			"agreed_on": "2026-11-20",
			"invoices": [{"invoice": home.invoice}],
			"instalments": [{"due_date": day, "amount": amount} for day, amount in rows],
			**values,
		}
	).insert()


class TestLevels:
	def test_three_letters_one_after_the_other_and_no_fourth(self):
		"""Due on 14 November: 15 days, then 30 and 30 after the letter before."""
		home = invoiced()
		assert run_on("2026-11-29") is None
		(first,) = remind("2026-11-30")
		assert (first.level, first.status, first.amount, first.payer) == (1, "Sent", 28.0, home.payer)
		assert first.invoices[0].invoice == home.invoice
		assert run_on("2026-12-30") is None
		assert [row.level for row in remind("2026-12-31")] == [2]
		assert [row.level for row in remind("2027-01-31")] == [3]
		assert run_on("2028-01-01") is None
		assert frappe.db.count("Reminder", {"payer": home.payer, "status": "Sent"}) == 3

	def test_one_letter_for_all_invoices_of_a_payer_at_the_highest_level(self):
		home = invoiced()
		remind("2026-11-30")
		second = october(home)
		(letter,) = remind("2026-12-31")
		assert {row.invoice: row.level for row in letter.invoices} == {home.invoice: 2, second: 1}
		assert (letter.level, letter.amount) == (2, 56.0)

	def test_the_letter_says_amount_and_day_in_french(self):
		invoiced()
		(letter,) = remind("2026-11-30")
		assert letter.letter_title == "Rappel amiable"
		assert "28,00" in letter.letter_text and "15/12/2026" in letter.letter_text
		assert texts.render([letter]).startswith(b"%PDF")

	def test_delays_are_those_of_the_settings(self):
		settings = frappe.get_single("Payment Settings")
		settings.levels[0].days = 3
		settings.save()
		invoiced()
		assert run_on("2026-11-18")

	def test_levels_have_no_gap_and_a_text(self):
		settings = frappe.get_single("Payment Settings")
		settings.levels[1].level = 4
		with pytest.raises(errors.InvalidLevels):
			settings.save()
		settings.reload()
		settings.levels[0].letter_text = " "
		with pytest.raises(errors.InvalidLevels):
			settings.save()


class TestNeverReminded:
	def test_what_is_held_en_mairie(self):
		invoiced(days=2)
		assert run_on("2027-06-01") is None

	def test_what_is_disputed(self):
		home = invoiced()
		disputes.open(home.invoice, "Absences contestées")
		assert run_on("2026-12-20") is None
		disputes.close(home.invoice, "Réglé")
		assert run_on("2026-12-20")

	def test_what_instalments_were_agreed_for_until_they_are_broken(self):
		home = invoiced()
		agreed = plan(home, ("2026-12-01", 14), ("2027-01-01", 14))
		assert run_on("2026-12-20") is None
		agreed.status = "Broken"
		agreed.save()
		assert run_on("2026-12-20")

	def test_less_than_the_smallest_amount(self):
		home = invoiced()
		with p.today():
			pay(home, "23.01")
		assert run_on("2026-12-20") is None

	def test_what_a_credit_covers(self):
		frappe.db.set_single_value("Payment Settings", "use_credits", 0)
		home = invoiced()
		with p.today():
			pay(home, "28.00", amounts={})  # the dialog gives no amount: the oldest
		assert run_on("2026-12-20") is None


class TestRuns:
	def test_nothing_leaves_before_finance_confirms(self):
		invoiced()
		run = run_on("2026-11-30")
		assert [row.status for row in reminders(run)] == ["To Send"]
		sending.send_all(run, checkpoint=lambda: None)
		assert [row.status for row in reminders(run)] == ["To Send"]

	def test_one_run_waits_at_a_time(self):
		invoiced()
		run_on("2026-11-30")
		with pytest.raises(errors.WrongRunState):
			run_on("2026-12-01")

	def test_a_discarded_run_reminded_nobody(self):
		invoiced()
		run = run_on("2026-11-30")
		preparing.discard(run)
		assert reminders(run) == []
		assert [row.level for row in remind("2026-12-02")] == [1]
		with pytest.raises(errors.WrongRunState):
			preparing.discard(run)

	def test_what_was_paid_meanwhile_is_left_out_with_the_reason(self):
		home = invoiced()
		run = run_on("2026-11-30")
		with p.today("2026-12-01"):
			pay(home, "28.00", "2026-12-01")
		send_on("2026-12-01", run)
		(letter,) = reminders(run)
		assert letter.status == "Left Out" and letter.left_out_reason
		assert frappe.db.get_value("Reminder Run", run, ["status", "reminders_count"]) == ("Sent", 0)

	def test_finance_leaves_one_out_and_says_why(self):
		invoiced()
		run = run_on("2026-11-30")
		(letter,) = reminders(run)
		with pytest.raises(errors.ReasonMissing):
			sending.leave_out(letter.name, "")
		sending.leave_out(letter.name, "Famille reçue au guichet")
		send_on("2026-11-30", run)
		assert reminders(run)[0].left_out_reason == "Famille reçue au guichet"

	def test_sending_twice_sends_once(self):
		home = invoiced()
		run = run_on("2026-11-30")
		send_on("2026-11-30", run)
		with pytest.raises(errors.WrongRunState):
			sending.confirm(run)
		sending.send_all(run, checkpoint=lambda: None)
		assert frappe.db.count("Reminder", {"payer": home.payer}) == 1

	def test_a_reminder_by_email_leaves_with_its_letter(self):
		home = invoiced()
		frappe.db.set_value("Payer", home.payer, {"invoice_by": "E-mail", "email": "claire@example.invalid"})
		with_mail = frappe.db.count("Email Queue")
		(letter,) = remind("2026-11-30")
		assert letter.channel == "E-mail"
		assert frappe.db.count("Email Queue") == with_mail + 1

	def test_a_reminder_is_kept_as_it_was_sent(self):
		invoiced()
		(letter,) = remind("2026-11-30")
		letter.amount = 1
		with pytest.raises(errors.PaymentIsImmutable):
			letter.save()
		with pytest.raises(errors.PaymentIsImmutable):
			frappe.delete_doc("Reminder", letter.name)

	def test_the_scheduler_prepares_once_a_month_from_its_day(self):
		invoiced()
		assert preparing.scheduled(getdate("2026-12-19")) is None
		run = preparing.scheduled(getdate("2026-12-21"))
		assert run
		preparing.discard(run)
		assert preparing.scheduled(getdate("2026-12-22")) is None
		frappe.db.set_single_value("Payment Settings", "prepare_reminders", 0)
		frappe.clear_document_cache("Payment Settings", "Payment Settings")
		assert preparing.scheduled(getdate("2027-01-21")) is None


class TestPlans:
	def test_instalments_are_the_amount_that_is_due(self):
		home = invoiced()
		with pytest.raises(errors.InvalidPlan):
			plan(home, ("2026-12-01", 14), ("2027-01-01", 13.99))

	def test_an_invoice_of_another_payer_or_of_another_plan_is_refused(self):
		home, other = invoiced(), None
		plan(home, ("2026-12-01", 28))
		with pytest.raises(errors.InvalidPlan):
			plan(home, ("2026-12-01", 28))
		from tests import billing_builders as b

		other = b.household()
		other.invoice = home.invoice
		with pytest.raises(errors.InvalidPlan):
			plan(other, ("2026-12-01", 28))

	def test_a_plan_whose_invoices_are_paid_was_kept(self):
		home = invoiced()
		agreed = plan(home, ("2026-12-01", 28))
		assert plans.close_kept() == []
		with p.today():
			pay(home, "28.00")
		assert plans.close_kept() == [agreed.name]
		assert frappe.db.get_value("Instalment Plan", agreed.name, "status") == "Kept"

	def test_not_before_the_agreement(self):
		home = invoiced()
		with pytest.raises(errors.InvalidPlan):
			plan(home, ("2026-11-19", 28))


class TestUnpaid:
	def test_the_list_by_age_and_level(self):
		home = invoiced()
		second = october(home)
		remind("2026-11-30")
		_columns, rows, _message, _chart, summary = execute({"day": "2026-12-20"})
		ages = {row["invoice"]: (row["age"], row["level"], row["days"]) for row in rows}
		assert ages == {home.invoice: ("age_60", 1, 36), second: ("age_30", 0, 5)}
		assert "56,00" in summary[0]["value"]
		only = execute({"day": "2026-12-20", "age": "age_60"})[1]
		assert [row["invoice"] for row in only] == [home.invoice]
		assert [row["invoice"] for row in execute({"day": "2026-12-20", "level": "0"})[1]] == [second]

	def test_what_is_paid_is_not_in_it_and_a_bounced_cheque_brings_it_back(self):
		home = invoiced()
		with p.today():
			payment = pay(home, "28.00")
			assert unpaid.invoices() == []
			receive.cancel(payment.name, "Impayé")
			assert [row.outstanding for row in unpaid.invoices()] == [D("28.00")]

	def test_what_is_protected_says_so(self):
		home = invoiced()
		disputes.open(home.invoice, "Absences contestées")
		assert execute({})[1][0]["state"]
