"""Care in invoices: which lines are care of a child under six, and what of them was paid in a year.

An activity says whether it is care outside the home (by its kind, unless set otherwise); an imputation may say that it
is meals, which never count. Neither do penalties for late pick-ups. What others pay (prises en charge, vouchers) is a
negative line of the same child and activity, so it is taken off by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe.query_builder import DocType
from frappe.utils import getdate

from concerto_education.authority.money import decimal_of
from concerto_education.billing.payments.accounts import heads
from concerto_education.billing.special_facts import LATE_PICKUP
from concerto_education.engine.care_certificate import Claim, Settlement, is_eligible, paid_in
from concerto_education.engine.money import ZERO, money, split

# Kinds of activities that are care outside the home; camps with nights, canteen, transport and others are not.
CARE_KINDS = frozenset(
	{
		"Périscolaire Care",
		"Leisure Centre, Wednesday",
		"Leisure Centre, Holidays",
		"Nursery, Occasional",
		"Nursery, Contract",
	}
)
BY_KIND, YES = "By Kind", "Yes"


@dataclass(frozen=True)
class Child:
	person: str
	name: str
	birth_date: date
	amount: Decimal


def paid(payers: Iterable[str], year: int) -> dict[str, list[Child]]:
	"""For each payer the children under six with the care paid in the year. A constant number of queries.

	Payers merged into another count with it.
	"""
	wanted = list(dict.fromkeys(payers))
	group = heads(wanted)
	group |= heads(set(group.values()))
	settlements = _settlements(sorted(group))
	claims = _claims(
		{_invoice(row.claim) for rows in settlements.values() for row in rows} | _notes(settlements),
		_by_line(settlements),
	)
	by_head: dict[str, list[Settlement]] = defaultdict(list)
	for payer, rows in settlements.items():
		by_head[group.get(payer, payer)].extend(rows)
	sums = {payer: paid_in(year, claims, by_head.get(group.get(payer, payer), ())) for payer in wanted}
	persons = _persons({person for amounts in sums.values() for person in amounts})
	return {
		payer: sorted(
			(
				Child(person, persons[person].full_name, getdate(persons[person].birth_date), amount)
				for person, amount in amounts.items()
				if amount > 0 and person in persons and is_eligible(persons[person].birth_date, year)
			),
			key=lambda child: (child.birth_date, child.name),
		)
		for payer, amounts in sums.items()
	}


def payers_of(year: int) -> list[str]:
	"""Payers for whom something was settled in the year."""
	Allocation = DocType("Allocation")
	rows = (
		frappe.qb.from_(Allocation)
		.select(Allocation.payer)
		.distinct()
		.where(Allocation.allocation_date[date(year, 1, 1) : date(year, 12, 31)])
		.orderby(Allocation.payer)
	).run(pluck=True)
	group = heads(rows)
	return sorted(set(group.values()))


def care_activities() -> frozenset[str]:
	# Settings of activities, whoever asks.
	rows = frappe.get_all("Activity", fields=["name", "kind", "care_certificate"])
	return frozenset(
		row.name
		for row in rows
		if row.care_certificate == YES
		or ((row.care_certificate or BY_KIND) == BY_KIND and row.kind in CARE_KINDS)
	)


def meal_imputations() -> frozenset[str]:
	return frozenset(frappe.get_all("Imputation", filters={"is_meal": 1}, pluck="name"))


# ---------------------------------------------------------------- what was settled


def _settlements(payers: list[str]) -> dict[str, list[Settlement]]:
	"""All that ever reached invoices of these payers and stands: rows taken back later never happened."""
	if not payers:
		return {}
	Allocation, Counter = DocType("Allocation"), DocType("Allocation").as_("counter")
	rows = (
		frappe.qb.from_(Allocation)
		.left_join(Counter)
		.on(Counter.reverses == Allocation.name)
		.select(
			Allocation.payer,
			Allocation.allocation_date,
			Allocation.amount,
			Allocation.invoice,
			Allocation.invoice_line,
			Allocation.source_type,
			Allocation.source,
			Allocation.name,
		)
		.where(Allocation.payer.isin(payers) & (Allocation.is_reversal == 0) & Counter.name.isnull())
	).run(as_dict=True)
	found: dict[str, list[Settlement]] = defaultdict(list)
	for row in rows:
		note = row.source if row.source_type == "Invoice" else None
		if not row.invoice and not note:
			continue  # an overpayment that was paid back paid nothing
		found[row.payer].append(
			Settlement(
				(row.invoice, row.invoice_line) if row.invoice_line else row.invoice,
				getdate(row.allocation_date),
				money(decimal_of(row.amount)),
				row.name,
				note,
			)
		)
	return found


def _notes(settlements: Mapping[str, list[Settlement]]) -> set[str]:
	return {row.credit_note for rows in settlements.values() for row in rows if row.credit_note}


# ---------------------------------------------------------------- what was claimed


def _invoice(claim) -> str | None:
	return claim[0] if isinstance(claim, tuple) else claim


def _by_line(settlements: Mapping[str, list[Settlement]]) -> dict[tuple[str, str], Decimal]:
	"""What was paid of lines that somebody chose: (invoice, line) → amount."""
	found: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
	for rows in settlements.values():
		for row in rows:
			if isinstance(row.claim, tuple):
				found[row.claim] += row.amount
	return found


def _claims(
	names: Iterable[str | None], by_line: Mapping[tuple[str, str], Decimal]
) -> dict[str | tuple[str, str], Claim]:
	"""Each invoice with the care in it, by child; what it carries over is followed to where it was charged.

	A line that somebody chose to pay is a claim of its own, taken out of its invoice: what pays it pays all care or none.
	"""
	lines, totals = _lines({name for name in names if name})
	care, meals = care_activities(), meal_imputations()
	memo: dict[str, dict[str, Decimal]] = {}

	def of(invoice: str) -> dict[str, Decimal]:
		if invoice in memo:
			return memo[invoice]
		found: dict[str, Decimal] = defaultdict(lambda: ZERO)
		memo[invoice] = found
		for line in lines.get(invoice, ()):
			amount = money(decimal_of(line.amount))
			if line.kind == "Carried Over":
				for person, part in _portion(
					of(line.carried_from or ""), amount, totals.get(line.carried_from)
				):
					found[person] += part
			elif _is_care(line, care, meals):
				found[line.person] += amount
		_take_kept(found, lines.get(invoice, ()))
		return found

	cares = {name: dict(of(name)) for name in names if name and name in totals}
	rest, found = dict(totals), {}
	for key, amount in by_line.items():
		invoice, name = key
		line = next((row for row in lines.get(invoice, ()) if row.name == name), None)
		if line is None or invoice not in cares:
			continue
		rest[invoice] -= amount
		care_of_line = {line.person: amount} if _is_care(line, care, meals) else {}
		for person, part in care_of_line.items():
			cares[invoice][person] = cares[invoice].get(person, ZERO) - part
		found[key] = Claim(key, amount, care_of_line)
	for name, amounts in cares.items():
		found[name] = Claim(name, rest[name], {person: part for person, part in amounts.items() if part})
	return found


def _is_care(line, care: frozenset[str], meals: frozenset[str]) -> bool:
	"""Penalties for late pick-ups are no care (answer to the parliamentary question 78406 of 2010)."""
	return bool(
		line.person and line.activity in care and line.imputation not in meals and line.unit != LATE_PICKUP
	)


def _portion(care: Mapping[str, Decimal], amount: Decimal, total: Decimal | None):
	"""The care in an amount that was carried over from an invoice of this total."""
	if not total:
		return []
	return [(person, money(part * amount / total)) for person, part in care.items()]


def _take_kept(found: dict[str, Decimal], lines) -> None:
	"""A credit that waits for the next invoice (R34) is not in this one's total: its care isn't either."""
	for line in lines:
		if line.kind != "Credit Kept":
			continue
		negative = [person for person, amount in found.items() if amount < 0]
		if not negative:
			continue
		whole = sum((found[person] for person in negative), ZERO)
		kept = min(money(decimal_of(line.amount)), -whole)
		for person, part in zip(negative, split(kept, [-found[person] for person in negative]), strict=True):
			found[person] += part


def _lines(names: set[str]) -> tuple[dict[str, list], dict[str, Decimal]]:
	"""Lines and totals of these invoices, and of those they carry over: one pass for each step back."""
	lines: dict[str, list] = defaultdict(list)
	totals: dict[str, Decimal] = {}
	wanted = set(names)
	while wanted:
		Invoice, Line = DocType("Invoice"), DocType("Invoice Line")
		for name, total in (
			frappe.qb.from_(Invoice)
			.select(Invoice.name, Invoice.total)
			.where(Invoice.name.isin(sorted(wanted)))
		).run():
			totals[name] = money(decimal_of(total))
		rows = (
			frappe.qb.from_(Line)
			.select(
				Line.name,
				Line.parent,
				Line.kind,
				Line.amount,
				Line.person,
				Line.activity,
				Line.unit,
				Line.imputation,
				Line.carried_from,
			)
			.where(Line.parent.isin(sorted(wanted)) & (Line.parenttype == "Invoice"))
			.orderby(Line.parent, Line.idx)
		).run(as_dict=True)
		for row in rows:
			lines[row.parent].append(row)
		wanted = {row.carried_from for row in rows if row.carried_from} - set(totals)
	return lines, totals


def _persons(names: set[str]) -> dict[str, frappe._dict]:
	# Names on a certificate whose reader was checked.
	rows = frappe.get_all(
		"Person",
		filters={"name": ("in", sorted(names) or [""])},
		fields=["name", "full_name", "birth_date"],
	)
	return {row.name: row for row in rows}
