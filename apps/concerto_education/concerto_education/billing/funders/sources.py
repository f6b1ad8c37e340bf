"""The fundings and vouchers of a chunk of families, in a constant number of queries (R21, R29)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Sum
from frappe.utils import getdate

from concerto_education.activities.funding import funders, rules, vouchers
from concerto_education.authority.money import decimal_of
from concerto_education.engine.deductions import fund
from concerto_education.engine.errors import RuleError
from concerto_education.engine.facts import ChargeLine
from concerto_education.engine.funding import Consumed, Funding, Voucher
from concerto_education.engine.money import money
from concerto_education.engine.ranges import DateRange


@dataclass
class Sources:
	"""Who else pays, by family, and how each is called on an invoice."""

	fundings: dict[str, list[Funding]] = field(default_factory=lambda: defaultdict(list))
	vouchers: dict[str, list[Voucher]] = field(default_factory=lambda: defaultdict(list))
	kinds: dict[str, str] = field(default_factory=dict)
	consumed: Consumed = field(default_factory=Consumed)
	labels: dict[str, str] = field(default_factory=dict)
	refused: dict[str, RuleError] = field(default_factory=dict)  # by family: a source that is no source

	def entries(self, family: str, lines: Sequence[ChargeLine]) -> list[ChargeLine]:
		"""What the sources of a family add to its charges. Raises RuleError."""
		if family in self.refused:
			raise self.refused[family]
		fundings, bons = self.fundings.get(family, ()), self.vouchers.get(family, ())
		if not fundings and not bons:
			return []
		return fund(lines, fundings, bons, self.kinds, self.consumed)


def load(window: DateRange, families: Sequence[str]) -> Sources:
	"""Active fundings and vouchers that hold within the window. Permissions are skipped: a run bills everybody."""
	sources = Sources()
	fundings = _rows("Funding", families, window)
	bons = _rows("Voucher", families, window)
	if not fundings and not bons:
		return sources
	payers = funders.payers_of(row.funder for row in (*fundings, *bons))
	names = _names(payers)
	for row in fundings:
		sources.labels[row.name] = _label(names.get(row.funder, row.funder), row.reference)
		_add(sources, row.family, sources.fundings, lambda row=row: rules.as_engine(row, payers[row.funder]))
	kinds = _kinds_of([row.name for row in bons])
	for row in bons:
		sources.labels[row.name] = _("Voucher {0} {1}").format(
			names.get(row.funder, row.funder), row.reference
		)
		_add(
			sources,
			row.family,
			sources.vouchers,
			lambda row=row: vouchers.as_engine(row, kinds.get(row.name, []), payers[row.funder]),
		)
	if bons:
		# Kinds of all activities: a handful of rows.
		sources.kinds = dict(frappe.get_all("Activity", fields=["name", "kind"], as_list=True))
	sources.consumed = consumed([row.name for row in (*fundings, *bons)], window.start)
	return sources


def _add(sources: Sources, family: str, group: dict, make) -> None:
	"""A source that an import or a script made wrong stops its family, by name, and no other."""
	try:
		group[family].append(make())
	except RuleError as error:
		sources.refused[family] = error


def _rows(doctype: str, families: Sequence[str], window: DateRange) -> list:
	return frappe.get_all(  # see `load`
		doctype,
		filters={
			"family": ("in", list(families) or [""]),
			"status": "Active",
			"valid_from": ("<=", window.last),
			"valid_to": (">=", window.start),
		},
		fields=["*"],
		order_by="name",
	)


def _kinds_of(names: Sequence[str]) -> dict[str, list[str]]:
	found: dict[str, list[str]] = defaultdict(list)
	if names:
		for row in frappe.get_all(
			"Voucher Activity Kind",
			filters={"parenttype": "Voucher", "parent": ("in", list(names))},
			fields=["parent", "kind"],
		):
			found[row.parent].append(row.kind)
	return found


def _names(organisations: Iterable[str]) -> dict[str, str]:
	wanted = list(organisations)
	if not wanted:
		return {}
	return dict(
		frappe.get_all(
			"Organisation",
			filters={"name": ("in", wanted)},
			fields=["name", "organisation_name"],
			as_list=True,
		)
	)


def _label(funder: str, reference: str | None) -> str:
	if reference:
		return _("Taken in charge by {0} (ref. {1})").format(funder, reference)
	return _("Taken in charge by {0}").format(funder)


def consumed(sources: Sequence[str], before: date) -> Consumed:
	"""What the ledger has given to these sources on the days before a day: their quotas and caps go on from there."""
	rows = ledger_by_day(sources, before)
	found = Consumed()
	for source, _day, amount in rows:
		found.amount[source] = found.amount.get(source, money("0")) + amount
		if amount > 0:
			found.days[source] = found.days.get(source, 0) + 1
	return found


def ledger_by_day(sources: Sequence[str], before: date | None = None) -> list[tuple]:
	"""(source, day, euros) of what funders owe by the ledger, reversals taken off. One query."""
	if not sources:
		return []
	Charge, Payer = DocType("Charge"), DocType("Payer")
	query = (
		frappe.qb.from_(Charge)
		.join(Payer)
		.on((Payer.name == Charge.payer) & (Payer.is_funder == 1))
		.select(Charge.funding, Charge.voucher, Charge.service_date, Sum(Charge.amount))
		.where(Charge.funding.isin(list(sources)) | Charge.voucher.isin(list(sources)))
		.groupby(Charge.funding, Charge.voucher, Charge.service_date)
	)
	if before:
		query = query.where(Charge.service_date < before)
	return [
		(funding or voucher, getdate(day), money(decimal_of(amount)))
		for funding, voucher, day, amount in query.run()
	]
