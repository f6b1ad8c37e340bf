"""The ledger in the database: writing charges and draft invoices, reading recorded ones, deleting drafts.

``insert_rows`` skips hooks, permissions and the naming of documents, on purpose: a run writes up to a hundred
rows for one that a person would, nothing hooks on them, what is written was checked by the engine, and whoever
started the run may bill everybody. So names and time stamps are made here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import getdate, now

from concerto_education.authority.bulk import insert_rows
from concerto_education.authority.money import decimal_of
from concerto_education.billing import explain, problems
from concerto_education.billing.bill import FamilyBill
from concerto_education.billing.facts import ChunkFacts, Context
from concerto_education.billing.funders.drafts import delete_funders_drafts
from concerto_education.billing.labels import line_label
from concerto_education.engine.charges import ChargeLine
from concerto_education.engine.invoicing import InvoiceDraft, InvoiceLine, InvoiceState
from concerto_education.engine.money import ZERO, money
from concerto_education.engine.pricing import Explanation
from concerto_education.engine.waivers import ADJUSTMENT_KEY

OUTCOME = {
	InvoiceState.DUE: "To Send",
	InvoiceState.HELD: "Held",
	InvoiceState.NOTHING_DUE: "Nothing Due",
}
STAMPS = ["name", "creation", "modified", "owner", "modified_by"]
CHARGE = [
	"name",
	"service_date",
	"person",
	"activity",
	"amount",
	"entry",
	"reverses",
	"is_adjustment",
	"origin_month",
	"invoice",
	"payer",
	"family",
	"attendance",
	"enrolment",
	"site",
	"category",
	"unit",
	"fact_key",
	"quantity",
	"unit_price",
	"share",
	"imputation",
	"funding",
	"voucher",
	"adjustment",
	"tariff",
	"quotient",
	"quotient_value",
	"explanation",
]
INVOICE = [
	"name",
	"title",
	"payer",
	"family",
	"recipient",
	"outcome",
	"charged",
	"carried_over",
	"total",
]
LINE = [
	"name",
	"parent",
	"idx",
	"kind",
	"label",
	"quantity",
	"unit_price",
	"amount",
	"share",
	"person",
	"activity",
	"category",
	"unit",
	"imputation",
	"funding",
	"voucher",
	"adjustment",
	"is_adjustment",
	"origin_month",
	"carried_from",
	"days",
	"explanation",
]
DATA_LENGTH = 140
ALL = Decimal(100)  # percent: the part of whoever pays alone
DELETE_BATCH = 500


# ---------------------------------------------------------------- writing


def write(
	run: str, context: Context, chunk: ChunkFacts, bills: Sequence[FamilyBill]
) -> list[problems.Problem]:
	"""Write the bills of a chunk. If the database refuses, family by family, so that one is listed, not all lost."""
	try:
		with _Savepoint("chunk"):
			insert(run, context, chunk, bills)
		return []
	except Exception:  # noqa: BLE001 - found out below which family it is
		refused = []
	for bill in bills:
		try:
			with _Savepoint("family"):
				insert(run, context, chunk, [bill])
		except Exception as error:  # noqa: BLE001 - logged and listed; nobody else may suffer from it
			refused.append(problems.unexpected(bill.family, error))
	return refused


class _Savepoint:
	"""What the block wrote is undone if it fails, and only that."""

	def __init__(self, name: str) -> None:
		self.name = f"billing_{name}"

	def __enter__(self) -> None:
		frappe.db.savepoint(self.name)

	def __exit__(self, kind, error, trace) -> None:
		if error is None:
			frappe.db.release_savepoint(self.name)
		else:
			frappe.db.rollback(save_point=self.name)


def insert(run: str | None, context: Context, chunk: ChunkFacts, bills: Sequence[FamilyBill]) -> list[str]:
	"""Write drafts with their lines and charges; returns the names of the invoices. No run: a correction."""
	rows = _Rows(context, chunk)
	for bill in bills:
		rows.add(bill)
	moment, user = now(), frappe.session.user
	stamps = {"creation": moment, "modified": moment, "owner": user, "modified_by": user}
	own = {**stamps, "billing_run": run}
	insert_rows("Invoice", INVOICE, rows.invoices, same={**own, "month": context.month, "status": "Draft"})
	insert_rows(
		"Invoice Line", LINE, rows.lines, same={**stamps, "parenttype": "Invoice", "parentfield": "lines"}
	)
	insert_rows("Charge", CHARGE, rows.charges, same={**own, "billing_month": context.month})
	return [row[0] for row in rows.invoices]


@dataclass
class _Rows:
	"""Database rows of the bills of a chunk."""

	context: Context
	chunk: ChunkFacts
	invoices: list[tuple] = field(default_factory=list)
	lines: list[tuple] = field(default_factory=list)
	charges: list[tuple] = field(default_factory=list)

	def __post_init__(self) -> None:
		self.explanations: dict[int, str] = {}  # charges of equal price share their explanation

	def add(self, bill: FamilyBill) -> None:
		for draft in bill.invoices:
			invoice = self._invoice(draft)
			self._lines(invoice, draft)
			for line in draft.lines:
				self._charges(invoice, line.charges)
		# What funders owe is on no invoice of the family: their statement gathers it (billing/funders).
		self._charges(None, bill.funders)

	def _invoice(self, draft: InvoiceDraft) -> str:
		address = self.chunk.addresses.get(draft.payer)
		name = _new_name()
		self.invoices.append(
			(
				name,
				self.chunk.payers[draft.payer].title[:DATA_LENGTH],
				draft.payer,
				draft.family,
				address.as_text() if address else None,
				OUTCOME[draft.state],
				sum((line.amount for line in draft.lines), ZERO),
				sum((item.amount for item in draft.carried), ZERO),
				draft.total,
			)
		)
		return name

	def _lines(self, invoice: str, draft: InvoiceDraft) -> None:
		"""Charges, then what is carried over, then credits that wait: together they sum to the total."""
		rows = [self._charge_line(line) for line in draft.lines]
		for item in draft.carried:
			month = explain.month_text(self.chunk.held_months[item.invoice])
			label = (
				_("Carried over from {0} (amount held en mairie)")
				if item.amount >= 0
				else _("Credit carried over from {0}")
			).format(month)
			rows.append(self._other_line("Carried Over", label, item.amount, item.imputation, item.invoice))
		for credit in draft.credits_left:
			label = _("Credit kept for the next invoice")
			why = _("This credit can only be set against services of the same kind: it waits for them.")
			rows.append(self._other_line("Credit Kept", label, -credit.amount, credit.imputation, None, why))
		for index, row in enumerate(rows, 1):
			self.lines.append((_new_name(), invoice, index, *row))

	def _charge_line(self, line: InvoiceLine) -> tuple:
		return (
			"Charge",
			self._label(line)[:DATA_LENGTH],
			line.quantity,
			line.unit_price,
			line.amount,
			line.share or ALL,
			line.person,
			line.activity,
			line.category,
			line.unit,
			line.imputation,
			line.funding,
			line.voucher,
			line.adjustment,
			int(line.regularisation),
			_month_start(line.origin_month),
			None,
			explain.days_of_line(line.days, line.charges),
			explain.line_text(line.charges),
		)

	@staticmethod
	def _other_line(
		kind: str,
		label: str,
		amount: Decimal,
		imputation: str | None,
		carried_from: str | None,
		why: str | None = None,
	) -> tuple:
		nothing = (None, None, None, None)
		sources = (None, None, None)
		place = (*nothing, imputation, *sources, 0, None, carried_from, None, why)
		return (kind, label, 1, amount, amount, ALL, *place)

	def _label(self, line: InvoiceLine) -> str:
		if line.adjustment:
			return self.chunk.by_hand[line.adjustment]
		source = line.funding or line.voucher
		if not source:
			return line_label(self.context, line)
		return self.chunk.sources.labels.get(source) or _("Taken in charge ({0})").format(source)

	def _charges(self, invoice: str | None, charges: Sequence[ChargeLine]) -> None:
		attendances = self.chunk.attendances
		for charge in charges:
			key = charge.key[0]
			self.charges.append(
				(
					_new_name(),
					charge.day,
					charge.person,
					charge.activity,
					charge.amount,
					_entry(charge),
					charge.reversal_of,
					int(charge.regularisation),
					_month_start(charge.origin_month),
					invoice,
					charge.payer,
					charge.family,
					attendances.get(key),
					charge.enrolment,
					charge.site,
					charge.category,
					charge.unit,
					key,
					charge.quantity,
					charge.unit_price,
					charge.share or ALL,
					charge.imputation,
					charge.funding,
					charge.voucher,
					_adjustment(charge),
					charge.tariff,
					charge.quotient,
					charge.quotient_value or ZERO,  # the column has no NULL; `quotient` tells 0 from none
					self._explanation(charge),
				)
			)

	def _explanation(self, charge: ChargeLine) -> str:
		identity = id(charge.explanation)
		if identity not in self.explanations:
			self.explanations[identity] = charge.explanation.as_json()
		return self.explanations[identity]


def _entry(charge: ChargeLine) -> str:
	if charge.reversal_of:
		return "Reversal"
	return "Adjustment" if charge.adjustment else "Charge"


def _adjustment(charge: ChargeLine) -> str | None:
	"""The Manual Adjustment behind an entry; the credit of an amount has none."""
	return charge.adjustment if str(charge.key[0]).startswith(ADJUSTMENT_KEY) else None


def _new_name() -> str:
	return frappe.generate_hash(length=10)


def _month_start(month: str | None) -> date | None:
	return date(int(month[:4]), int(month[5:]), 1) if month else None


# ---------------------------------------------------------------- reading


def charge_lines(names: Sequence[str]) -> dict[str, ChargeLine]:
	"""Recorded charges in full, by name, as the engine's lines: for those that have to be reversed."""
	Charge = DocType("Charge")
	rows = frappe.qb.from_(Charge).select("*").where(Charge.name.isin(names)).run(as_dict=True)
	return {row.name: _charge_line_of(row) for row in rows}


