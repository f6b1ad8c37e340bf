"""The figures of a run: on its form, and stored with it."""

from __future__ import annotations

from datetime import date

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count, Sum
from frappe.utils import add_days, cint, formatdate, get_last_day, getdate

from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing.explain import month_text, number_text
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


# ---------------------------------------------------------------- what the form shows


@frappe.whitelist(methods=["GET", "POST"])
def run_overview(run: str) -> dict:
	"""Figures, amounts by activity and the list of what is not billed, for the form of a run."""
	frappe.get_doc("Billing Run", run).check_permission("read")
	found = by_outcome(run)
	none = (0, ZERO)
	families = frappe.db.get_value("Billing Run", run, ["families_total", "problems_count"], as_dict=True)
	issue_date, due_date = invoice_dates(
		frappe.db.get_value("Billing Run", run, ["month", "issue_date", "due_date"], as_dict=True)
	)
	return {
		"families": families.families_total,
		"not_billed": families.problems_count,
		"invoices": sum(count for count, _total in found.values()),
		"to_send": _figure(found.get("To Send", none)),
		"held": _figure(found.get("Held", none)),
		"nothing_due": found.get("Nothing Due", none)[0],
		"month": month_text(frappe.db.get_value("Billing Run", run, "month")),
		"issue_date": formatdate(issue_date),
		"due_date": formatdate(due_date),
		"activities": _activities(run),
		"problems": _problems(run),
	}


def invoice_dates(row) -> tuple[date, date]:
	"""Issue and due date of a run: as entered, else today (after the month's end) and the days to pay."""
	issue_date = getdate(row.issue_date or max(getdate(), add_days(get_last_day(row.month), 1)))
	if row.due_date:
		return issue_date, getdate(row.due_date)
	days = cint(frappe.db.get_single_value("Authority Settings", "payment_days"))
	return issue_date, getdate(add_days(issue_date, days))


def _figure(count_and_total: tuple) -> dict:
	return {"count": count_and_total[0], "total": format_money(count_and_total[1])}


def _activities(run: str) -> list[dict]:
	"""Amounts by activity and accounting code: what finance compares with the month before."""
	Charge = DocType("Charge")
	rows = (
		frappe.qb.from_(Charge)
		.select(Charge.activity, Charge.imputation, Sum(Charge.quantity), Sum(Charge.amount))
		.where(Charge.billing_run == run)
		.groupby(Charge.activity, Charge.imputation)
		.orderby(Charge.activity)
	).run()
	return [
		{
			"activity": activity,
			"imputation": imputation or "",
			"quantity": number_text(quantity),
			"amount": format_money(amount),
		}
		for activity, imputation, quantity, amount in rows
	]


def _problems(run: str, limit: int = 200) -> list[dict]:
	"""What is not billed, with the names that a clerk knows."""
	Problem, Family, Person = DocType("Billing Run Problem"), DocType("Family"), DocType("Person")
	rows = (
		frappe.qb.from_(Problem)
		.left_join(Family)
		.on(Family.name == Problem.family)
		.left_join(Person)
		.on(Person.name == Problem.person)
		.select(
			Problem.family,
			Family.family_name,
			Problem.person,
			Person.full_name,
			Problem.service_date,
			Problem.rule,
			Problem.message,
		)
		.where((Problem.parent == run) & (Problem.parenttype == "Billing Run"))
		.orderby(Problem.idx)
		.limit(limit)
	).run(as_dict=True)
	return [{**row, "service_date": formatdate(row.service_date) if row.service_date else ""} for row in rows]
