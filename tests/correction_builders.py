"""Builders of the tests of corrections: requests, adjustments, and the sums that must always hold."""

from __future__ import annotations

from decimal import Decimal

import frappe

from concerto_education.authority.money import decimal_of
from concerto_education.billing.corrections import standing
from concerto_education.billing.corrections.correct import AMOUNT, DAYS, NO, WHOLE, Request, correct
from tests.builders import insert

REASON = "Sortie scolaire non signalée"


def request(scope: str, **values) -> Request:
	values.setdefault("reason", REASON)
	values.setdefault("token", frappe.generate_hash(length=20))
	return Request(scope=scope, **values)


def cancel_all(invoice: str, reissue: str = NO, **values):
	return correct(invoice, request(WHOLE, reissue=reissue, **values))


def cancel_days(invoice: str, *days: str, reissue: str = NO, **values):
	return correct(invoice, request(DAYS, charges=positions(invoice, *days), reissue=reissue, **values))


def credit(invoice: str, amount: str, **values):
	return correct(invoice, request(AMOUNT, amount=Decimal(amount), **values))


def positions(invoice: str, *days: str) -> list[str]:
	"""Positions of an invoice that stand, of these days ("09-03") or all."""
	found = standing.of_invoice(frappe.get_doc("Invoice", invoice)).positions
	return [p.id for p in found if not days or f"{p.day:%m-%d}" in days]


def left(invoice: str) -> Decimal:
	return standing.of_invoice(frappe.get_doc("Invoice", invoice)).left


def adjustment(home, amount: str, activity, kind: str = "Credit", **values):
	values.setdefault("reason", "Geste commercial")
	return insert(
		"Manual Adjustment",
		payer=values.pop("payer", home.payer),
		activity=activity.name,
		imputation=values.pop("imputation", activity.imputation),
		kind=kind,
		amount=amount,
		**values,
	)


def value(invoice: str, field: str):
	return frappe.db.get_value("Invoice", invoice, field)


def total(invoice: str) -> Decimal:
	return decimal_of(value(invoice, "total"))


def charge_sum(**filters) -> Decimal:
	rows = frappe.get_all("Charge", filters=filters, pluck="amount")
	return sum((decimal_of(amount) for amount in rows), Decimal(0))


def check_sums(family: str) -> None:
	"""Σ charges of each invoice = Σ its charge lines, and all its lines = its total (R34)."""
	for name in frappe.get_all("Invoice", filters={"family": family}, pluck="name"):
		doc = frappe.get_doc("Invoice", name)
		lines = sum((decimal_of(line.amount) for line in doc.lines if line.kind == "Charge"), Decimal(0))
		assert charge_sum(invoice=name) == lines, (doc.kind, doc.number)
		assert decimal_of(doc.total) == sum((decimal_of(line.amount) for line in doc.lines), Decimal(0))
