"""Which family a line speaks of: by its number at the CAF or MSA, else by name and birth date of one of its people.

Everything is loaded once for all lines, in a constant number of queries. A line that fits two families fits none.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

import frappe
from frappe.utils import getdate

from concerto_education.families.keys import beneficiary, plain

FOUND, NOT_FOUND, AMBIGUOUS, NAME_DIFFERS = "Found", "No Dossier", "Ambiguous", "Name Differs"


@dataclass(frozen=True, slots=True)
class Match:
	status: str
	families: tuple[str, ...] = ()
	by_number: bool = False


@dataclass
class Index:
	"""Active families by number, by person, and the names of their people."""

	by_number: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
	by_person: dict[tuple, set[str]] = field(default_factory=lambda: defaultdict(set))
	names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
	labels: dict[str, str] = field(default_factory=dict)

	def find(self, number: str, last_name: str, first_name: str, born: date | None) -> Match:
		key = beneficiary(number)
		numbered = self.by_number.get(key, set()) if key else set()
		persons = self._by_name(last_name, first_name, born)
		if numbered:
			both = numbered & persons
			if len(both or numbered) > 1:
				return Match(AMBIGUOUS, tuple(sorted(both or numbered)), True)
			(family,) = both or numbered
			# A number with a slip in it leads to somebody else: the name of the line has to be known there.
			if not both and last_name and plain(last_name) not in self.names[family]:
				return Match(NAME_DIFFERS, (family,), True)
			return Match(FOUND, (family,), True)
		if len(persons) > 1:
			return Match(AMBIGUOUS, tuple(sorted(persons)))
		return Match(FOUND, tuple(persons)) if persons else Match(NOT_FOUND)

	def _by_name(self, last_name: str, first_name: str, born: date | None) -> set[str]:
		if not (last_name and first_name and born):
			return set()
		return self.by_person.get((plain(last_name), plain(first_name), born), set())


def load() -> Index:
	"""All active families. No permission is checked: who may import quotients does so for everybody."""
	index = Index()
	Family, Member, Person = (frappe.qb.DocType(name) for name in ("Family", "Family Member", "Person"))
	families = (
		frappe.qb.from_(Family)
		.select(Family.name, Family.family_name, Family.people, Family.beneficiary_number)
		.where(Family.status == "Active")
	).run(as_dict=True)
	for row in families:
		index.labels[row.name] = " – ".join(filter(None, (row.family_name, row.people)))
		index.names[row.name].add(plain(row.family_name))
		if key := beneficiary(row.beneficiary_number):
			index.by_number[key].add(row.name)
	rows = (
		frappe.qb.from_(Member)
		.join(Person)
		.on(Person.name == Member.person)
		.select(
			Member.parent,
			Person.last_name,
			Person.usage_name,
			Person.spouse_name,
			Person.first_name,
			Person.birth_date,
		)
		# A contact lives elsewhere: the list speaks of those who bring the children up, or of the children.
		.where((Member.parenttype == "Family") & (Member.role != "Contact"))
	).run()
	for family, last_name, usage_name, spouse_name, first_name, born in rows:
		if family not in index.labels:
			continue
		for name in filter(None, {last_name, usage_name, spouse_name}):
			index.names[family].add(plain(name))
			if born:
				index.by_person[plain(name), plain(first_name), getdate(born)].add(family)
	return index
