"""What is missing in dossiers: documents, authorisations, data, mandates (R7, R14, R20, R24).

``for_families(families, day)`` is the one answer to that question: the form, the weekly table, the reminders and
the coherence check all read it. The number of queries doesn't depend on the number of families.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from frappe import _
from frappe.utils import cint, formatdate, getdate

from concerto_education.families.documents import facts, needs, rules
from concerto_education.families.documents.facts import Dossier
from concerto_education.families.documents.needs import Need

DOCUMENT = "Document"
AUTHORISATION = "Authorisation"
DATA = "Data"
MANDATE = "Mandate"
KINDS = (DATA, DOCUMENT, AUTHORISATION, MANDATE)

MISSING = "Missing"
EXPIRED = "Expired"
REFUSED = "Refused"
UNKNOWN = "Unknown"
NOT_ANSWERED = "Not Answered"
NOT_SIGNED = "Not Signed"
SUSPENDED = "Suspended"

# Instruction is compulsory from three; after the primary school a child's school is no site of the authority.
SCHOOL_AGES = range(3, 11)


@dataclass(frozen=True, slots=True)
class Missing:
	"""One thing that the dossier lacks, for whom, and why it is needed."""

	family: str
	kind: str
	# Name of the type of document or authorisation; for data, the field.
	code: str
	reason: str
	person: str | None = None
	payer: str | None = None
	subject: str = ""
	detail: str = ""
	health: bool = False
	blocking: bool = False
	activities: tuple[str, ...] = ()
	sites: tuple[str, ...] = ()

	@property
	def key(self) -> tuple:
		return self.kind, self.code, self.person, self.payer


def for_families(families: Iterable[str], day: date) -> dict[str, tuple[Missing, ...]]:
	"""Everything that is missing on ``day``, by family; each family asked for has an entry.

	No permission is checked: the caller has. What it shows of health is `label`'s affair.
	"""
	dossiers = facts.load(families, day)
	types = facts.load_types()
	return {name: _of_dossier(dossier, types, day) for name, dossier in dossiers.items()}


def of_needs(wanted: list[Need], day: date) -> list[Missing]:
	"""Which of these needs are not met, for a confirmation: an authorisation has to be given, not only answered."""
	dossiers = facts.load({need.family for need in wanted}, day, with_needs=False)
	types = facts.load_types()
	found = []
	for need in wanted:
		lacking = _need(dossiers[need.family], need, types, day)
		answer = dossiers[need.family].answers.get(need.person, {}).get(need.required)
		if not lacking and need.doctype == needs.AUTHORISATION and answer and not answer.given:
			lacking = _item(dossiers[need.family], need, AUTHORISATION, REFUSED)
		if lacking:
			found.append(lacking)
	return found


# ---------------------------------------------------------------- one dossier


def _of_dossier(dossier: Dossier, types: facts.Types, day: date) -> tuple[Missing, ...]:
	found: dict[tuple, Missing] = {}
	for item in (
		*_data(dossier, day),
		*_required_of_all(dossier, types, day),
		*_asked_for(dossier, types, day),
		*(_need(dossier, need, types, day) for need in dossier.needs),
		*_mandates(dossier),
	):
		if item:
			known = found.get(item.key)
			found[item.key] = _together(known, item) if known else item
	order = {kind: number for number, kind in enumerate(KINDS)}
	return tuple(sorted(found.values(), key=lambda item: (order[item.kind], item.subject, item.code)))


def _together(one: Missing, other: Missing) -> Missing:
	return replace(
		one,
		blocking=one.blocking or other.blocking,
		activities=tuple(sorted({*one.activities, *other.activities})),
		sites=tuple(sorted({*one.sites, *other.sites})),
	)


def _data(dossier: Dossier, day: date):
	def item(code: str, reason: str = MISSING, **values) -> Missing:
		return Missing(dossier.name, DATA, code, reason, **values)

	quotient = dossier.quotient
	if not quotient or quotient.is_unknown:
		yield item("quotient", UNKNOWN if quotient else MISSING)
	if not dossier.benefit_scheme:
		yield item("benefit_scheme")
	if not dossier.has_phone:
		yield item("phone")
	if not dossier.payers:
		yield item("payer")
	for child in dossier.children:
		about = {"person": child.person, "subject": child.full_name}
		if not child.birth_date:
			yield item("birth_date", **about)
		elif child.age in SCHOOL_AGES and not child.school:
			yield item("school", **about)


def _required_of_all(dossier: Dossier, types: facts.Types, day: date):
	for kind in types.documents.values():
		if not (kind.required and kind.active):
			continue
		if kind.concerns == "Child":
			for child in dossier.children:
				yield _document(dossier, kind, day, person=child.person, subject=child.full_name)
		elif kind.concerns == "Payer":
			for payer in dossier.payers:
				yield _document(dossier, kind, day, payer=payer.name, subject=payer.recipient)
		else:
			yield _document(dossier, kind, day)
	for kind in types.authorisations.values():
		if kind.required and kind.active:
			for child in dossier.children:
				yield _authorisation(dossier, kind.type_name, child.person, child.full_name)


def _asked_for(dossier: Dossier, types: facts.Types, day: date):
	"""What a clerk asked for, what was refused, and what ended on the date written on it (PAI, delegation)."""
	for row in dossier.documents:
		kind = types.documents.get(row.document_type)
		ended = kind and kind.validity == rules.ON_DOCUMENT and not rules.holds(row, day)
		if kind and kind.active and (row.status in (rules.REQUESTED, rules.REFUSED) or ended):
			yield _document(
				dossier,
				kind,
				day,
				person=row.person or None,
				payer=row.payer or None,
				subject=dossier.subject_of(row.person, row.payer),
			)


def _document(dossier: Dossier, kind, day: date, **about) -> Missing | None:
	rows = dossier.documents_of(kind.type_name, about.get("person"), about.get("payer"))
	if any(rules.holds(row, day) for row in rows):
		return None
	reason, detail = _why(rows, day)
	return Missing(
		dossier.name,
		DOCUMENT,
		kind.type_name,
		reason,
		detail=detail,
		health=bool(cint(kind.health)),
		**about,
	)


def _why(rows: list, day: date) -> tuple[str, str]:
	"""The state of the latest one says why there is none."""
	for row in reversed(rows):
		if row.status == rules.REFUSED:
			return REFUSED, row.refusal_reason or ""
		if row.valid_to and getdate(row.valid_to) < day:
			return EXPIRED, formatdate(row.valid_to)
	return MISSING, ""


def _authorisation(dossier: Dossier, kind: str, person: str, subject: str) -> Missing | None:
	if kind in dossier.answers.get(person, {}):
		return None
	return Missing(dossier.name, AUTHORISATION, kind, NOT_ANSWERED, person=person, subject=subject)


def _need(dossier: Dossier, need: Need, types: facts.Types, day: date) -> Missing | None:
	subject = dossier.subject_of(need.person, None)
	if need.doctype == needs.AUTHORISATION:
		found = _authorisation(dossier, need.required, need.person, subject)
	else:
		kind = types.documents.get(need.required)
		if not kind:
			return None
		about = {"person": need.person, "subject": subject} if kind.concerns == "Child" else {}
		if kind.concerns == "Payer":
			return None  # an activity asks children and families, not who pays
		found = _document(dossier, kind, day, **about)
	return found and replace(
		found,
		blocking=need.blocking,
		activities=(need.activity,),
		sites=(need.site,) if need.site else (),
	)


def _item(dossier: Dossier, need: Need, kind: str, reason: str) -> Missing:
	return Missing(
		dossier.name,
		kind,
		need.required,
		reason,
		person=need.person,
		subject=dossier.subject_of(need.person, None),
		blocking=need.blocking,
		activities=(need.activity,),
		sites=(need.site,),
	)


_MANDATE_REASONS = {"Awaiting Signature": NOT_SIGNED, "Suspended": SUSPENDED, "Expired": EXPIRED}


def _mandates(dossier: Dossier):
	"""Who chose direct debit can't be debited without an active mandate; one that awaits signature is asked for too."""
	for payer in dossier.payers:
		state = dossier.mandates.get(payer.name)
		if state and state.usable:
			continue
		waiting = state and state.state == "Awaiting Signature"
		if payer.payment_method == "Direct Debit" or waiting:
			reason = _MANDATE_REASONS.get(state.state, MISSING) if state else MISSING
			yield Missing(
				dossier.name, MANDATE, "mandate", reason, payer=payer.name, subject=payer.recipient or ""
			)


