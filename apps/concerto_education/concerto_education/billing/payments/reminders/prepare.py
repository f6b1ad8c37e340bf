"""A run of reminders is prepared: nothing leaves the house before finance has looked at it (R42)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import cint, getdate, now

from concerto_education.authority import mail, roles
from concerto_education.authority.bulk import insert_rows
from concerto_education.authority.money import format_money
from concerto_education.billing.payments.errors import WrongRunState
from concerto_education.billing.payments.reminders import due, texts
from concerto_education.engine.ageing import Step
from concerto_education.engine.money import ZERO
from concerto_education.families.payers import address_blocks

RUN = "Reminder Run"
STAMPS = ["name", "creation", "modified", "owner", "modified_by"]
REMINDER = [
	*STAMPS,
	"payer",
	"title",
	"family",
	"level",
	"amount",
	"status",
	"channel",
	"letter_date",
	"pay_before",
	"reminder_run",
	"recipient",
	"letter_title",
	"letter_text",
	"closing_text",
]
ROW = [
	*STAMPS,
	"parent",
	"parenttype",
	"parentfield",
	"idx",
	"invoice",
	"number",
	"month",
	"due_date",
	"outstanding",
	"level",
]


def prepare(day: date | None = None, levels: Sequence[Step] | None = None) -> str | None:
	"""Make the run of today, without sending anything. None if nobody is to be reminded.

	``levels`` instead of those of the settings, for the demo.

	The caller has checked the right. One run waits at a time, so that nobody gets two letters of one level.
	"""
	day = getdate(day)
	if waiting := open_run():
		frappe.throw(
			_("Reminder run {0} waits to be sent or discarded. Do that first.").format(waiting), WrongRunState
		)
	letters = due.letters(day, levels)
	if not letters:
		return None
	run = frappe.get_doc({"doctype": RUN, "run_date": day, "status": "To Review"})
	run.flags.by_rule = True
	run.insert(ignore_permissions=True)  # nobody makes a run by hand; the caller has checked the right
	_write(run.name, letters, day)
	total = sum((letter.amount for letter in letters), ZERO)
	run.db_set({"reminders_count": len(letters), "total": total}, update_modified=False)
	return run.name


def open_run() -> str | None:
	"""The run that waits, read while locking: two who prepare at once are one after the other."""
	Run = DocType(RUN)
	rows = frappe.qb.from_(Run).select(Run.name, Run.status).orderby(Run.name).for_update().run(as_dict=True)
	return next((row.name for row in rows if row.status in ("To Review", "Sending")), None)


def discard(name: str) -> None:
	"""Throw a run away that was not sent."""
	run = frappe.get_doc(RUN, name, for_update=True)
	if run.status != "To Review":
		frappe.throw(_("Reminder run {0} is sent or discarded already").format(name), WrongRunState)
	Reminder, Row = DocType("Reminder"), DocType("Reminder Invoice")
	drafts = (
		frappe.qb.from_(Reminder)
		.select(Reminder.name)
		.where((Reminder.reminder_run == name) & (Reminder.status == "To Send"))
	).run(pluck=True)
	if drafts:
		frappe.qb.from_(Row).delete().where(Row.parent.isin(drafts)).run()
		frappe.qb.from_(Reminder).delete().where(Reminder.name.isin(drafts)).run()
	run.db_set("status", "Discarded")


def scheduled(day: date | None = None) -> str | None:
	"""Job of every morning: once a month, from the day of the settings, finance finds a run to look at."""
	day = getdate(day)
	settings = frappe.get_cached_doc("Payment Settings")
	if not settings.prepare_reminders or day.day < (cint(settings.reminder_day) or 20):
		return None
	if open_run() or frappe.db.exists(RUN, {"run_date": (">=", day.replace(day=1))}):
		return None
	name = prepare(day)
	if name:
		run = frappe.get_doc(RUN, name)
		mail.notify(
			roles.users_with([roles.FINANCE_CLERK]),
			_("{0} reminders wait to be looked at and sent ({1})").format(
				run.reminders_count, format_money(run.total)
			),
			run,
		)
	return name


def _write(run: str, letters: list[due.Due], day: date) -> None:
	"""Letters and their invoices, in two statements: a town reminds hundreds at once, and nothing hooks on them."""
	payers = [letter.payer for letter in letters]
	addresses = address_blocks(payers)
	# Who is written to, and how, follows from the payers of invoices that are due.
	cards = {
		row.name: row
		for row in frappe.get_all(
			"Payer",
			filters={"name": ("in", payers)},
			fields=["name", "recipient", "family", "invoice_by", "email"],
		)
	}
	moment, user, before = now(), frappe.session.user, texts.pay_before(day)
	reminders, rows = [], []
	for letter in letters:
		card, address = cards[letter.payer], addresses.get(letter.payer)
		name = frappe.generate_hash(length=10)
		words = texts.words(letter.level, card.recipient or "", letter.amount, before)
		stamps = (moment, moment, user, user)
		by_mail = card.invoice_by == "E-mail" and card.email
		reminders.append(
			(
				name,
				*stamps,
				letter.payer,
				card.recipient,
				card.family,
				letter.level,
				letter.amount,
				"To Send",
				"E-mail" if by_mail else "Post",
				day,
				before,
				run,
				address.as_text() if address else card.recipient,
				*words.values(),
			)
		)
		for index, (invoice, level) in enumerate(letter.rows, 1):
			rows.append(
				(
					frappe.generate_hash(length=10),
					*stamps,
					name,
					"Reminder",
					"invoices",
					index,
					invoice.name,
					invoice.number,
					invoice.month,
					invoice.due_date,
					invoice.outstanding,
					level,
				)
			)
	insert_rows("Reminder", REMINDER, reminders)
	insert_rows("Reminder Invoice", ROW, rows)
