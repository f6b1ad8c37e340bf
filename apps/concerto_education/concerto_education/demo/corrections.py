"""Corrections of September: two credit notes, one invoice billed anew, and adjustments that wait for October (R34)."""

from __future__ import annotations

from decimal import Decimal

import frappe

from concerto_education.billing.corrections import standing
from concerto_education.billing.corrections.adjustments import ADJUSTMENT
from concerto_education.billing.corrections.correct import AMOUNT, AT_ONCE, DAYS, WHOLE, Request, correct

OUTING = "Sortie scolaire annoncée, repas commandés par erreur"
OVEN = "Panne du four le 10 septembre : geste de la communauté de communes"
ANEW = "Facture établie avant la mise à jour du dossier"
MEALS = 2


def make(scenarios: dict[str, str]) -> str:
	"""Corrects ordinary invoices. May be called again."""
	found = _invoices(set(scenarios.values()))
	done = 0
	for work, invoice in zip((_outing, _oven, _anew), found, strict=False):
		work(invoice)
		done += 1
	waiting = _adjust(found[3:5])
	return f"{done} corrections, {waiting} adjustments"


def _invoices(odd: set[str]) -> list[str]:
	"""Issued invoices with some days of canteen, not in a dispute or an instalment plan; in the order of numbers."""
	planned = set(frappe.get_all("Instalment Plan Invoice", pluck="invoice"))
	reminded = set(frappe.get_all("Reminder Invoice", pluck="invoice"))
	rows = frappe.get_all(
		"Invoice",
		filters={
			"docstatus": 1,
			"status": ("in", ("Issued", "Sent", "Paid")),
			"kind": "Invoice",
			"total": (">", 25),
			"disputed": 0,
			"statement": ("is", "not set"),
		},
		fields=["name", "family"],
		order_by="number",
		limit=200,
	)
	corrected = set(frappe.get_all("Invoice Correction", pluck="invoice"))
	free = [row for row in rows if row.name not in planned and row.name not in reminded]
	# The crowd first: an odd case is there to show something else, but a small demo has nobody besides them.
	free.sort(key=lambda row: (row.name not in corrected, row.family in odd))
	return [row.name for row in free[:5]]


def _outing(invoice: str) -> None:
	found = standing.of_invoice(frappe.get_doc("Invoice", invoice)).positions
	days = [position.id for position in found if position.amount > 0][:MEALS]
	correct(invoice, Request(DAYS, OUTING, f"demo-{invoice}-days", charges=days))


def _oven(invoice: str) -> None:
	correct(invoice, Request(AMOUNT, OVEN, f"demo-{invoice}-amount", amount=Decimal("5.00")))


def _anew(invoice: str) -> None:
	correct(invoice, Request(WHOLE, ANEW, f"demo-{invoice}-anew", reissue=AT_ONCE))


def _adjust(invoices: list[str]) -> int:
	if frappe.db.count(ADJUSTMENT):
		return frappe.db.count(ADJUSTMENT)
	texts = (
		("Credit", "4.40", "Strict", "Deux goûters facturés en trop en septembre"),
		("Extra Charge", "6.00", "By Setting", "Badge de garderie perdu et remplacé"),
	)
	for invoice, (kind, amount, application, reason) in zip(invoices, texts, strict=False):
		doc = frappe.get_doc("Invoice", invoice)
		line = next(line for line in doc.lines if line.kind == "Charge")
		frappe.get_doc(
			{
				"doctype": ADJUSTMENT,
				"payer": doc.payer,
				"activity": line.activity,
				"imputation": line.imputation,
				"kind": kind,
				"amount": amount,
				"application": application,
				"reason": reason,
			}
		).insert()
	return len(invoices)
