"""The figures of a run: on its form, and stored with it."""

from __future__ import annotations

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count, Sum

from concerto_education.authority.money import decimal_of
from concerto_education.engine.money import ZERO, money

NO_RESULT = {
	"invoices_count": 0,
	"total_due": 0,
	"held_count": 0,
	"total_held": 0,
	"problems_count": 0,
}


def result(run: str) -> dict:
	"""What is stored with the run: counts and totals of its invoices, families not billed."""
	found = by_outcome(run)
	due, held = found.get("To Send", (0, ZERO)), found.get("Held", (0, ZERO))
	Problem = DocType("Billing Run Problem")
	families = (
		frappe.qb.from_(Problem)
		.select(Count(Problem.family).distinct())
		.where((Problem.parent == run) & (Problem.parenttype == "Billing Run"))
	).run()[0][0]
	return {
		"invoices_count": sum(count for count, _total in found.values()),
		"total_due": due[1],
		"held_count": held[0],
		"total_held": held[1],
		"problems_count": families,
	}


def by_outcome(run: str) -> dict[str, tuple]:
	"""Number and total of the run's invoices, by what becomes of them."""
	Invoice = DocType("Invoice")
	rows = (
		frappe.qb.from_(Invoice)
		.select(Invoice.outcome, Count("*"), Sum(Invoice.total))
		.where(Invoice.billing_run == run)
		.groupby(Invoice.outcome)
	).run()
	return {outcome: (count, money(decimal_of(total))) for outcome, count, total in rows}
