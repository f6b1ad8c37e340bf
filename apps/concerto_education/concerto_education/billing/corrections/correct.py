"""One correction of an invoice, from its request to its end (R34): all of it in one transaction, or nothing.

The runs are locked first, then the invoice: of two clerks who correct at once the second waits, and sees what is left.
A request has a token that its dialog made: sent twice, it is done once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Sum
from frappe.utils import now

from concerto_education.authority.money import decimal_of, format_money
from concerto_education.authority.rules import refuse
from concerto_education.billing.corrections import credit_note, guards, reissue, standing, waivers
from concerto_education.billing.corrections.errors import CreditTooLarge, ReasonMissing, UnknownChoice
from concerto_education.billing.payments.allocation import allocate_credit
from concerto_education.engine import corrections as engine
from concerto_education.engine.errors import RuleError
from concerto_education.engine.money import ZERO, money
from concerto_education.engine.waivers import by_hand

CORRECTION = "Invoice Correction"
INVOICE = "Invoice"
WHOLE, DAYS, AMOUNT = "Whole", "Days", "Amount"
NO, NEXT_RUN, AT_ONCE = "No", "Next Run", "At Once"
WAYS = (NO, NEXT_RUN, AT_ONCE)
ALL_OF_IT = Decimal(100)


@dataclass(frozen=True)
class Request:
	"""What the clerk chose. ``charges``: positions (Days); ``amount`` with ``lines`` or on the whole (Amount)."""

	scope: str
	reason: str
	token: str
	charges: Sequence[str] = ()
	amount: Decimal | None = None
	lines: Sequence[str] = ()
	reissue: str = NO


def correct(name: str, request: Request) -> frappe._dict:
	"""Cancel an invoice, wholly or in part, by a credit note. Returns the correction. The caller checked the right."""
	_check(request)
	guards.refuse_open_runs()
	doc = frappe.get_doc(INVOICE, name, for_update=True)
	before = _done_before(request.token)
	if before:
		return before
	guards.check(doc)
	now_standing = standing.of_invoice(doc, for_update=True)
	credit = _credit(now_standing, request)
	_check_reissue(request, credit)
	claim = claiming(doc)
	correction = _record(doc, request, credit)
	note = credit_note.write(correction, doc, now_standing, credit, is_held=claim.status == "Held")
	if request.reissue == NO:
		waivers.write(correction.name, doc.family, _waived(now_standing, credit))
	if claim.status != "Held":
		allocate_credit(note, claim.name, credit.total)
	replacements: list[str] = []
	if request.reissue == AT_ONCE:
		replacements = reissue.at_once(correction, doc, now_standing, credit, note)
	_close(correction, note, replacements)
	close_invoice(doc)
	_tell(doc, correction, note)
	return frappe._dict(correction=correction.name, credit_note=note, replacements=replacements)


# ---------------------------------------------------------------- what is asked


def _check(request: Request) -> None:
	if not (request.reason or "").strip():
		frappe.throw(
			_("Reason: say why the invoice is corrected, it is printed on the credit note"), ReasonMissing
		)
	if request.scope not in (WHOLE, DAYS, AMOUNT):
		frappe.throw(_("Choose what is cancelled: everything, days or an amount"), UnknownChoice)
	if request.reissue not in WAYS:
		frappe.throw(_("Choose whether it is billed anew: no, by the next run, or at once"), UnknownChoice)
	if not (request.token or "").strip():
		frappe.throw(_("This page is too old: load it again"), UnknownChoice)


def _check_reissue(request: Request, credit: engine.Credit) -> None:
	if request.reissue == NO:
		return
	if request.scope == AMOUNT:
		frappe.throw(
			_("An amount is credited beside the days, which stay billed: there is nothing to bill anew"),
			UnknownChoice,
		)
	if request.reissue == NEXT_RUN:
		reissue.check_window(position.day for position in credit.positions)


def _credit(found: standing.Standing, request: Request) -> engine.Credit:
	known = {position.id for position in found.positions}
	if set(request.charges) - known or set(request.lines) - set(found.lines):
		frappe.throw(
			_(
				"What you have chosen is not on this invoice, or was taken back meanwhile. Load the page again"
			),
			UnknownChoice,
		)
	try:
		if request.scope == WHOLE:
			return engine.cancel_all(found.positions, found.credited)
		if request.scope == DAYS:
			return engine.cancel_positions(found.positions, request.charges, found.credited)
		left = engine.left_of_lines(found.positions, found.credited)
		return engine.credit_amount(left, request.amount or ZERO, request.lines)
	except RuleError as error:
		refuse(error, CreditTooLarge)


def _done_before(token: str) -> frappe._dict | None:
	"""What this very request has done already. Reads while locking, so that it sees what others have committed."""
	Correction = DocType(CORRECTION)
	rows = (
		frappe.qb.from_(Correction)
		.select(Correction.name, Correction.credit_note, Correction.replacements)
		.where(Correction.token == token)
		.for_update()
	).run(as_dict=True)
	if not rows:
		return None
	return frappe._dict(
		correction=rows[0].name,
		credit_note=rows[0].credit_note,
		replacements=(rows[0].replacements or "").split(),
	)


def claiming(doc) -> frappe._dict:
	"""The invoice that claims this one's amount today: itself, or the one that took it over, or that one's."""
	found = frappe._dict(name=doc.name, status=doc.status, carried_to=doc.carried_to)
	while found.status == "Carried Over" and found.carried_to:
		# By links of a document whose reader was checked.
		found = frappe.db.get_value(
			INVOICE, found.carried_to, ["name", "status", "carried_to"], as_dict=True, for_update=True
		)
	return found


# ---------------------------------------------------------------- what is written


def _record(doc, request: Request, credit: engine.Credit):
	correction = frappe.new_doc(CORRECTION)
	correction.update(
		{
			"invoice": doc.name,
			"payer": doc.payer,
			"family": doc.family,
			"scope": request.scope,
			"amount": credit.total,
			"reissue": request.reissue,
			"reason": request.reason.strip(),
			"corrected_by": frappe.session.user,
			"corrected_on": now(),
			"token": request.token,
		}
	)
	# It is written at the end, once, with what came of it; the rows until then bear its name already.
	correction.name = frappe.generate_hash(length=10)
	return correction


def _waived(found: standing.Standing, credit: engine.Credit) -> list[waivers.Waived]:
	"""The days that are not billed again: whoever would pay them where one payer paid all, else that payer's part."""
	waived = []
	for position in credit.positions:
		row = found.charges[position.id]
		if by_hand(row.fact_key):
			continue
		payer = None if decimal_of(row.share) == ALL_OF_IT else row.payer
		waived.append(waivers.Waived(row.fact_key, payer, row.person, row.activity, position.day))
	return waived


