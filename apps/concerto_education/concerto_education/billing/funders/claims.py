"""The claim: a statement becomes an invoice to the funder, with a number of the one series (R21, R29, R35)."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import add_days, cint, getdate, now

from concerto_education.activities.funding.funders import payer_of
from concerto_education.authority.bulk import insert_rows
from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing import explain, facts, issue, ledger
from concerto_education.billing.funders import statements
from concerto_education.billing.funders.errors import (
	StatementChanged,
	StatementIsClaimed,
	StatementIsEmpty,
)
from concerto_education.billing.payers import PayerCard
from concerto_education.billing.payments.allocation import open_invoices, use_credits_of
from concerto_education.engine.invoicing import Entry, InvoiceState, offset, state_of
from concerto_education.engine.money import ZERO, money
from concerto_education.families.payers import address_blocks

INVOICE = [*ledger.STAMPS, *ledger.INVOICE[1:], "status", "month", "statement", "docstatus"]
LINE = [*ledger.STAMPS, *ledger.LINE[1:], "parenttype", "parentfield", "docstatus"]


def claim(name: str) -> str:
	"""Make the invoice of a draft statement, at once and as a whole. Returns its name.

	The caller has checked the right. What an earlier claim under the threshold left over comes along (R35).
	"""
	doc = frappe.get_doc(statements.STATEMENT, name, for_update=True)
	if doc.status != statements.DRAFT:
		frappe.throw(
			_("Statement {0} was claimed by {1} already").format(doc.name, doc.invoice), StatementIsClaimed
		)
	charges = statements.charges_of(name, for_update=True)
	total = sum((money(decimal_of(row.amount)) for row in charges), ZERO)
	if not charges:
		frappe.throw(_("Statement {0} is empty, there is nothing to claim").format(name), StatementIsEmpty)
	if total != money(decimal_of(doc.total)):
		frappe.throw(
			_("Statement {0}: the ledger says {1} and the statement {2}. Prepare it again").format(
				name, format_money(total), format_money(doc.total)
			),
			StatementChanged,
		)
	invoice = _write(doc, payer_of(doc.funder))
	Charge = DocType("Charge")
	# Straight on the table: which invoice claims a charge is no part of what it says.
	frappe.qb.update(Charge).set(Charge.invoice, invoice).where(Charge.statement == name).run()
	issue.close_carried([invoice])
	doc.status, doc.invoice, doc.claimed_by = statements.CLAIMED, invoice, frappe.session.user
	doc.flags.by_rule = True
	doc.save(ignore_permissions=True)  # by the rule, for whoever may claim
	return invoice


def _write(doc, payer: str) -> str:
	settings = frappe.get_cached_doc("Authority Settings")
	carried = _carried(payer)
	entries = [Entry(row.imputation, money(decimal_of(row.total))) for row in doc.lines]
	entries += [Entry(item.imputation, item.amount, item.strict) for item, _month in carried]
	result = offset(entries)
	state = state_of(result.payable, money(decimal_of(settings.invoice_threshold)))
	today = getdate()
	status = issue.STATUS_OF_OUTCOME[ledger.OUTCOME[state]]
	number = issue.take_numbers(today.year, 1)[0] if state is InvoiceState.DUE else None
	moment, user = now(), frappe.session.user
	stamps = (moment, moment, user, user)
	name = frappe.generate_hash(length=10)
	address = address_blocks([payer]).get(payer)
	title = frappe.db.get_value("Organisation", doc.funder, "organisation_name")
	values = {
		"title": title[: ledger.DATA_LENGTH],
		"payer": payer,
		"recipient": address.as_text() if address else None,
		"status": status,
		"outcome": ledger.OUTCOME[state],
		"month": doc.month,
		"charged": sum((money(decimal_of(row.total)) for row in doc.lines), ZERO),
		"carried_over": sum((item.amount for item, _month in carried), ZERO),
		"total": result.payable,
		"statement": doc.name,
		"docstatus": 1,
	}
	stamped = dict(zip(ledger.STAMPS, (name, *stamps), strict=True))
	# The same rows as a run writes (``billing/ledger.py`` says why bulk), then the number and dates of the issue.
	insert_rows("Invoice", INVOICE, [tuple({**stamped, **values}.get(field) for field in INVOICE)])
	rows = [_line(doc, row) for row in doc.lines]
	rows += [_carried_line(item, month) for item, month in carried]
	rows += [
		_other("Credit Kept", _("Credit kept for the next invoice"), -left.amount, left.imputation)
		for left in result.credits_left
	]
	insert_rows(
		"Invoice Line",
		LINE,
		[
			tuple(
				{
					**dict(zip(ledger.STAMPS, (frappe.generate_hash(length=10), *stamps), strict=True)),
					"parent": name,
					"parenttype": "Invoice",
					"parentfield": "lines",
					"idx": index,
					"docstatus": 1,
					**row,
				}.get(field)
				for field in LINE
			)
			for index, row in enumerate(rows, 1)
		],
	)
	due = add_days(today, cint(settings.payment_days))
	# As in ``billing/issue.py``: the form refuses every change of an invoice.
	frappe.db.set_value(
		"Invoice",
		name,
		{"number": number, "issue_date": today, "due_date": due},
		update_modified=False,
	)
	open_invoices([name])
	use_credits_of([name])
	return name


def _carried(payer: str) -> list[tuple]:
	"""What earlier claims of this funder have left over, with their month."""
	chunk = facts.ChunkFacts([])
	chunk.payers = {payer: PayerCard("", "", payer)}
	facts.load_carried(chunk)
	return [(item, chunk.held_months[item.invoice]) for item in chunk.carried[payer]]


def _line(doc, row) -> dict:
	amount = money(decimal_of(row.total))
	month = explain.month_text(getdate(doc.month))
	words = [_("{0} days").format(row.days), month]
	if decimal_of(row.adjustments):
		words.append(_("of which régularisations {0}").format(format_money(row.adjustments)))
	label = _("{0} – {1}, {2}").format(
		_("Voucher {0}").format(row.reference)
		if row.voucher
		else _("Prise en charge {0}").format(row.funding),
		row.activity,
		row.site or "",
	)
	if row.reference and not row.voucher:
		label = _("{0} (ref. {1})").format(label, row.reference)
	return {
		"kind": "Charge",
		"label": label[: ledger.DATA_LENGTH],
		"quantity": 1,
		"unit_price": amount,
		"amount": amount,
		"share": ledger.ALL,
		"person": row.person,
		"activity": row.activity,
		"imputation": row.imputation,
		"funding": row.funding,
		"voucher": row.voucher,
		"is_adjustment": 0,
		"explanation": ", ".join(words),
	}


def _carried_line(item, month) -> dict:
	text = (
		_("Carried over from {0} (amount held en mairie)")
		if item.amount >= 0
		else _("Credit carried over from {0}")
	)
	row = _other("Carried Over", text.format(explain.month_text(month)), item.amount, item.imputation)
	return {**row, "carried_from": item.invoice}


def _other(kind: str, label: str, amount: Decimal, imputation: str | None) -> dict:
	return {
		"kind": kind,
		"label": label,
		"quantity": 1,
		"unit_price": amount,
		"amount": amount,
		"share": ledger.ALL,
		"imputation": imputation,
		"is_adjustment": 0,
	}
