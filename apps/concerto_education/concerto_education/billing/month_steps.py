"""Billing's steps on the month board (R33): control, prises en charge, message to finance, invoices, direct debit."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import add_months, cint, formatdate

from concerto_education.authority.coherence import check, settings
from concerto_education.authority.coherence.rule import all_rules
from concerto_education.authority.coherence.scope import Scope
from concerto_education.billing import scheduled
from concerto_education.engine.debit_days import days_of

ISSUED = "Issued"


def steps(month: date) -> list[dict]:
	"""Hook ``concerto_month_steps``: what follows the confirmation of the sites, in the order of the calendar.

	Each is {label, from, to, done, text, note, route, options}; the days come from the settings. ``note`` is where it
	stands, in a few words.
	"""
	rules = frappe.get_cached_doc("Authority Settings")
	following = add_months(month, 1)
	closes = following.replace(day=cint(rules.close_day) or 6)
	bills = following.replace(day=cint(rules.billing_day) or 15)
	# Everybody who sees the board may know whether the month is invoiced; the run itself has its own permissions.
	run = frappe.db.get_value("Billing Run", {"month": month}, ["name", "status"], as_dict=True)
	issued = bool(run and run.status == ISSUED)
	return [
		_control(month, closes, bills, issued),
		_fundings(month, closes, bills, issued),
		_invoices(bills, run, issued),
		_debit(month, issued, rules.debit_days),
	]


def _control(month: date, closes: date, bills: date, issued: bool) -> dict:
	"""Done when an administrator says so; the message to finance is the sign (R33)."""
	told = _told(month, scheduled.CHECKED)
	step = {
		"label": _("Coherence check by the administrators"),
		"from": closes,
		"to": bills,
		"done": issued or bool(told),
		"text": _("from {0} to {1}").format(formatdate(closes), formatdate(bills)),
		"route": ["coherence-check"],
	}
	if told:
		step["note"] = _("finance was told on {0}").format(formatdate(told))
	elif not issued and closes <= frappe.utils.getdate():
		step["note"] = _open_points(month)
	return step


def _open_points(month: date) -> str:
	"""How many points are open, as far as the reader may see them."""
	choices = settings.choices()
	rules = [rule for rule in all_rules() if rule.billing and not choices[rule.code].is_ignored]
	results = check.run(rules, Scope.of_reader(month=month))
	blocking = sum(result.count for result in results if result.choice.blocks_billing)
	found = _("{0} points to mend").format(sum(result.count for result in results))
	return f"{found}, {_('{0} block the billing').format(blocking)}" if blocking else found


def _fundings(month: date, closes: date, bills: date, issued: bool) -> dict:
	"""The lists of prises en charge: one statement for each funder, made when the month is issued (R29)."""
	count = frappe.db.count("Funder Statement", {"month": month})
	open_ones = frappe.db.count("Funder Statement", {"month": month, "status": "Draft"})
	waiting = frappe.db.count(
		"Funding", {"status": ("in", ("Requested", "Quoted")), "valid_from": ("<", add_months(month, 1))}
	)
	notes = []
	if waiting:
		notes.append(_("{0} not notified yet").format(waiting))
	if count:
		notes.append(_("{0} statements, {1} to claim").format(count, open_ones))
	readable = frappe.has_permission("Funder Statement", "read")
	step = {
		"label": _("Lists of prises en charge"),
		"from": closes,
		"to": None if issued else bills,
		"done": issued and not open_ones,
		"text": _("from {0} to {1}").format(formatdate(closes), formatdate(bills)),
		"note": ", ".join(notes),
	}
	if count and readable:
		step.update({"route": ["List", "Funder Statement"], "options": {"month": str(month)}})
	elif frappe.has_permission("Funding", "read"):
		step["route"] = ["List", "Funding"]
	return step


def _invoices(bills: date, run, issued: bool) -> dict:
	may = frappe.has_permission("Billing Run", "read")
	step = {
		"label": _("Invoices"),
		"from": bills,
		"to": None,
		"done": issued,
		"text": _("from {0} on").format(formatdate(bills)),
		"note": _(run.status) if run and not issued else "",
	}
	if run and may:
		step["route"] = ["Form", "Billing Run", run.name]
	elif may and frappe.has_permission("Billing Run", "create"):
		step["route"] = ["List", "Billing Run"]
	return step


def _debit(month: date, issued: bool, days: str | None) -> dict:
	"""One of the admissible dates of the month after next is chosen for each debit (R33)."""
	dates = days_of(month, days)
	today = frappe.utils.getdate()
	left = [day for day in dates if day >= today]
	return {
		"label": _("Direct debit"),
		"from": add_months(month, 2),
		"to": None,
		"done": False if left else issued,
		"text": " / ".join(formatdate(day) for day in dates),
		"note": _("next possible date: {0}").format(formatdate(left[0])) if left and issued else "",
	}


def _told(month: date, what: str) -> date | None:
	# That finance was told is no secret of the board.
	return frappe.db.get_value(
		scheduled.NOTICE, {"month": month, "what": what}, "told_on", order_by="told_on desc"
	)


def reminders(month: date) -> list[dict]:
	"""Hook ``concerto_month_reminders``: what finance was told about the month."""
	words = {
		scheduled.WAITING: _("Finance was told what the billing waits for"),
		scheduled.PREPARED: _("Finance was told that the draft is being prepared"),
		scheduled.CHECKED: _("Finance was told that the coherence check is done"),
	}
	# As above; whom it was told to stays with the notice.
	rows = frappe.get_all(
		scheduled.NOTICE,
		filters={"month": month},
		fields=["told_on", "what", "content"],
		order_by="told_on desc",
	)
	shown = frappe.has_permission(scheduled.NOTICE, "read")
	return [
		{"day": row.told_on, "text": words[row.what], "detail": (row.content or "") if shown else ""}
		for row in rows
	]


def may_tell(month: date) -> bool:
	"""Hook ``concerto_month_may_tell``: whether the user may say that the check of a month is done."""
	issued = frappe.db.exists("Billing Run", {"month": month, "status": ISSUED})
	return bool(frappe.has_permission("Coherence Settings", "write")) and not issued
