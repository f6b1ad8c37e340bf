"""The quote of a funding: what the planned days will cost, and who pays what of it (R29).

Planned days are taken as if the child came on each of them; prices are those of the tariffs of each day, with the QF
of the day. Nothing is written to the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from concerto_education.activities.funding import rules, steps
from concerto_education.activities.funding.errors import FundingIncomplete, NothingToQuote
from concerto_education.authority import pdf
from concerto_education.authority.money import decimal_of, format_money
from concerto_education.authority.rules import sentence
from concerto_education.billing import facts
from concerto_education.billing.explain import number_text
from concerto_education.billing.letter import authority_block
from concerto_education.engine.charges import AttendanceStatus, ChargeLine, derive
from concerto_education.engine.deductions import fund
from concerto_education.engine.errors import RuleError
from concerto_education.engine.money import ZERO
from concerto_education.engine.ranges import DateRange
from concerto_education.families.payers import address_lines

FORMAT = "Devis"


@dataclass(frozen=True, slots=True)
class Quote:
	"""Lines of the price, the price, this funder's part and what the family pays."""

	lines: tuple[dict, ...]
	total: Decimal
	funded: Decimal
	family: Decimal
	days: int


def make(doc):
	"""Compute and write the quote, bring the funding to *Quoted*, attach the document. The caller checked the right."""
	if not rules.has_amount(doc):
		frappe.throw(
			_("{0}: {1}").format(
				_("Percentage") if doc.basis == "Percentage" else _("Amount"),
				_("a quote says what is asked for, so enter it first"),
			),
			FundingIncomplete,
		)
	found = compute(doc)
	number = sum(1 for row in doc.history if row.status == steps.QUOTED) + 1
	doc.update(
		{
			"quote_number": f"{doc.name}-{number}",
			"quote_date": getdate(),
			"quote_total": found.total,
			"quote_funded": found.funded,
			"quote_family": found.family,
		}
	)
	doc.set("quote_lines", list(found.lines))
	steps.move(doc, steps.QUOTED)
	_attach(doc)
	_warn(doc, found)
	return doc


def _warn(doc, found: Quote) -> None:
	"""Asked for more than the price: the ledger never charges it, but the funder should not be asked for it."""
	wanted = decimal_of(doc.amount) * found.days
	if doc.basis == "Per Day" and wanted > found.funded and not decimal_of(doc.cap):
		frappe.msgprint(
			_(
				"{0} × {1} days would be {2}, more than the price leaves: {3} at most is taken in charge (R29)"
			).format(format_money(doc.amount), found.days, format_money(wanted), format_money(found.funded)),
			indicator="orange",
			title=_("Quote"),
		)


def compute(doc) -> Quote:
	"""The quote of a funding as it stands. Throws NothingToQuote with the reason."""
	lines = _charges(doc)
	parts = [line for line in _entries(doc, lines) if line.amount < 0]
	total = sum((line.amount for line in lines), ZERO)
	mine = -sum((line.amount for line in parts if line.funding == doc.name), ZERO)
	others = -sum((line.amount for line in parts if line.funding != doc.name), ZERO)
	groups: dict[tuple, dict] = {}
	for line in lines:
		row = groups.setdefault(
			(line.unit, line.unit_price),
			{
				"quantity": Decimal(0),
				"amount": ZERO,
				"unit_price": line.unit_price,
				"label": _label(doc, line),
			},
		)
		row["quantity"] += line.quantity
		row["amount"] += line.amount
	days = {day for line in lines for day in line.days}
	return Quote(tuple(groups.values()), total, mine, total - mine - others, len(days))


def _charges(doc) -> list[ChargeLine]:
	span = DateRange(getdate(doc.valid_from), getdate(doc.valid_to))
	context = facts.load_context(getdate(doc.valid_from).replace(day=1))
	context = replace(context, window=span)
	chunk = facts.load(context, [doc.family])
	planned = [
		replace(fact, status=AttendanceStatus.PRESENT) if fact.status is AttendanceStatus.PLANNED else fact
		for fact in chunk.facts.get(doc.family, ())
		if fact.enrolment == doc.enrolment
	]
	derivation = derive(planned, chunk.engine_context)
	if derivation.problems:
		problem = derivation.problems[0]
		frappe.throw(
			_("Quote: {0} ({1})").format(sentence(problem.error), formatdate(problem.fact.day)),
			NothingToQuote,
		)
	if not derivation.charges:
		frappe.throw(
			_("Quote: {0} has no planned day from {1} to {2}. Plan the enrolment first").format(
				doc.enrolment, formatdate(doc.valid_from), formatdate(doc.valid_to)
			),
			NothingToQuote,
		)
	return list(derivation.charges)


