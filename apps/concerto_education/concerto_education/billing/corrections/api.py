"""What the buttons of invoices and adjustments call (R34). Rights first, then the services of this room."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import format_date, getdate, now

from concerto_education.authority.inputs import names
from concerto_education.authority.money import decimal_of, format_money
from concerto_education.authority.transactions import in_fresh_transaction
from concerto_education.billing.corrections import adjustments, guards, history, standing, waivers
from concerto_education.billing.corrections.correct import CORRECTION, INVOICE, Request, correct
from concerto_education.billing.corrections.errors import CreditTooLarge, NotCorrectable
from concerto_education.billing.explain import month_text
from concerto_education.engine.corrections import left_of_lines
from concerto_education.engine.money import money, to_cents
from concerto_education.families.rights import require


@frappe.whitelist(methods=["GET", "POST"])
def choices(invoice: str) -> dict:
	"""Lines and days of an invoice that can still be credited, for the dialog."""
	require(CORRECTION, "create")
	doc = frappe.get_doc(INVOICE, invoice)
	doc.check_permission("read")
	why_not = guards.why_not(doc)
	if why_not:
		frappe.throw(why_not, NotCorrectable)
	found = standing.of_invoice(doc)
	left = left_of_lines(found.positions, found.credited)
	persons = _persons(line.person for line in found.lines.values())
	months = _months(line.parent for line in found.lines.values())
	lines = []
	for name, line in found.lines.items():
		days = [
			{
				"charge": position.id,
				"day": format_date(position.day, "EEE d MMM"),
				"cents": to_cents(position.amount),
				"amount": format_money(position.amount),
			}
			for position in found.positions
			if position.line == name
		]
		if days:
			lines.append(
				{
					"name": name,
					"label": line.label,
					"person": persons.get(line.person, ""),
					"month": months[line.parent] if line.parent != invoice else "",
					"left": format_money(left[name]),
					"left_cents": to_cents(left[name]),
					"days": days,
				}
			)
	return {
		"title": doc.number or doc.title,
		"lines": lines,
		"left": format_money(found.left),
		"left_cents": to_cents(found.left),
		"outstanding": format_money(doc.outstanding),
		"outstanding_cents": to_cents(money(decimal_of(doc.outstanding))),
		"is_held": doc.status == "Held",
		"notice": guards.locked([invoice]).get(invoice, ""),
		"token": frappe.generate_hash(length=20),
	}


@frappe.whitelist(methods=["POST"])
def cancel(
	invoice: str,
	scope: str,
	reason: str,
	token: str,
	charges: list | str | None = None,
	amount: str | float | int | None = None,
	reissue: str = "No",
) -> dict:
	"""Cancel an invoice, wholly or in part, by a credit note. Sent twice with one token it is done once."""
	require(CORRECTION, "create")
	frappe.get_doc(INVOICE, invoice).check_permission("read")
	request = Request(
		scope=scope,
		reason=reason,
		token=token,
		charges=names(charges or [], _("Days")),
		amount=_amount(amount),
		reissue=reissue,
	)
	return in_fresh_transaction(lambda: correct(invoice, request))


@frappe.whitelist(methods=["GET", "POST"])
def corrections_of(invoice: str) -> list[dict]:
	"""Who corrected this invoice and why, for its form."""
	doc = frappe.get_doc(INVOICE, invoice)
	doc.check_permission("read")
	require(CORRECTION, "read")
	return history.of_invoice(doc)


@frappe.whitelist(methods=["POST"])
def release(correction: str) -> int:
	"""Let the next run bill again what a correction has cancelled."""
	require(CORRECTION, "create")
	frappe.get_doc(CORRECTION, correction).check_permission("read")
	return in_fresh_transaction(lambda: _release(correction))


def _release(correction: str) -> int:
	guards.refuse_open_runs()
	count = waivers.release(correction)
	if count:
		Correction = DocType(CORRECTION)
		# Straight on the table: the form refuses everybody.
		(
			frappe.qb.update(Correction)
			.set(Correction.released_by, frappe.session.user)
			.set(Correction.released_on, now())
			.where(Correction.name == correction)
		).run()
	return count


@frappe.whitelist(methods=["POST"])
def withdraw_adjustment(adjustment: str, reason: str) -> dict:
	"""An adjustment that no invoice holds yet never comes to one."""
	require(adjustments.ADJUSTMENT, "write")
	frappe.get_doc(adjustments.ADJUSTMENT, adjustment).check_permission("write")
	return in_fresh_transaction(lambda: _withdraw(adjustment, reason))


def _withdraw(adjustment: str, reason: str) -> dict:
	guards.refuse_working_runs()
	adjustments.withdraw(adjustment, reason)
	return {"status": adjustments.WITHDRAWN}


@frappe.whitelist(methods=["GET", "POST"])
def children_of_payer(
	doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: dict
) -> list:
	"""Members of the payer's family, for the field Child of an adjustment."""
	require(adjustments.ADJUSTMENT, "create")
	if not filters.get("payer"):
		return []
	payer = frappe.get_doc("Payer", filters["payer"])
	payer.check_permission("read")
	Member, Person = DocType("Family Member"), DocType("Person")
	return (
		frappe.qb.from_(Member)
		.join(Person)
		.on(Person.name == Member.person)
		.select(Person.name, Person.full_name)
		.where((Member.parenttype == "Family") & (Member.parent == payer.family))
		.where(Person.full_name.like(f"%{txt}%"))
		.orderby(Member.idx)
		.limit(page_len)
		.offset(start)
	).run()


def _amount(value):
	if value in (None, ""):
		return None
	try:
		amount = decimal_of(value)
	except (ArithmeticError, TypeError, ValueError):
		frappe.throw(_("Amount: “{0}” is no amount").format(value), CreditTooLarge)
	if amount != money(amount):
		frappe.throw(_("Amount: no parts of a cent, please"), CreditTooLarge)
	return money(amount)


def _persons(persons) -> dict[str, str]:
	# Names on a document whose reader was checked.
	wanted = sorted({person for person in persons if person})
	return dict(
		frappe.get_all(  # as above
			"Person", filters={"name": ("in", wanted or [""])}, fields=["name", "full_name"], as_list=True
		)
	)


def _months(invoices) -> dict[str, str]:
	Invoice = DocType(INVOICE)
	rows = (
		frappe.qb.from_(Invoice)
		.select(Invoice.name, Invoice.month)
		.where(Invoice.name.isin(sorted(set(invoices)) or [""]))
	).run()
	return {name: month_text(getdate(month)) for name, month in rows}
