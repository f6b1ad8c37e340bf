"""What the question "what is missing?" needs to know of many dossiers, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import frappe
from frappe.utils import getdate

from concerto_education.families import quotients
from concerto_education.families.documents import authorisations, needs
from concerto_education.families.documents.authorisations import Answer
from concerto_education.families.documents.needs import Need
from concerto_education.families.mandates import service as mandates
from concerto_education.families.mandates.service import MandateState
from concerto_education.families.members import CHILD, REPRESENTATIVES

ADULT_AGE = 18


@dataclass(frozen=True, slots=True)
class Child:
	person: str
	full_name: str
	birth_date: date | None
	school: str | None
	age: int | None


@dataclass(slots=True)
class Dossier:
	"""One family as far as the question goes."""

	name: str
	benefit_scheme: str | None
	has_phone: bool
	children: list[Child] = field(default_factory=list)
	payers: list = field(default_factory=list)
	quotient: object = None
	documents: list = field(default_factory=list)
	answers: dict[str, dict[str, Answer]] = field(default_factory=dict)
	mandates: dict[str, MandateState] = field(default_factory=dict)
	needs: list[Need] = field(default_factory=list)
	names: dict[str, str] = field(default_factory=dict)

	def documents_of(self, kind: str, person: str | None, payer: str | None) -> list:
		return [
			row
			for row in self.documents
			if row.document_type == kind and (row.person or None) == person and (row.payer or None) == payer
		]

	def subject_of(self, person: str | None, payer: str | None) -> str:
		return self.names.get(person or payer or "", "")


@dataclass(frozen=True, slots=True)
class Types:
	documents: dict[str, frappe._dict]
	authorisations: dict[str, frappe._dict]


def load_types() -> Types:
	"""Types of documents and authorisations: what the administrators entered, for everybody."""
	documents = frappe.get_all(
		"Document Type",
		fields=["type_name", "concerns", "active", "validity", "required", "health", "instructions"],
	)
	kinds = frappe.get_all("Authorisation Type", fields=["type_name", "active", "required"])
	return Types({row.type_name: row for row in documents}, {row.type_name: row for row in kinds})


def load(families: Iterable[str], day: date, with_needs: bool = True) -> dict[str, Dossier]:
	"""The dossiers of these families. For callers who may read them; health is hidden where it is shown."""
	wanted = list(dict.fromkeys(families))
	if not wanted:
		return {}
	dossiers = _families(wanted)
	_members(dossiers, day)
	_payers(dossiers, day)
	_documents(dossiers)
	histories = quotients.histories(dossiers)
	children = [child.person for dossier in dossiers.values() for child in dossier.children]
	answers = authorisations.of(children, day)
	required = needs.of_activities(dossiers, day) if with_needs else []
	for need in required:
		dossiers[need.family].needs.append(need)
	for name, dossier in dossiers.items():
		dossier.quotient = histories[name].as_map().get(day)
		dossier.answers = {child.person: answers[child.person] for child in dossier.children}
		young = {child.person for child in dossier.children}
		dossier.needs = [need for need in dossier.needs if need.person in young]
	return dossiers


def _families(wanted: list[str]) -> dict[str, Dossier]:
	rows = frappe.get_all(
		"Family", filters={"name": ("in", wanted)}, fields=["name", "benefit_scheme", "phone"]
	)
	found = {row.name: Dossier(row.name, row.benefit_scheme, bool(row.phone)) for row in rows}
	# In the order of the question: a table sorted by name stays so.
	return {name: found[name] for name in wanted if name in found}


def _members(dossiers: dict[str, Dossier], day: date) -> None:
	member, person = frappe.qb.DocType("Family Member"), frappe.qb.DocType("Person")
	rows = (
		frappe.qb.from_(member)
		.join(person)
		.on(person.name == member.person)
		.select(
			member.parent,
			member.role,
			person.name,
			person.full_name,
			person.birth_date,
			person.school,
			person.phone,
		)
		.where(member.parenttype == "Family")
		.where(member.parent.isin(list(dossiers)))
		.orderby(member.parent, member.idx)
	).run(as_dict=True)
	for row in rows:
		dossier = dossiers[row.parent]
		dossier.names[row.name] = row.full_name
		if row.role in REPRESENTATIVES and row.phone:
			dossier.has_phone = True
		born = getdate(row.birth_date) if row.birth_date else None
		age = day.year - born.year - ((day.month, day.day) < (born.month, born.day)) if born else None
		if row.role == CHILD and (age is None or age < ADULT_AGE):
			dossier.children.append(Child(row.name, row.full_name, born, row.school, age))


def _payers(dossiers: dict[str, Dossier], day: date) -> None:
	rows = frappe.get_all(
		"Payer",
		filters={"family": ("in", list(dossiers)), "active": 1},
		fields=["name", "family", "recipient", "payment_method"],
		order_by="creation asc",
	)
	states = mandates.states_of([row.name for row in rows], day)
	for row in rows:
		dossier = dossiers[row.family]
		dossier.payers.append(row)
		dossier.names[row.name] = row.recipient or ""
		if row.name in states:
			dossier.mandates[row.name] = states[row.name]


def _documents(dossiers: dict[str, Dossier]) -> None:
	"""Also those that a child has in another dossier: they are attached once and serve everywhere (R18, R23)."""
	places = defaultdict(list)
	for dossier in dossiers.values():
		for child in dossier.children:
			places[child.person].append(dossier)
	for row in frappe.get_all(
		"Family Document",
		or_filters={"family": ("in", list(dossiers)), "person": ("in", list(places))},
		fields=[
			"name",
			"family",
			"document_type",
			"person",
			"payer",
			"status",
			"valid_from",
			"valid_to",
			"refusal_reason",
		],
		order_by="creation asc, name asc",
	):
		# A child who has left the dossier, or has grown up, keeps their documents in it.
		for dossier in places.get(row.person) or filter(None, [dossiers.get(row.family)]):
			dossier.documents.append(row)
