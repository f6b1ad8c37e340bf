"""What isn't billed again by itself: waivers, written with a credit note and released by hand (R34)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import frappe
from frappe.query_builder import DocType
from frappe.utils import now

from concerto_education.authority.bulk import insert_rows
from concerto_education.engine.waivers import Waivers

WAIVER = "Charge Waiver"
COLUMNS = ["name", "fact_key", "payer", "person", "activity", "service_date"]


@dataclass(frozen=True)
class Waived:
	"""A fact that is waived, or with a payer that payer's part of it."""

	fact: str
	payer: str | None
	person: str
	activity: str
	day: date


def load(families: Sequence[str]) -> dict[str, Waivers]:
	"""The active waivers of some families, in one query: for a run, whoever starts it."""
	Waiver = DocType(WAIVER)
	rows = (
		frappe.qb.from_(Waiver)
		.select(Waiver.family, Waiver.fact_key, Waiver.payer)
		.where(Waiver.family.isin(list(families) or [""]) & (Waiver.active == 1))
	).run()
	found: dict[str, list[tuple]] = defaultdict(list)
	for family, fact, payer in rows:
		found[family].append((fact, payer))
	return {family: Waivers.of(pairs) for family, pairs in found.items()}


def write(correction: str, family: str, waived: Iterable[Waived]) -> None:
	"""Straight on the table: the form refuses everybody, and the correction has checked who may."""
	moment, user = now(), frappe.session.user
	insert_rows(
		WAIVER,
		COLUMNS,
		[
			(frappe.generate_hash(length=10), row.fact, row.payer, row.person, row.activity, row.day)
			for row in waived
		],
		same={
			"creation": moment,
			"modified": moment,
			"owner": user,
			"modified_by": user,
			"correction": correction,
			"family": family,
			"active": 1,
		},
	)


def release(correction: str) -> int:
	"""The next run bills again what the facts call for. Returns how many days that may be."""
	Waiver = DocType(WAIVER)
	names = (
		frappe.qb.from_(Waiver)
		.select(Waiver.name)
		.where((Waiver.correction == correction) & (Waiver.active == 1))
		.for_update()
	).run(pluck=True)
	if names:
		(
			frappe.qb.update(Waiver)
			.set(Waiver.active, 0)
			.set(Waiver.modified, now())
			.set(Waiver.modified_by, frappe.session.user)
			.where(Waiver.name.isin(names))
		).run()
	return len(names)
