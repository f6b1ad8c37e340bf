"""The words of a reminder: those of its level in the settings, with the names and amounts filled in."""

from __future__ import annotations

from datetime import date
from typing import Any

import frappe
from frappe.utils import add_days, cint, formatdate, getdate

from concerto_education.authority import pdf, templates
from concerto_education.authority.money import format_money
from concerto_education.billing.explain import month_text
from concerto_education.billing.letter import authority_block

PRINT_FORMAT = "Relance"


def level_row(level: int):
	return next(row for row in frappe.get_cached_doc("Payment Settings").levels if row.level == level)


def pay_before(day: date) -> date:
	return getdate(add_days(day, cint(frappe.get_cached_doc("Payment Settings").days_to_answer)))


def words(level: int, title: str, amount, before: date) -> dict[str, str]:
	"""Title, text and last sentence of a letter."""
	row = level_row(level)
	context = {
		"name": title,
		"amount": format_money(amount),
		"pay_before": formatdate(before),
		"authority": frappe.get_cached_doc("Authority Settings").authority_name or "",
	}
	return {
		"letter_title": row.title,
		"letter_text": templates.render_plain(row.letter_text, context),
		"closing_text": templates.render_plain(row.closing_text, context),
	}


def letter(reminder) -> frappe._dict:
	"""Everything that is printed, as text: for print formats (``doc.letter()``)."""
	settings = frappe.get_cached_doc("Authority Settings")
	day = formatdate(reminder.letter_date or getdate())
	return frappe._dict(
		authority=authority_block(settings),
		recipient=(reminder.recipient or reminder.title or "").splitlines(),
		title=reminder.letter_title or "",
		text=reminder.letter_text or "",
		closing=reminder.closing_text or "",
		date=day,
		town=settings.town or "",
		amount=format_money(reminder.amount),
		pay_before=formatdate(reminder.pay_before) if reminder.pay_before else "",
		how_to_pay=settings.payment_instructions or "",
		signatory=frappe.db.get_single_value("Payment Settings", "signatory") or "",
		family=reminder.family or "",
		invoices=[
			frappe._dict(
				number=row.number,
				month=month_text(getdate(row.month)),
				due_date=formatdate(row.due_date),
				outstanding=format_money(row.outstanding),
			)
			for row in reminder.invoices
		],
	)


def render(reminders: list) -> bytes:
	"""One PDF of several letters. Permissions are the caller's affair."""
	with pdf.in_french():
		template = _template()
		bodies = [frappe.render_template(template, {"doc": reminder}) for reminder in reminders]
		return pdf.render(bodies, reminders[0].letter_title or PRINT_FORMAT)


def mail_context(reminder) -> dict[str, Any]:
	found = letter(reminder)
	return {**found, "recipient": reminder.title, "authority": found.authority.name}


def _template() -> str:
	"""The print format that the DocType names as its default: ours, or the copy of an administrator."""
	name = frappe.get_meta("Reminder").default_print_format or PRINT_FORMAT
	return frappe.db.get_value("Print Format", {"name": name, "disabled": 0}, "html") or frappe.db.get_value(
		"Print Format", PRINT_FORMAT, "html"
	)
