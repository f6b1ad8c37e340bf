"""A month's billing. What it does is in ``billing/run.py``; this controller only checks the form."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_first_day, getdate

from concerto_education.billing.errors import RunIsIssued, WrongDates, WrongRunStatus
from concerto_education.billing.explain import month_text


class BillingRun(Document):
	def validate(self):
		self.month = get_first_day(getdate(self.month))
		# Stored, so in the language of the authority: a command line speaks English.
		self.title = month_text(self.month, frappe.db.get_default("lang") or "fr").capitalize()
		self._refuse_change_after_start()
		self._check_dates()

	def on_trash(self):
		if self.status == "Issued" or has_issued_invoices(self.name):
			frappe.throw(_("Billing run {0} is issued: it can't be deleted.").format(self.name), RunIsIssued)
		if self.status != "New":
			frappe.throw(_("Billing run {0}: discard the draft first.").format(self.name), WrongRunStatus)

	def _refuse_change_after_start(self):
		before = self.get_doc_before_save()
		if not before or before.status == "New":
			return
		if before.status == "Issued":
			frappe.throw(_("Billing run {0} is issued: it can't be changed.").format(self.name), RunIsIssued)
		if getdate(before.month) != getdate(self.month):
			frappe.throw(_("Month: discard the draft before you choose another month."), WrongRunStatus)

	def _check_dates(self):
		if self.issue_date and getdate(self.issue_date) <= getdate(self.month):
			frappe.throw(_("Issue Date: invoices are issued after the month has begun (R33)."), WrongDates)
		if self.issue_date and self.due_date and getdate(self.due_date) < getdate(self.issue_date):
			frappe.throw(_("Due Date: it can't be before the issue date."), WrongDates)


def has_issued_invoices(run: str) -> bool:
	"""Whether at least one invoice of the run has been issued: from then on it can only be issued further."""
	return bool(frappe.db.exists("Invoice", {"billing_run": run, "docstatus": 1}))
