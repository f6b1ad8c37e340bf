"""Sending a run that finance has confirmed: e-mails leave, letters are printed, each reminder is kept (R42).

One reminder is one transaction: a kill loses nothing and sends nothing twice, the job goes on with what is left.
What was paid, disputed or agreed on since the run was prepared is left out, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import getdate, now

from concerto_education.authority import mail, pdf
from concerto_education.authority.money import decimal_of
from concerto_education.billing.payments import balance, unpaid
from concerto_education.billing.payments.errors import ReasonMissing, WrongRunState
from concerto_education.billing.payments.reminders import texts
from concerto_education.billing.payments.reminders.prepare import RUN
from concerto_education.engine.money import ZERO

TO_SEND, SENT, LEFT_OUT = "To Send", "Sent", "Left Out"


def confirm(name: str) -> None:
	"""Button "Envoyer": from now on the job may send. The caller has checked the right."""
	run = frappe.get_doc(RUN, name, for_update=True)
	if run.status not in ("To Review", "Sending"):
		frappe.throw(_("Reminder run {0} is sent or discarded already").format(name), WrongRunState)
	run.db_set(
		{"status": "Sending", "confirmed_by": frappe.session.user, "confirmed_at": now()},
		update_modified=False,
	)


def send_all(name: str, checkpoint: Callable[[], None] | None = None, day: date | None = None) -> None:
	"""Job: send what is left of a confirmed run."""
	checkpoint = checkpoint or frappe.db.commit
	if frappe.db.get_value(RUN, name, "status") != "Sending":
		return
	day = getdate(day)
	with pdf.in_french():
		while waiting := _next(name):
			_send(waiting, day)
			checkpoint()
	Reminder = DocType("Reminder")
	rows = (
		frappe.qb.from_(Reminder)
		.select(Reminder.amount)
		.where((Reminder.reminder_run == name) & (Reminder.status == SENT))
	).run(pluck=True)
	# What was sent in the end; the form of a run is closed.
	frappe.db.set_value(
		RUN,
		name,
		{
			"status": SENT,
			"reminders_count": len(rows),
			"total": sum((decimal_of(amount) for amount in rows), ZERO),
		},
	)
	checkpoint()


def leave_out(name: str, reason: str) -> None:
	"""Finance takes one letter out of a run, and says why."""
	reason = (reason or "").strip()
	if not reason:
		frappe.throw(_("Reason: say why this family is not reminded"), ReasonMissing)
	doc = frappe.get_doc("Reminder", name, for_update=True)
	if doc.status != TO_SEND:
		frappe.throw(_("This reminder was sent or left out already"), WrongRunState)
	_set(doc, status=LEFT_OUT, left_out_reason=reason)


def _next(run: str) -> str | None:
	Reminder = DocType("Reminder")
	rows = (
		frappe.qb.from_(Reminder)
		.select(Reminder.name)
		.where((Reminder.reminder_run == run) & (Reminder.status == TO_SEND))
		.orderby(Reminder.title, Reminder.name)
		.limit(1)
		.for_update()
	).run(pluck=True)
	return rows[0] if rows else None


def _send(name: str, day: date) -> None:
	doc = frappe.get_doc("Reminder", name)
	reason = _why_not(doc)
	if reason:
		_set(doc, status=LEFT_OUT, left_out_reason=reason)
		return
	before = texts.pay_before(day)
	_set(
		doc,
		status=SENT,
		letter_date=day,
		pay_before=before,
		**texts.words(doc.level, doc.title or "", doc.amount, before),
	)
	if doc.channel == "E-mail" and not _mail(doc):
		# Nobody is told nothing: without an address or an account it is printed.
		_set(doc, channel="Post")


def _why_not(doc) -> str:
	"""What has changed since the run was prepared."""
	still = {row.name: row for row in unpaid.invoices(names=[row.invoice for row in doc.invoices])}
	if len(still) < len(doc.invoices) or any(
		still[row.invoice].outstanding != decimal_of(row.outstanding) for row in doc.invoices
	):
		return _("Something was paid or corrected since the run was prepared")
	if any(row.disputed for row in still.values()):
		return _("Disputed since the run was prepared")
	if any(row.plan for row in still.values()):
		return _("Instalments were agreed since the run was prepared")
	if balance.of_payers([doc.payer])[doc.payer] < decimal_of(doc.amount):
		return _("A credit has come since the run was prepared")
	return ""


def _mail(doc) -> bool:
	template = texts.level_row(doc.level).email_template
	address = frappe.db.get_value("Payer", doc.payer, "email")
	if not template or not address:
		return False
	return mail.send(
		template,
		[address],
		texts.mail_context(doc),
		reference=doc,
		attachments=[{"fname": "relance.pdf", "fcontent": texts.render([doc])}],
	)


def _set(doc, **values) -> None:
	# Nobody edits a reminder in its form; only this room writes what became of it.
	doc.db_set(values)
