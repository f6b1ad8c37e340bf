"""An invoice as a letter: everything that is printed, as plain text, ready for a print format.

``Invoice.letter()`` gives it to the Jinja template, so an administrator who copies the print format writes
``letter.total`` and needs to know no field and no rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.authority.boot import appearance
from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing.explain import month_text, number_text
from concerto_education.billing.paper import days, qr
from concerto_education.engine.money import ZERO
from concerto_education.families.mandates import service as mandates
from concerto_education.families.payers import address_lines

BESIDE_THE_LINES = "Beside the Lines"


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
	is_due = invoice.outcome == "To Send" and total > 0
	payment = _payment(settings, invoice, total) if is_due else frappe._dict(open=format_money(total))
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
		groups=_groups(invoice, (settings.invoice_days or BESIDE_THE_LINES) == BESIDE_THE_LINES),
		others=[_line(line) for line in invoice.lines if line.kind != "Charge"],
		summary=_summary(invoice, total),
		day_pages=_day_pages(settings, invoice),
		charged=format_money(invoice.charged),
		total=format_money(total),
		run=invoice.billing_run or "",
		is_due=is_due,
		is_held=invoice.outcome == "Held",
		is_credit=total < 0,
		is_credit_note=_is_credit_note(invoice),
		credits=_number_of(invoice.get("credits")),
		correction_reason=invoice.get("correction_reason") or "",
		carried_to=_carried_to(invoice),
		threshold=format_money(settings.invoice_threshold),
		introduction=settings.invoice_introduction or "",
		how_to_pay=settings.payment_instructions or "",
		payment=payment,
		treasury=frappe._dict(
			name=settings.treasury_name or "", lines=(settings.treasury_address or "").splitlines()
		),
		footer=settings.invoice_footer or "",
	)


def authority_block(settings) -> frappe._dict:
	"""Who writes: the head of every letter."""
	return frappe._dict(
		name=settings.authority_name or "",
		lines=address_lines(settings),
		header=settings.invoice_header or "",
		phone=settings.phone or "",
		email=settings.email or "",
		website=settings.website or "",
		siret=settings.siret or "",
		logo=settings.logo or "",
		colour=appearance()["accent_colour"],
	)


def _is_credit_note(invoice) -> bool:
	return invoice.get("kind") == "Credit Note"


def _title(invoice, total) -> str:
	if _is_credit_note(invoice):
		return _("Credit Note")
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
	return _number_of(invoice.carried_to)


def _number_of(invoice: str | None) -> str:
	if not invoice:
		return ""
	# The target of a link on a document whose reader was checked.
	target = frappe.db.get_value("Invoice", invoice, ["number", "month"], as_dict=True)
	return (target.number or month_text(target.month)) if target else ""


def _payment(settings, invoice, total) -> frappe._dict:
	"""How this invoice is paid: by a debit that needs nothing, or by the family, who gets the code for it."""
	open_amount = decimal_of(invoice.get("outstanding")) if invoice.meta.has_field("outstanding") else total
	if invoice.docstatus != 1:
		open_amount = total  # what is settled is counted from the day of issue on
	payment = frappe._dict(
		open=format_money(open_amount),
		settled=format_money(total - open_amount) if open_amount != total else "",
		debit=_debit(invoice),
		iban="",
		qr="",
	)
	if payment.debit or invoice.docstatus != 1 or open_amount <= 0 or not invoice.number:
		return payment
	payment.reference = qr.reference(invoice.number)
	if settings.payment_iban:
		payment.iban = " ".join(
			settings.payment_iban[i : i + 4] for i in range(0, len(settings.payment_iban), 4)
		)
		payment.bic = settings.payment_bic or ""
		payment.holder = settings.payment_account_holder or settings.authority_name
	code = qr.code(settings, invoice.number, invoice.name, open_amount)
	if code:
		payment.qr = qr.picture(code)
		payment.qr_is_transfer = settings.invoice_qr == qr.TRANSFER
	return payment


def _debit(invoice) -> str:
	"""The account that is debited; whoever is debited must not pay a second time (R20)."""
	# A payer on a document whose reader was checked.
	if frappe.db.get_value("Payer", invoice.payer, "payment_method") != "Direct Debit":
		return ""
	mandate = mandates.active_of([invoice.payer], getdate(invoice.due_date)).get(invoice.payer)
	if not mandate:
		return ""
	return _("account ending in {0}, mandate {1}").format(mandate.iban[-4:], mandate.rum)


def _summary(invoice, total) -> list[frappe._dict]:
	"""From the services to the total: shown where the lines alone don't say it (R21, R29, R34, R35)."""
	sums: dict[str, Decimal] = {}
	for line in invoice.lines:
		sums[_part(line)] = sums.get(_part(line), ZERO) + decimal_of(line.amount)
	names = {
		"services": _("Services of the month"),
		"deductions": _("Taken in charge by others"),
		"adjustments": _("Régularisations"),
		"carried": _("Carried over"),
		"kept": _("Credit kept for the next invoice"),
	}
	rows = [
		frappe._dict(label=name, amount=format_money(sums[part]))
		for part, name in names.items()
		if part in sums
	]
	return rows if len(rows) > 1 else []


def _part(line) -> str:
	if line.kind != "Charge":
		return "kept" if line.kind == "Credit Kept" else "carried"
	if line.is_adjustment or line.get("adjustment"):
		return "adjustments"
	return "deductions" if line.funding or line.voucher else "services"


def _day_pages(settings, invoice) -> list[frappe._dict]:
	"""The calendar of the days, where the settings want it on each invoice, or somebody asked for it on this one."""
	if settings.invoice_days != "On a Second Page" and not invoice.flags.with_days:
		return []
	calendars = days.pages(invoice)
	names = _names(calendar.person for calendar in calendars)
	for calendar in calendars:
		calendar.person = names.get(calendar.person, "")
	return calendars


def _groups(invoice, with_days: bool = True) -> list[frappe._dict]:
	"""Lines by person, in the order in which the persons appear; each with its own sum."""
	charges = [line for line in invoice.lines if line.kind == "Charge"]
	names = _names(line.person for line in charges)
	groups: dict[str, list] = {}
	for line in charges:
		groups.setdefault(line.person, []).append(line)
	return [
		frappe._dict(
			person=names.get(person) or _("Whole dossier"),
			lines=[
				_line(line, with_days)
				for line in sorted(lines, key=lambda line: (line.is_adjustment, line.idx))
			],
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


def _line(line, with_days: bool = True) -> frappe._dict:
	share = decimal_of(line.share)
	return frappe._dict(
		label=line.label,
		quantity=number_text(line.quantity),
		unit_price=format_money(line.unit_price),
		amount=format_money(line.amount),
		share="" if share in (0, 100) else number_text(share),
		days=(line.days or "") if with_days else "",
		is_deduction=bool(line.funding or line.voucher),
		is_credit=decimal_of(line.amount) < 0,
		reason=line.explanation or "",
		adjustment=month_text(getdate(line.origin_month)) if line.is_adjustment and line.origin_month else "",
	)
