"""Billing's steps on the month board (R33): from the 15th invoices, then what waits."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import add_months, cint, formatdate

ISSUED = "Issued"


def steps(month: date) -> list[dict]:
	"""Hook ``concerto_month_steps``: control of the figures, then the invoices of a month.

	Each is {label, from, to, done, text, route}; the days come from the settings.
	"""
	settings = frappe.get_cached_doc("Authority Settings")
	following = add_months(month, 1)
	closes = following.replace(day=cint(settings.close_day) or 6)
	bills = following.replace(day=cint(settings.billing_day) or 15)
	# Everybody who sees the board may know whether the month is invoiced; the run itself has its own permissions.
	run = frappe.db.get_value(
		"Billing Run", {"month": month, "status": ("!=", "Discarded")}, ["name", "status"], as_dict=True
	)
	issued = bool(run and run.status == ISSUED)
	readable = bool(run and frappe.has_permission("Billing Run", "read"))
	return [
		{
			"label": _("Coherence check by the administrators"),
			"from": closes,
			"to": bills,
			"done": issued,
			"text": _("from {0} to {1}").format(formatdate(closes), formatdate(bills)),
		},
		{
			"label": _("Invoices"),
			"from": bills,
			"to": None,
			"done": issued,
			"text": _("from {0} on").format(formatdate(bills)),
			"route": ["Form", "Billing Run", run.name] if readable else None,
		},
	]
