"""What a clerk adds by hand to the next invoice of a payer: a credit or a charge, with its reason (R34).

An adjustment waits until a run takes it. A draft that is thrown away leaves it waiting; issuing closes it, in the
transaction that gives the invoice its number, so no kill can bill it twice.
"""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import getdate, now

from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing.corrections.errors import (
	AdjustmentIsClosed,
	ReasonMissing,
	WrongAdjustment,
)
from concerto_education.engine.charges import ChargeLine
from concerto_education.engine.money import ZERO, money
from concerto_education.engine.pricing import Explanation
from concerto_education.engine.waivers import ADJUSTMENT_KEY

ADJUSTMENT = "Manual Adjustment"
WAITING, INVOICED, WITHDRAWN = "Waiting", "Invoiced", "Withdrawn"


# ---------------------------------------------------------------- entering


def before_insert(doc) -> None:
	"""Who enters it is who is logged in, and it waits: neither is a matter of the form."""
	doc.status, doc.given_by = WAITING, frappe.session.user
	doc.invoice = doc.withdrawn_on = doc.withdrawn_by = doc.withdraw_reason = None


def check(doc) -> None:
	if not (doc.reason or "").strip():
		frappe.throw(_("Reason: say why, it is printed on the invoice (R34)"), ReasonMissing)
	if money(decimal_of(doc.amount)) <= ZERO:
		frappe.throw(
			_("Amount: enter an amount above zero, and choose whether it is a credit or a charge"),
			WrongAdjustment,
		)
	if decimal_of(doc.amount) != money(decimal_of(doc.amount)):
		frappe.throw(_("Amount: no parts of a cent, please"), WrongAdjustment)
	# Names on a document that the framework has checked.
	payer = frappe.db.get_value("Payer", doc.payer, ["family", "recipient", "merged_into"], as_dict=True)
	if not payer.family:
		frappe.throw(
			_("Payer: {0} pays for no family. What a funder owes is corrected on its statement (R29)").format(
				payer.recipient or doc.payer
			),
			WrongAdjustment,
		)
	if payer.merged_into:
		frappe.throw(
			_("Payer: {0} was merged into {1}, choose that one").format(
				payer.recipient or doc.payer, payer.merged_into
			),
			WrongAdjustment,
		)
	doc.family = payer.family
	if doc.person and not frappe.db.exists(
		"Family Member", {"parenttype": "Family", "parent": doc.family, "person": doc.person}
	):
		frappe.throw(_("Child: this person is not in the family of the payer"), WrongAdjustment)
	doc.imputation = doc.imputation or frappe.db.get_value("Activity", doc.activity, "imputation")
	amount = signed(doc)
	doc.title = f"{payer.recipient or doc.payer} – {format_money(amount)}"[:140]


def signed(doc) -> Decimal:
	amount = money(decimal_of(doc.amount))
	return -amount if doc.kind == "Credit" else amount


def withdraw(name: str, reason: str) -> None:
	"""It never comes to an invoice. The caller has checked the right, and that no run is at work."""
	doc = frappe.get_doc(ADJUSTMENT, name, for_update=True)
	if not (reason or "").strip():
		frappe.throw(_("Reason: say why the adjustment is withdrawn"), ReasonMissing)
	if doc.status != WAITING:
		frappe.throw(
			_("Adjustment {0} is “{1}”: only one that waits can be withdrawn (R34)").format(
				doc.name, _(doc.status)
			),
			AdjustmentIsClosed,
		)
	# A draft that holds it would be issued with it.
	if frappe.db.exists("Charge", {"adjustment": name}):
		frappe.throw(
			_(
				"Adjustment {0} is on a draft invoice: discard the draft of the billing run, withdraw, and compute again"
			).format(doc.name),
			AdjustmentIsClosed,
		)
	doc.status = WITHDRAWN
	doc.withdrawn_on, doc.withdrawn_by, doc.withdraw_reason = now(), frappe.session.user, reason
	doc.flags.by_rule = True
	doc.save(ignore_permissions=True)  # the fields are closed to the form, the right was checked at the door


# ---------------------------------------------------------------- in a run


def families() -> list[str]:
	"""Families with an adjustment that waits: they are billed even if nobody came."""
	Adjustment = DocType(ADJUSTMENT)
	return (
		frappe.qb.from_(Adjustment)
		.select(Adjustment.family)
		.distinct()
		.where(Adjustment.status == WAITING)
		.run(pluck=True)
	)


def load(strict: bool, chunk) -> None:
	"""Fill ``chunk.adjustments`` and their labels: one query for a chunk of families. ``strict``: the setting."""
	Adjustment = DocType(ADJUSTMENT)
	rows = (
		frappe.qb.from_(Adjustment)
		.select("*")
		.where(Adjustment.family.isin(list(chunk.families) or [""]) & (Adjustment.status == WAITING))
		.orderby(Adjustment.name)
	).run(as_dict=True)
	for row in rows:
		chunk.by_hand[row.name] = _label(row)
		payer = chunk.payers[row.payer].receives if row.payer in chunk.payers else row.payer
		chunk.adjustments[row.family].append(_line(row, payer, strict))


def _label(row) -> str:
	template = _("Adjustment in your favour – {0}") if row.kind == "Credit" else _("Adjustment – {0}")
	return template.format(row.activity)


def _line(row, payer: str, setting: bool) -> ChargeLine:
	amount = signed(row)
	strict = row.kind == "Credit" and (
		row.application == "Strict" or (row.application == "By Setting" and setting)
	)
	return ChargeLine(
		key=(f"{ADJUSTMENT_KEY}{row.name}", payer),
		family=row.family,
		person=row.person,
		payer=payer,
		enrolment=None,
		activity=row.activity,
		site=None,
		category=None,
		unit=None,
		day=getdate(row.service_date),
		quantity=Decimal(1),
		unit_price=amount,
		amount=amount,
		tariff=None,
		quotient=None,
		quotient_value=None,
		imputation=row.imputation,
		explanation=Explanation(
			amount=str(amount),
			steps=[["by_hand", {"reason": row.reason.strip(), "strict": strict}, str(amount)]],
			quantity="1",
		),
		strict=strict,
		adjustment=row.name,
	)


def close_invoiced(invoices: list[str]) -> None:
	"""These invoices are issued: the adjustments on them are closed. Two statements, in the issuing transaction."""
	Charge, Adjustment = DocType("Charge"), DocType(ADJUSTMENT)
	taken = (
		frappe.qb.from_(Charge)
		.select(Charge.adjustment, Charge.invoice)
		.where(Charge.invoice.isin(invoices) & (Charge.adjustment != ""))
	).run()
	for name, invoice in taken:  # a handful a month
		(
			frappe.qb.update(Adjustment)
			.set(Adjustment.status, INVOICED)
			.set(Adjustment.invoice, invoice)
			.where((Adjustment.name == name) & (Adjustment.status == WAITING))
		).run()
