"""What stands of an invoice: the positions that can still be credited, read from the ledger (R34).

A held invoice that was carried over is claimed by the one that took it: its positions are among those of that one too.
Credits (a régularisation, an adjustment in the payer's favour) are no positions: they are right whatever becomes of the
rest, and stay on the payer's account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import frappe
from frappe.query_builder import DocType
from frappe.utils import getdate

from concerto_education.authority.money import decimal_of
from concerto_education.engine.corrections import Position
from concerto_education.engine.money import ZERO, money
from concerto_education.engine.waivers import fact_of

SAME_LINE = (
	"person",
	"activity",
	"category",
	"unit",
	"unit_price",
	"is_adjustment",
	"origin_month",
	"imputation",
	"share",
	"adjustment",
)


@dataclass
class Standing:
	"""Of one invoice. ``lines`` are rows of Invoice Line by name; ``charges`` rows of the ledger by name."""

	lines: dict[str, frappe._dict] = field(default_factory=dict)
	charges: dict[str, frappe._dict] = field(default_factory=dict)
	positions: list[Position] = field(default_factory=list)
	credited: dict[str, Decimal] = field(default_factory=dict)  # amounts credited before, by line, positive

	@property
	def left(self) -> Decimal:
		from concerto_education.engine.corrections import left_of_lines

		return sum(left_of_lines(self.positions, self.credited).values(), ZERO)


def of_invoice(invoice, *, for_update: bool = False) -> Standing:
	"""What can still be credited of an invoice, with what it carried over. For a document whose reader was checked."""
	names = _with_carried(invoice.name)
	standing = Standing()
	for row in _lines(names):
		standing.lines[row.name] = row
	own = _charges(names, for_update)
	deductions = _deductions(invoice, for_update)
	reversed_ = _reversed([*own, *(row.name for rows in deductions.values() for row in rows)])
	by_look = {(row.parent, *_look(row)): row.name for row in reversed(list(standing.lines.values()))}
	for row in own.values():
		if row.name in reversed_ or row.funding or row.voucher or money(decimal_of(row.amount)) < ZERO:
			continue
		line = by_look.get((row.invoice, *_look(row)))
		taken = [d for d in deductions.get((row.fact_key, row.payer), ()) if d.name not in reversed_]
		amount = sum((money(decimal_of(d.amount)) for d in taken), money(decimal_of(row.amount)))
		standing.charges[row.name] = row
		standing.charges.update({entry.name: entry for entry in taken})
		standing.positions.append(
			Position(
				id=row.name,
				line=line or row.name,
				day=getdate(row.service_date),
				amount=amount,
				entries=(row.name, *(entry.name for entry in taken)),
			)
		)
	standing.credited = _credited(standing.lines)
	return standing


def _with_carried(invoice: str) -> list[str]:
	"""The invoice and the held ones that it took over, and theirs."""
	Invoice = DocType("Invoice")
	found, new = [invoice], [invoice]
	while new:
		new = (
			frappe.qb.from_(Invoice)
			.select(Invoice.name)
			.where(
				Invoice.carried_to.isin(new)
				& (Invoice.status == "Carried Over")
				& (Invoice.kind != "Credit Note")
			)
			.orderby(Invoice.month)
		).run(pluck=True)
		new = [name for name in new if name not in found]
		found.extend(new)
	return found


def _lines(invoices: list[str]) -> list[frappe._dict]:
	Line = DocType("Invoice Line")
	rows = (
		frappe.qb.from_(Line)
		.select("*")
		.where(
			Line.parent.isin(invoices)
			& (Line.parenttype == "Invoice")
			& (Line.kind == "Charge")
			& (Line.funding.isnull() | (Line.funding == ""))
			& (Line.voucher.isnull() | (Line.voucher == ""))
		)
		.orderby(Line.idx)
	).run(as_dict=True)
	return sorted(rows, key=lambda row: (invoices.index(row.parent), row.idx))


def _charges(invoices: list[str], for_update: bool) -> dict[str, frappe._dict]:
	Charge = DocType("Charge")
	query = (
		frappe.qb.from_(Charge)
		.select("*")
		.where(Charge.invoice.isin(invoices) & (Charge.entry != "Reversal"))
		.orderby(Charge.service_date, Charge.name)
	)
	rows = (query.for_update() if for_update else query).run(as_dict=True)
	return {row.name: row for row in rows}


def _deductions(invoice, for_update: bool) -> dict[tuple, list[frappe._dict]]:
	"""What third parties take off, by fact and payer: a notification that came late is on a later invoice."""
	Charge = DocType("Charge")
	query = (
		frappe.qb.from_(Charge)
		.select("*")
		.where(
			(Charge.family == invoice.family)
			& (Charge.payer == invoice.payer)
			& (Charge.entry == "Charge")
			& ((Charge.funding != "") | (Charge.voucher != ""))
		)
		.orderby(Charge.service_date, Charge.name)
	)
	found: dict[tuple, list] = defaultdict(list)
	for row in (query.for_update() if for_update else query).run(as_dict=True):
		found[fact_of(row.fact_key, row.funding or row.voucher), row.payer].append(row)
	return found


def _reversed(names: Iterable[str]) -> set[str]:
	Charge = DocType("Charge")
	return set(
		frappe.qb.from_(Charge)
		.select(Charge.reverses)
		.where(Charge.reverses.isin(list(names) or [""]))
		.run(pluck=True)
	)


def _credited(lines: Iterable[str]) -> dict[str, Decimal]:
	"""Amounts that credit notes took off these lines beside their days; one that was given back is none."""
	Charge = DocType("Charge")
	rows = (
		frappe.qb.from_(Charge)
		.select(Charge.corrects, Charge.amount)
		.where(Charge.corrects.isin(list(lines) or [""]))
	).run()
	found: dict[str, Decimal] = {}
	for line, amount in rows:
		found[line] = found.get(line, ZERO) - money(decimal_of(amount))
	return {line: amount for line, amount in found.items() if amount}


def _look(row) -> tuple:
	"""What makes charges one line of an invoice, as the engine groups them."""
	found = []
	for field_ in SAME_LINE:
		value = row.get(field_)
		if field_ in ("unit_price", "share"):
			value = decimal_of(value)
		elif field_ == "origin_month":
			value = getdate(value) if value else None
		elif field_ == "is_adjustment":
			value = int(value or 0)
		else:
			value = value or None
		found.append(value)
	return tuple(found)
