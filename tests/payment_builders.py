"""Builders of the tests of payments: a household with issued invoices, money that comes in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import frappe
from freezegun import freeze_time

from concerto_education.authority.money import decimal_of
from concerto_education.billing.payments import receive, refunds
from tests import billing_builders as b

CHEQUE, CASH, TRANSFER = "Chèque", "Espèces", "Virement"


def invoiced(days: int = 10, qf=512, act=None):
	"""A household whose September (2.80 € a day) is issued. Returns it with ``.invoice``."""
	home = b.household(qf=qf)
	home.activity = act or b.canteen()
	home.enrolment = b.enrol(home, home.activity)
	b.attend(home.enrolment, b.SEPTEMBER[:days])
	run = b.new_run(issue_date="2026-10-15", due_date="2026-11-14")
	b.issue(b.compute(run))
	home.invoice = b.invoice_of(run, home.payer).name
	return home


def october(home, days: int = 10) -> str:
	"""October of the same household, issued."""
	b.attend(home.enrolment, b.OCTOBER[:days])
	run = b.new_run(month="2026-10-01", issue_date="2026-11-15", due_date="2026-12-15")
	b.issue(b.compute(run))
	return b.invoice_of(run, home.payer).name


def pay(home, amount, day: str = "2026-11-02", method: str = CASH, **values):
	return receive.record(home.payer, Decimal(str(amount)), date.fromisoformat(day), method, **values)


def refund(home, amount, day: str = "2026-11-20", **values):
	return refunds.record(
		home.payer, Decimal(str(amount)), date.fromisoformat(day), TRANSFER, "Trop-perçu", **values
	)


def outstanding(invoice: str) -> Decimal:
	return decimal_of(frappe.db.get_value("Invoice", invoice, "outstanding"))


def status(invoice: str) -> str:
	return frappe.db.get_value("Invoice", invoice, "status")


def unallocated(payment) -> Decimal:
	return decimal_of(frappe.db.get_value("Payment", payment.name, "unallocated"))


def settled(invoice: str) -> Decimal:
	"""Sum of all rows, counter rows included: always total − outstanding."""
	rows = frappe.get_all("Allocation", filters={"invoice": invoice}, pluck="amount")
	return sum((decimal_of(amount) for amount in rows), Decimal(0))


def today(day: str = "2026-11-24"):
	return freeze_time(day)
