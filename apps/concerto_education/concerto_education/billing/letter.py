"""An invoice as a letter: everything that is printed, as plain text, ready for a print format.

``Invoice.letter()`` gives it to the Jinja template, so an administrator who copies the print format writes
``letter.total`` and needs to know no field and no rule.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.authority.boot import appearance
from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing.explain import month_text, number_text
from concerto_education.families.payers import address_lines


@frappe.whitelist(methods=["GET", "POST"])
def read_letter(invoice: str) -> frappe._dict:
	"""The invoice as it is printed, for its form."""
	doc = frappe.get_doc("Invoice", invoice)
	doc.check_permission("read")
	return letter(doc)


def letter(invoice) -> frappe._dict:
	"""All that the invoice says. For a document whose reader was checked."""
	settings = frappe.get_cached_doc("Authority Settings")
	total = decimal_of(invoice.total)
	return frappe._dict(
		authority=authority_block(settings),
		recipient=(invoice.recipient or invoice.title or "").splitlines(),
		title=_title(invoice, total),
		state=_state(invoice),
		is_draft=invoice.docstatus == 0,
		number=invoice.number or "",
		month=month_text(getdate(invoice.month)),
		issue_date=formatdate(invoice.issue_date) if invoice.issue_date else "",
		due_date=formatdate(invoice.due_date) if invoice.due_date else "",
		family=invoice.family or "",
		groups=_groups(invoice),
		others=[_line(line) for line in invoice.lines if line.kind != "Charge"],
		charged=format_money(invoice.charged),
		total=format_money(total),
		run=invoice.billing_run or "",
		is_due=invoice.outcome == "To Send",
		is_held=invoice.outcome == "Held",
		is_credit=total < 0,
		carried_to=_carried_to(invoice),
		threshold=format_money(settings.invoice_threshold),
		introduction=settings.invoice_introduction or "",
		how_to_pay=settings.payment_instructions or "",
		footer=settings.invoice_footer or "",
	)


def authority_block(settings) -> frappe._dict:
	"""Who writes: the head of every letter."""
	return frappe._dict(
		name=settings.authority_name or "",
		lines=address_lines(settings),
		phone=settings.phone or "",
		email=settings.email or "",
		website=settings.website or "",
		siret=settings.siret or "",
		logo=settings.logo or "",
		colour=appearance()["accent_colour"],
	)


def _title(invoice, total) -> str:
	if invoice.outcome == "Held":
		return _("Credit Statement") if total < 0 else _("Statement")
	return _("Invoice")


def _state(invoice) -> str:
	"""What stands across a page that is no claim any more, or not yet."""
	if invoice.docstatus == 0:
		return _("Draft")
	return {
		"Held": _("Held en mairie"),
		"Carried Over": _("Carried Over"),
		"Paid": _("Paid"),
		"Cancelled": _("Cancelled"),
	}.get(invoice.status, "")


def _carried_to(invoice) -> str:
	if not invoice.carried_to:
		return ""
	# The target of a link on a document whose reader was checked.
	target = frappe.db.get_value("Invoice", invoice.carried_to, ["number", "month"], as_dict=True)
	return (target.number or month_text(target.month)) if target else ""


def _groups(invoice) -> list[frappe._dict]:
	"""Lines by person, in the order in which the persons appear; each with its own sum."""
	charges = [line for line in invoice.lines if line.kind == "Charge"]
	names = _names(line.person for line in charges)
	groups: dict[str, list] = {}
	for line in charges:
		groups.setdefault(line.person, []).append(line)
	return [
		frappe._dict(
			person=names.get(person, ""),
			lines=[_line(line) for line in sorted(lines, key=lambda line: (line.is_adjustment, line.idx))],
			total=format_money(sum(decimal_of(line.amount) for line in lines)),
		)
		for person, lines in groups.items()
	]


def _names(persons: Iterable[str]) -> dict[str, str]:
	# Names on a document whose reader was checked.
	rows = frappe.get_all(
		"Person",
		filters={"name": ("in", list(dict.fromkeys(filter(None, persons))))},
		fields=["name", "first_name", "last_name", "usage_name"],
	)
	return {row.name: f"{row.first_name} {row.usage_name or row.last_name}" for row in rows}


def _line(line) -> frappe._dict:
	share = decimal_of(line.share)
	return frappe._dict(
		label=line.label,
		quantity=number_text(line.quantity),
		unit_price=format_money(line.unit_price),
		amount=format_money(line.amount),
		share="" if share in (0, 100) else number_text(share),
		days=line.days or "",
		reason=line.explanation or "",
		adjustment=month_text(getdate(line.origin_month)) if line.is_adjustment and line.origin_month else "",
	)