def _entries(doc, lines: list[ChargeLine]) -> list[ChargeLine]:
	"""This funding and those asked before it, whatever their status: they are what the funder will see."""
	# Amounts of the enrolment whose funding the user may write.
	others = frappe.get_all(
		"Funding",
		filters={
			"enrolment": doc.enrolment,
			"name": ("!=", doc.name),
			"status": ("in", rules.LIVE),
			"priority": ("<=", doc.priority or 0),
		},
		fields=["*"],
	)
	try:
		sources = [rules.as_engine(row, row.name) for row in (*others, doc) if rules.has_amount(row)]
		return fund(lines, sources, (), {})
	except RuleError as error:
		frappe.throw(_("Quote: {0}").format(sentence(error)), NothingToQuote)


def _label(doc, line: ChargeLine) -> str:
	units = {row.unit: row.label for row in frappe.get_cached_doc("Activity", doc.activity).units}
	names = [units.get(unit, unit) for unit in (line.unit or "").split("+") if unit]
	return ", ".join([doc.activity, *names]) if len(units) > 1 else doc.activity


# ---------------------------------------------------------------- the document


def letter(doc) -> frappe._dict:
	"""All that the quote says, as text, for the print format. For a document whose reader was checked."""
	settings = frappe.get_cached_doc("Authority Settings")
	organisation = frappe.get_doc("Organisation", doc.funder)
	# Names on a document whose reader was checked.
	person = frappe.db.get_value(
		"Person", doc.person, ["first_name", "last_name", "birth_date"], as_dict=True
	)
	return frappe._dict(
		authority=authority_block(settings),
		recipient=[organisation.organisation_name, *address_lines(organisation)],
		correspondent=doc.correspondent or "",
		number=doc.quote_number or doc.name,
		date=formatdate(doc.quote_date or getdate()),
		reference=doc.reference or "",
		child=f"{person.first_name} {person.last_name}",
		birth=formatdate(person.birth_date) if person.birth_date else "",
		activity=doc.activity,
		site=doc.site,
		start=formatdate(doc.valid_from),
		end=formatdate(doc.valid_to),
		basis=basis_text(doc),
		cap=_("{0} at most").format(format_money(doc.cap)) if decimal_of(doc.cap) else "",
		lines=[
			frappe._dict(
				label=row.label,
				quantity=number_text(row.quantity),
				unit_price=format_money(row.unit_price),
				amount=format_money(row.amount),
			)
			for row in doc.quote_lines
		],
		total=format_money(doc.quote_total),
		funded=format_money(doc.quote_funded),
		family=format_money(doc.quote_family),
		footer=settings.invoice_footer or "",
	)


def basis_text(doc) -> str:
	"""« 8,00 € par jour », « 50 % du prix »."""
	if doc.basis == "Percentage":
		return _("{0} % of the price").format(number_text(doc.percentage))
	return {
		"Per Day": _("{0} a day"),
		"Per Hour": _("{0} an hour"),
		"Per Month": _("{0} a month"),
	}[doc.basis].format(format_money(doc.amount))


def render(doc) -> bytes:
	with pdf.in_french():
		name = frappe.get_meta("Funding").default_print_format or FORMAT
		html = frappe.db.get_value("Print Format", {"name": name, "disabled": 0}, "html")
		body = frappe.render_template(html, {"doc": doc})
		return pdf.render([body], _("Quote {0}").format(doc.quote_number or doc.name))


def file_name(doc) -> str:
	return f"devis-{doc.quote_number or doc.name}.pdf"


def _attach(doc) -> None:
	"""The document as it was sent, whatever becomes of tariffs later."""
	frappe.get_doc(
		{
			"doctype": "File",
			"file_name": file_name(doc),
			"attached_to_doctype": "Funding",
			"attached_to_name": doc.name,
			"is_private": 1,
			"content": render(doc),
		}
	).insert(ignore_permissions=True)  # part of the quote, by whoever may make it
