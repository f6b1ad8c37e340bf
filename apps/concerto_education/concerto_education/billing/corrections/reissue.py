"""Cancelled days billed anew, with the facts and payers of today (R34).

By the next run this needs nothing: without a waiver the facts call for what is missing in the ledger. At once, the same
derivation is asked for the cancelled facts only, and what it says becomes an invoice for each payer of today.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Max
from frappe.utils import add_days, add_months, cint, get_first_day, get_last_day, getdate

from concerto_education.authority.rules import sentence
from concerto_education.billing import bill, facts, ledger
from concerto_education.billing.corrections import credit_note
from concerto_education.billing.corrections.errors import NotBilledAnew, TooFarBack
from concerto_education.billing.corrections.standing import Standing
from concerto_education.billing.explain import month_text
from concerto_education.billing.payments.allocation import allocate_credit, open_invoices, use_credits_of
from concerto_education.engine.charges import ChargeLine, reconcile
from concerto_education.engine.corrections import Credit
from concerto_education.engine.errors import RuleError
from concerto_education.engine.invoicing import build
from concerto_education.engine.ranges import DateRange
from concerto_education.engine.waivers import by_hand, fact_of


def check_window(days: Iterable[date]) -> None:
	"""The next run bills anew only what it looks back to."""
	Run = DocType("Billing Run")
	last = frappe.qb.from_(Run).select(Max(Run.month)).where(Run.status == "Issued").run()[0][0]
	if not last:
		return
	following = getdate(add_months(getdate(last), 1))
	lookback = cint(frappe.db.get_single_value("Authority Settings", "lookback_months"))
	start = facts.first_month(following, lookback)
	early = [day for day in days if day < start]
	if early:
		frappe.throw(
			_(
				"The next billing run looks back to {0} only, and {1} is before it: bill anew at once instead"
			).format(month_text(start), month_text(min(early))),
			TooFarBack,
		)


def at_once(correction, invoice, standing: Standing, credit: Credit, note: str) -> list[str]:
	"""Invoices that replace what was cancelled, issued today. Names; none if nothing is called for any more."""
	rows = [standing.charges[position.id] for position in credit.positions]
	wanted = {row.fact_key for row in rows if not by_hand(row.fact_key)}
	if not wanted:
		return []
	context = _context(getdate(invoice.month), [position.day for position in credit.positions])
	chunk = facts.load(context, [invoice.family])
	charges = _charges(context, chunk, invoice.family, wanted)
	if not charges:
		return []
	own = [charge for charge in charges if charge.payer in chunk.payers]
	others = [charge for charge in charges if charge.payer not in chunk.payers]
	drafts = build(own, context.month_key, context.threshold, None, context.strict)
	names = ledger.insert(None, context, chunk, [bill.FamilyBill(invoice.family, drafts, others)])
	_issue(names, correction, invoice.family)
	_settle(names, invoice.payer, note)
	return names


def _context(month: date, days: list[date]) -> facts.Context:
	"""As a run of the invoice's month, over the days that were cancelled."""
	context = facts.load_context(month)
	start = min(getdate(get_first_day(min(days))), month)
	end = max(getdate(get_last_day(max(days))), context.window.last)
	return replace(context, window=DateRange(start, end))


def _charges(context, chunk, family: str, wanted: set[str]) -> list[ChargeLine]:
	result = bill.ChunkBill()
	derived = bill.derive_chunk(chunk, result)
	if result.problems:
		frappe.throw(
			_("It can't be billed anew at once: {0}").format(
				"; ".join(dict.fromkeys(problem.message for problem in result.problems))
			),
			NotBilledAnew,
		)
	try:
		lines = bill.expected(chunk, family, derived.get(family, []))
	except RuleError as error:
		frappe.throw(_("It can't be billed anew at once: {0}").format(sentence(error)), NotBilledAnew)
	plan = reconcile(lines, chunk.recorded.get(family, ()), context.month_key)
	sources = [*chunk.sources.labels]
	reverse = [entry.recorded.id for entry in plan.reverse if _fact(entry.recorded.key[0], sources) in wanted]
	recorded = ledger.charge_lines(reverse) if reverse else {}
	found = [recorded[name].reverse(name) for name in reverse]
	found += [line for line in plan.add if fact_of(line.key[0], line.funding or line.voucher) in wanted]
	return found


def _fact(key: str, sources: list[str]) -> str:
	"""The fact behind a recorded entry, which doesn't say whose part it is."""
	for source in sources:
		if key.endswith(f"#{source}"):
			return key.removesuffix(f"#{source}")
	return key


def _issue(names: list[str], correction, family: str) -> None:
	days = cint(frappe.db.get_single_value("Authority Settings", "payment_days"))
	today = getdate()
	credit_note.mark_charges(correction.name, names, family)
	Invoice = DocType("Invoice")
	(
		frappe.qb.update(Invoice)
		.set(Invoice.correction, correction.name)
		.set(Invoice.correction_reason, correction.reason)
		.where(Invoice.name.isin(names))
	).run()
	from concerto_education.billing.issue import STATUS_OF_OUTCOME

	for name in names:
		# Drafts that were written this moment.
		outcome = frappe.db.get_value("Invoice", name, "outcome")
		credit_note.finish(name, STATUS_OF_OUTCOME[outcome], today, getdate(add_days(today, days)))
	open_invoices(names)


def _settle(names: list[str], payer: str, note: str) -> None:
	"""What was paid already comes from the credit note to the invoice that replaces the old one, then as always."""
	for name in names:
		row = frappe.db.get_value("Invoice", name, ["payer", "outstanding"], as_dict=True)
		if row.payer == payer and row.outstanding > 0:
			allocate_credit(note, name, credit_note.total_of(name))
	use_credits_of(names)