# ---------------------------------------------------------------- in words


def data_labels() -> dict[str, str]:
	return {
		"quotient": _("Quotient (QF)"),
		"benefit_scheme": _("Benefit Scheme"),
		"phone": _("Phone number of a representative"),
		"payer": _("Payer of the invoices"),
		"birth_date": _("Birth Date"),
		"school": _("School"),
		"mandate": _("SEPA mandate"),
	}


def label(item: Missing, may_read_health: bool = True) -> str:
	"""What is missing, in words. Who may not read health learns that a document is missing, and not which."""
	if item.kind in (DATA, MANDATE):
		return data_labels()[item.code]
	if item.health and not may_read_health:
		return _("Document about health")
	return item.code


def reason_text(item: Missing) -> str:
	if item.reason == EXPIRED and item.detail:
		return _("expired on {0}").format(item.detail)
	if item.reason == REFUSED and item.detail:
		return _("refused: {0}").format(item.detail)
	texts: dict[str, Callable[[], str]] = {
		MISSING: lambda: _("missing"),
		EXPIRED: lambda: _("expired"),
		REFUSED: lambda: _("refused"),
		UNKNOWN: lambda: _("unknown (9999)"),
		NOT_ANSWERED: lambda: _("not answered"),
		NOT_SIGNED: lambda: _("not signed"),
		SUSPENDED: lambda: _("suspended"),
	}
	return texts[item.reason]()


def visible(item: Missing, may_read_health: bool) -> dict:
	"""For a screen: words, and nothing about health for who may not read it."""
	hidden = item.health and not may_read_health
	return {
		"kind": item.kind,
		"code": "" if hidden else item.code,
		"label": label(item, may_read_health),
		"reason": _(MISSING).lower() if hidden else reason_text(item),
		"state": MISSING if hidden else item.reason,
		"person": item.person,
		"payer": item.payer,
		"subject": item.subject,
		"blocking": item.blocking,
		"activities": list(item.activities),
		"sites": list(item.sites),
	}