def _close(correction, note: str, replacements: Sequence[str]) -> None:
	correction.credit_note = note
	correction.replacements = "\n".join(replacements)
	correction.flags.by_rule = True
	# The right was checked at the door; the form refuses everybody.
	correction.insert(ignore_permissions=True, set_name=correction.name)


def close_invoice(doc) -> None:
	"""Cancelled once nothing is left of it and nothing is due on it; its held credit notes with a held one."""
	doc.reload()
	if doc.status not in ("Held", "Issued", "Sent", "Paid") or standing.of_invoice(doc).left:
		return
	Invoice = DocType(INVOICE)
	names = [doc.name]
	if doc.status == "Held":
		held = (Invoice.credits == doc.name) & (Invoice.status == "Held")
		taken = frappe.qb.from_(Invoice).select(Sum(Invoice.total)).where(held).run()[0][0]
		if money(decimal_of(doc.total)) + money(decimal_of(taken)) != ZERO:
			return
		names += frappe.qb.from_(Invoice).select(Invoice.name).where(held).run(pluck=True)
	elif money(decimal_of(doc.outstanding)) != ZERO:
		return
	# Straight on the table: invoices are closed to every form.
	(
		frappe.qb.update(Invoice)
		.set(Invoice.status, "Cancelled")
		.set(Invoice.modified, now())
		.set(Invoice.modified_by, frappe.session.user)
		.where(Invoice.name.isin(names))
	).run()


def _tell(doc, correction, note: str) -> None:
	"""The timeline of both documents says who did what and why."""
	# By a document whose reader was checked.
	number = frappe.db.get_value(INVOICE, note, "number") or _("held en mairie")
	amount = format_money(correction.amount)
	doc.add_comment(
		"Info",
		_("Credit note {0} of {1}: {2}").format(number, amount, frappe.utils.escape_html(correction.reason)),
	)
	frappe.get_doc(INVOICE, note).add_comment(
		"Info",
		_("Credits {0} of {1}: {2}").format(
			amount, doc.number or doc.title, frappe.utils.escape_html(correction.reason)
		),
	)
