"""What a run must know: fetched for a chunk of families in a constant number of queries, for the pure engine.

How far back (R34): a run looks at its own month and at the months before it, ``lookback_months`` at most, but
never further than the first month that was ever issued. So a late AJ, a new QF with an earlier date or a
corrected enrolment is found by itself, and what was before the start of the software is never billed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Min
from frappe.utils import add_months, get_first_day, get_last_day, getdate

from concerto_education.activities.catalogue import activity_rules
from concerto_education.activities.tariffs import tariff_book
from concerto_education.activities.tariffs.profiles import Needs, profiles
from concerto_education.authority.money import decimal_of
from concerto_education.billing import attendance_facts, special_facts
from concerto_education.billing.corrections import adjustments, waivers
from concerto_education.billing.funders import sources as funders
from concerto_education.billing.payers import PayerCard, payer_maps, payers_of
from concerto_education.engine import charges as engine
from concerto_education.engine.invoicing import Carried
from concerto_education.engine.ledger import Recorded
from concerto_education.engine.money import money
from concerto_education.engine.ranges import DateRange
from concerto_education.engine.tariffs import TariffBook
from concerto_education.engine.waivers import Waivers, by_hand
from concerto_education.families.payers import AddressBlock, address_blocks
from concerto_education.families.quotients import histories

RULE = {
	"Planned Unless Justified": engine.BillingRule.PLANNED_UNLESS_JUSTIFIED,
	"Present": engine.BillingRule.PRESENT,
	"Flat per Period": engine.BillingRule.FLAT_PER_PERIOD,
	"Hours": engine.BillingRule.HOURS,
	"Not Billed": engine.BillingRule.NONE,
}


@dataclass(frozen=True)
class Context:
	"""What is the same for all families of a run."""

	month: date  # first day of the month to bill
	window: DateRange  # service dates that are looked at
	tariffs: TariffBook
	terms: dict[str, engine.ActivityTerms]
	units: dict[str, dict[str, str]]  # activity → unit → label
	threshold: Decimal
	strict: bool
	ways: attendance_facts.Ways
	needs: Needs

	@property
	def months(self) -> int:
		return sum(1 for _ in self.window.months())

	@property
	def month_key(self) -> str:
		return f"{self.month:%Y-%m}"


@dataclass
class ChunkFacts:
	"""What is known of the families of one chunk."""

	families: Sequence[str]
	facts: dict[str, list[engine.Fact]] = field(default_factory=lambda: defaultdict(list))
	recorded: dict[str, list[Recorded]] = field(default_factory=lambda: defaultdict(list))
	carried: dict[str, list[Carried]] = field(default_factory=lambda: defaultdict(list))
	addresses: dict[str, AddressBlock] = field(default_factory=dict)  # by payer
	payers: dict[str, PayerCard] = field(default_factory=dict)
	attendances: dict[str, str] = field(default_factory=dict)  # key of a fact → record
	held_months: dict[str, date] = field(default_factory=dict)  # invoice that is carried over → its month
	scope: attendance_facts.Scope | None = None
	sources: funders.Sources = field(default_factory=funders.Sources)  # who else pays (R29)
	adjustments: dict[str, list[engine.ChargeLine]] = field(default_factory=lambda: defaultdict(list))  # R34
	waivers: dict[str, Waivers] = field(default_factory=dict)  # what isn't billed again by itself (R34)
	by_hand: dict[str, str] = field(default_factory=dict)  # entry that somebody made → how it is called
	engine_context: engine.Context | None = None


# ---------------------------------------------------------------- once a run


def load_context(month: date) -> Context:
	"""Settings, tariffs and activities: some ten queries, once a run."""
	settings = frappe.get_cached_doc("Authority Settings")
	rules = activity_rules()
	tariffs = tariff_book()
	terms = {
		name: engine.ActivityTerms(RULE[rule.billing_rule], rule.imputation) for name, rule in rules.items()
	}
	return Context(
		month=month,
		window=DateRange(first_month(month, settings.lookback_months or 0), getdate(get_last_day(month))),
		tariffs=tariffs,
		terms=terms,
		units={name: rule.units for name, rule in rules.items()},
		threshold=money(decimal_of(settings.invoice_threshold)),
		strict=bool(settings.strict_credit),
		ways=attendance_facts.Ways.of(tariffs, terms),
		needs=Needs.of(tariffs),
	)


def first_month(month: date, lookback: int) -> date:
	"""First day of the earliest month that a run of ``month`` looks at: see the top of this file."""
	Run = DocType("Billing Run")
	issued = frappe.qb.from_(Run).select(Min(Run.month)).where(Run.status == "Issued").run()[0][0]
	if not issued or getdate(issued) >= month:
		return month
	return max(getdate(issued), getdate(get_first_day(add_months(month, -lookback))))


def families_to_bill(context: Context) -> list[str]:
	"""Families with an enrolment or an invoiced charge in the window, in a fixed order.

	Those who already have an issued invoice for the month are left out: there is one invoice a month (R2), what
	changed for them since goes to the next month's. So a second run of a month bills who was not billed.
	"""
	Enrolment, Charge, Invoice = DocType("Enrolment"), DocType("Charge"), DocType("Invoice")
	start, end = context.window.start, context.window.end
	enrolled = (
		frappe.qb.from_(Enrolment)
		.select(Enrolment.family)
		.distinct()
		.where((Enrolment.valid_from <= end) & (Enrolment.valid_to >= start))
	).run(pluck=True)
	charged = (
		frappe.qb.from_(Charge).select(Charge.family).distinct().where(Charge.service_date[start:end])
	).run(pluck=True)
	invoiced = (
		frappe.qb.from_(Invoice)
		.select(Invoice.family)
		.distinct()
		.where((Invoice.month == context.month) & (Invoice.docstatus == 1))
	).run(pluck=True)
	return sorted((set(enrolled) | set(charged) | set(adjustments.families())) - set(invoiced))


# ---------------------------------------------------------------- once a chunk


def load(context: Context, families: Sequence[str]) -> ChunkFacts:
	"""All facts of some families. Permissions are skipped on purpose: a run bills everybody, whoever starts it."""
	chunk = ChunkFacts(families)
	enrolments = _enrolments(families)
	chunk.payers = payers_of(families)
	chunk.addresses = address_blocks(chunk.payers)
	attendance_facts.load(context.window, context.ways, context.tariffs, context.terms, enrolments, chunk)
	special_facts.add_late_pickups(context.window, enrolments, chunk)
	quotients = histories(families)
	special_facts.mark_missing_proofs(chunk, quotients)
	chunk.sources = funders.load(context.window, families)
	adjustments.load(context.strict, chunk)
	chunk.waivers = waivers.load(families)
	_load_recorded(context, chunk)
	load_carried(chunk)
	around = attendance_facts.window_around(context.window, context.ways, enrolments.values())
	chunk.engine_context = engine.Context(
		tariffs=context.tariffs,
		quotients=quotients,
		payers=payer_maps(enrolments.values(), around),
		activities=context.terms,
		profiles=profiles(enrolments.values(), around, context.needs),
	)
	return chunk


def _enrolments(families: Sequence[str]) -> dict[str, frappe._dict]:
	Enrolment = DocType("Enrolment")
	rows = (
		frappe.qb.from_(Enrolment)
		.select(
			Enrolment.name,
			Enrolment.family,
			Enrolment.person,
			Enrolment.activity,
			Enrolment.site,
			Enrolment.category,
			Enrolment.valid_from,
			Enrolment.valid_to,
			Enrolment.status,
			Enrolment.custody_calendar,
		)
		.where(Enrolment.family.isin(families))
	).run(as_dict=True)
	return {row.name: row for row in rows}


def _load_recorded(context: Context, chunk: ChunkFacts) -> None:
	"""The ledger of these families in the window. Drafts are gone by now, so all of it is invoiced.

	A week or a stay is looked up by its key: its charge bears the day on which it began, maybe months ago.
	"""
	Charge = DocType("Charge")
	scope = chunk.scope
	held = Charge.service_date[context.window.start : context.window.end]
	if scope.periods:
		crossing = sorted({key.split("#")[0] for key in scope.periods})
		held = held | Charge.enrolment.isin(crossing)
	rows = (
		frappe.qb.from_(Charge)
		.select(
			Charge.name,
			Charge.family,
			Charge.fact_key,
			Charge.payer,
			Charge.service_date,
			Charge.quantity,
			Charge.unit_price,
			Charge.amount,
			Charge.imputation,
			Charge.reverses,
			Charge.funding,
			Charge.voucher,
		)
		.where(Charge.family.isin(chunk.families) & held)
		.orderby(Charge.creation, Charge.name)
	).run()
	for name, family, key, payer, day, quantity, unit_price, amount, imputation, reverses, *sources in rows:
		if (day not in context.window and not scope.is_period(key)) or by_hand(key):
			continue
		waived = chunk.waivers.get(family)
		if waived and waived.hold(key, payer, source=sources[0] or sources[1]):
			continue  # it stays as the correction has left it (R34)
		scope.recorded.add(key)
		chunk.recorded[family].append(
			Recorded(
				name,
				(key, payer),
				day,
				decimal_of(quantity),
				decimal_of(unit_price),
				money(decimal_of(amount)),
				imputation or None,
				invoiced=True,
				reversal_of=reverses or None,
			)
		)


def load_carried(chunk: ChunkFacts) -> None:
	"""Held invoices (R35) and credits that found nothing to offset (R34), by payer.

	A payer that was merged into another gets no invoice any more: what it has left over is carried by that one.
	"""
	Invoice, Line = DocType("Invoice"), DocType("Invoice Line")
	held = (
		frappe.qb.from_(Invoice)
		.select(Invoice.payer, Invoice.name, Invoice.month, Invoice.total)
		.where(
			Invoice.payer.isin(list(chunk.payers) or [""])
			& (Invoice.status == "Held")
			& (Invoice.docstatus == 1)
		)
		.orderby(Invoice.month, Invoice.name)
	).run()
	for payer, name, month, total in held:
		chunk.held_months[name] = month
		chunk.carried[chunk.payers[payer].receives].append(Carried(name, money(decimal_of(total))))
	kept = (
		frappe.qb.from_(Line)
		.join(Invoice)
		.on(Invoice.name == Line.parent)
		.select(Invoice.payer, Invoice.name, Invoice.month, Line.imputation, Line.amount)
		.where(
			Invoice.payer.isin(list(chunk.payers) or [""])
			& (Line.kind == "Credit Kept")
			& (Line.docstatus == 1)
			& (Line.carried_to.isnull() | (Line.carried_to == ""))
		)
		.orderby(Invoice.month, Invoice.name, Line.idx)
	).run()
	for payer, name, month, imputation, amount in kept:
		chunk.held_months[name] = month
		# On its own invoice the kept credit is taken out, hence positive; here it comes back as a credit.
		chunk.carried[chunk.payers[payer].receives].append(
			Carried(name, -money(decimal_of(amount)), imputation or None, strict=True)
		)