def _charge_line_of(row: frappe._dict) -> ChargeLine:
	return ChargeLine(
		key=(row.fact_key, row.payer),
		family=row.family,
		person=row.person,
		payer=row.payer,
		enrolment=row.enrolment,
		activity=row.activity,
		site=row.site,
		category=row.category,
		unit=row.unit,
		day=getdate(row.service_date),
		quantity=decimal_of(row.quantity),
		unit_price=_price(row.unit_price),
		amount=money(decimal_of(row.amount)),
		tariff=row.tariff,
		quotient=row.quotient,
		quotient_value=decimal_of(row.quotient_value) if row.quotient else None,
		imputation=row.imputation,
		explanation=Explanation(json.loads(row.explanation or "{}")),
		share=None if decimal_of(row.share) == ALL else decimal_of(row.share),
		regularisation=bool(row.is_adjustment),
		origin_month=f"{row.origin_month:%Y-%m}" if row.origin_month else None,
		funding=row.funding or None,
		voucher=row.voucher or None,
		adjustment=row.adjustment or None,
	)


def _price(value) -> Decimal:
	"""A unit price with its two decimals back, or up to four if it has them."""
	price = decimal_of(value)
	return money(price) if price == money(price) else price


# ---------------------------------------------------------------- deleting


def delete_drafts(checkpoint: Callable[[], None]) -> None:
	"""Delete every draft invoice with its lines and charges. Issued ones are never touched.

	Straight on the tables, batch by batch: the forms refuse to delete invoices, and rightly so. All drafts and
	not those of one run, because only one run is open at a time. Charges go before their invoice, so a kill in
	between leaves nothing that points to nothing.
	"""
	Invoice, Line, Charge = DocType("Invoice"), DocType("Invoice Line"), DocType("Charge")
	while drafts := (
		frappe.qb.from_(Invoice)
		.select(Invoice.name)
		.where(Invoice.docstatus == 0)
		.limit(DELETE_BATCH)
		.run(pluck=True)
	):
		frappe.qb.from_(Charge).delete().where(Charge.invoice.isin(drafts)).run()
		frappe.qb.from_(Line).delete().where(Line.parent.isin(drafts)).run()
		frappe.qb.from_(Invoice).delete().where(Invoice.name.isin(drafts)).run()
		checkpoint()
	delete_funders_drafts()
	checkpoint()
