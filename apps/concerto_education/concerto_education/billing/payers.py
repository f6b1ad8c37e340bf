"""Who pays for an enrolment, day by day (R19, R22)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe.query_builder import DocType

from concerto_education.authority.money import decimal_of
from concerto_education.engine.charges import PayerShare
from concerto_education.engine.ranges import DateMap, DateRange
from concerto_education.families.placement.days import payer_spans

Shares = tuple[PayerShare, ...]
ALWAYS = DateRange(date(1900, 1, 1))


@dataclass(frozen=True, slots=True)
class PayerCard:
	"""Whose payer it is, and the name under which lists and numbers are sorted: « MARTIN Claire ».

	``receives``: who gets what earlier invoices have left over: the payer, or the one it was merged into.
	"""

	family: str
	title: str
	receives: str


def payers_of(families: Sequence[str]) -> dict[str, PayerCard]:
	"""Payers of some families, active or not: an old enrolment may still name one who has moved on."""
	Payer, Person, Organisation = DocType("Payer"), DocType("Person"), DocType("Organisation")
	rows = (
		frappe.qb.from_(Payer)
		.left_join(Person)
		.on(Person.name == Payer.person)
		.left_join(Organisation)
		.on(Organisation.name == Payer.organisation)
		.select(
			Payer.name,
			Payer.family,
			Person.full_name,
			Organisation.organisation_name,
			Payer.recipient,
			Payer.merged_into,
		)
		.where(Payer.family.isin(families))
	).run()
	return {
		name: PayerCard(family, person or organisation or recipient or name, merged_into or name)
		for name, family, person, organisation, recipient, merged_into in rows
	}


def payer_maps(enrolments: Iterable[frappe._dict], window: DateRange) -> dict[str, DateMap[Shares]]:
	"""Payers of many enrolments, by enrolment, in a constant number of queries.

	One payer pays always. Two payers with a custody calendar pay on their own days, without one by their shares.
	While a child is placed, the carer or the home pays, whoever the enrolment names (R17).
	"""
	enrolments = list(enrolments)
	named = _named_payers([enrolment.name for enrolment in enrolments])
	custody = _custody_days(
		{
			enrolment.custody_calendar
			for enrolment in enrolments
			if enrolment.custody_calendar and len(named.get(enrolment.name, ())) > 1
		},
		window,
	)
	alone: dict[Shares, DateMap[Shares]] = {}  # payers of siblings are the same: one map for all of them
	maps = {}
	for enrolment in enrolments:
		shares = named.get(enrolment.name)
		if not shares:
			continue
		if len(shares) > 1 and enrolment.custody_calendar in custody:
			maps[enrolment.name] = custody[enrolment.custody_calendar]
			continue
		if shares not in alone:
			alone[shares] = DateMap([(ALWAYS, shares)])
		maps[enrolment.name] = alone[shares]
	return _with_placements(maps, enrolments, window)


def _with_placements(
	maps: dict[str, DateMap[Shares]], enrolments: Sequence[frappe._dict], window: DateRange
) -> dict[str, DateMap[Shares]]:
	placed = payer_spans({enrolment.person for enrolment in enrolments}, window)
	for enrolment in enrolments if placed else ():
		spans = placed.get((enrolment.family, enrolment.person))
		if spans and enrolment.name in maps:
			hosts = DateMap((span, (PayerShare(payer, Decimal(1)),)) for span, payer in spans)
			maps[enrolment.name] = maps[enrolment.name].set_all(hosts)
	return maps


def _named_payers(enrolments: Sequence[str]) -> dict[str, Shares]:
	if not enrolments:
		return {}
	Row = DocType("Enrolment Payer")
	rows = (
		frappe.qb.from_(Row)
		.select(Row.parent, Row.payer, Row.share)
		.where(Row.parent.isin(enrolments) & (Row.parenttype == "Enrolment"))
		.orderby(Row.parent, Row.idx)
	).run()
	found: dict[str, list[PayerShare]] = {}
	for parent, payer, share in rows:
		found.setdefault(parent, []).append(PayerShare(payer, decimal_of(share)))
	# Who pays alone pays all, whatever share the form holds.
	return {
		parent: tuple(shares) if len(shares) > 1 else (PayerShare(shares[0].payer, Decimal(1)),)
		for parent, shares in found.items()
	}


def _custody_days(calendars: set[str], window: DateRange) -> Mapping[str, DateMap[Shares]]:
	"""Each custody calendar as a map from days to the one payer of the day."""
	if not calendars:
		return {}
	from concerto_education.families.custody import payer_days

	return {
		name: days.map(lambda payer: (PayerShare(payer, Decimal(1)),))
		for name, days in payer_days(sorted(calendars), window).items()
	}
