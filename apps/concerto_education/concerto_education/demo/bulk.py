"""The crowd, written in bulk.

Twenty thousand families are some 400,000 rows: by ``insert()`` an hour and a half, in bulk a minute. So
controllers don't run here; what they would compute is computed by the same functions (``families/names.py``,
``families/payers.py``), and what they would refuse is refused by the tests, which save some of these dossiers
through the forms' path. The odd cases (``scenarios/``) do go through real inserts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

import frappe
from frappe.utils import now

from concerto_education.attendance import forecast
from concerto_education.authority.bulk import insert_rows
from concerto_education.demo import world
from concerto_education.demo.dossier import WEEKDAYS
from concerto_education.demo.population import EnrolmentPlan, FamilyPlan, PersonPlan
from concerto_education.engine.ranges import DateRange, DateSet
from concerto_education.families import names, search_index
from concerto_education.families.members import people_text
from concerto_education.families.payers import addressed_to

_STANDARD = ("name", "creation", "modified", "owner", "modified_by", "docstatus", "idx")
_CHILD = ("parent", "parenttype", "parentfield")

FIELDS = {
	"Person": (
		"civility",
		"last_name",
		"first_name",
		"usage_name",
		"spouse_name",
		"full_name",
		"birth_date",
		"sex",
		"phone",
		"email",
		"school",
		"school_class",
	),
	"Family": (
		"family_name",
		"people",
		"status",
		"benefit_scheme",
		"beneficiary_number",
		"address_line1",
		"postcode",
		"town",
		"former_town",
		"phone",
		"email",
	),
	"Family Member": (
		*_CHILD,
		"person",
		"role",
		"relation",
		"full_name",
		"birth_date",
		"may_collect",
		"emergency",
		"forbidden",
	),
	"Quotient": ("family", "family_name", "value", "source", "valid_from", "valid_to", "recorded_at"),
	"Payer": (
		"family",
		"payer_kind",
		"person",
		"capacity",
		"active",
		"invoice_by",
		"email_consent_date",
		"email",
		"recipient",
		"own_address",
		"address_line1",
		"postcode",
		"town",
	),
	"Custody Calendar": (
		"family",
		"person",
		"first_payer",
		"second_payer",
		"valid_from",
		"rule",
		"holiday_rule",
	),
	"Enrolment": (
		"family",
		"person",
		"activity",
		"site",
		"category",
		"valid_from",
		"valid_to",
		"status",
		"custody_calendar",
	),
	"Enrolment Pattern": (*_CHILD, "unit", "weeks", *WEEKDAYS),
	"Enrolment Payer": (*_CHILD, "payer", "share"),
}
NUMBERED = ("Person", "Family", "Quotient", "Payer", "Custody Calendar", "Enrolment")


class Series:
	"""Names of the next records of a DocType, taken from its number series in one go."""

	def __init__(self, doctype: str, count: int) -> None:
		self.prefix, digits = frappe.get_meta(doctype).autoname.split(".")
		self.digits = len(digits)
		table = frappe.qb.DocType("Series")
		frappe.qb.into(table).columns("name", "current").insert(self.prefix, 0).ignore().run()
		# Frappe's own counter, locked until the transaction ends, exactly as its naming does it one by one.
		self.last = (
			frappe.qb.from_(table).select(table.current).where(table.name == self.prefix).for_update().run()
		)[0][0]
		frappe.qb.update(table).set(table.current, self.last + count).where(table.name == self.prefix).run()

	def next(self) -> str:
		self.last += 1
		return f"{self.prefix}{self.last:0{self.digits}d}"


class Writer:
	"""Collects the rows of a chunk of families and writes them with one statement for each DocType."""

	def __init__(self, plans: list[FamilyPlan]) -> None:
		self.plans = plans
		self.rows: dict[str, list[tuple]] = {doctype: [] for doctype in FIELDS}
		self.series = {doctype: Series(doctype, count) for doctype, count in self._counts().items()}
		self.moment, self.user = now(), frappe.session.user
		self.enrolments: list[str] = []

	def _counts(self) -> dict[str, int]:
		counts = dict.fromkeys(NUMBERED, 0)
		for plan in self.plans:
			counts["Person"] += len(plan.members)
			counts["Family"] += 1
			counts["Quotient"] += len(plan.quotients)
			counts["Payer"] += 2 if plan.separated else 1
			counts["Custody Calendar"] += len(_enrolled(plan)) if plan.separated else 0
			counts["Enrolment"] += len(plan.enrolments)
		return counts

	def write(self) -> list[str]:
		"""Write the families and return the names of their enrolments. The forecast is made afterwards."""
		for plan in self.plans:
			self._family(plan)
		for doctype, rows in self.rows.items():
			if rows:
				insert_rows(doctype, [*_STANDARD, *FIELDS[doctype]], rows)
		search_index.index(
			families=[row[0] for row in self.rows["Family"]], persons=[row[0] for row in self.rows["Person"]]
		)
		return self.enrolments

	def _add(self, doctype: str, values: dict, idx: int = 0) -> str:
		name = self.series[doctype].next() if doctype in self.series else frappe.generate_hash(length=10)
		standard = (name, self.moment, self.moment, self.user, self.user, 0, idx)
		self.rows[doctype].append((*standard, *(values.get(field) for field in FIELDS[doctype])))
		return name

	def _child(self, doctype: str, parent: tuple[str, str, str], idx: int, values: dict) -> None:
		self._add(doctype, dict(zip(_CHILD, parent, strict=True)) | values, idx)

	# ---------------------------------------------------------------- one family

	def _family(self, plan: FamilyPlan) -> None:
		family = self._add(
			"Family",
			{
				"family_name": names.family_name(plan.family_name),
				"people": people_text(_first_names(plan.representatives), _first_names(plan.children)),
				"status": "Active",
				"benefit_scheme": plan.benefit_scheme,
				"beneficiary_number": plan.beneficiary_number,
				"address_line1": plan.address,
				"postcode": plan.town.postcode,
				"town": plan.town.name,
				"former_town": plan.former_town,
				"phone": plan.phone,
				"email": plan.email,
			},
		)
		persons: dict[int, str] = {}
		people: dict[int, frappe._dict] = {}
		for idx, member in enumerate(plan.members, 1):
			values = person_values(member.person)
			name = persons[id(member.person)] = self._add("Person", values)
			people[id(member.person)] = frappe._dict(values)
			child = member.role == "Child"
			self._child(
				"Family Member",
				(family, "Family", "members"),
				idx,
				{
					"person": name,
					"role": member.role,
					"relation": member.relation,
					"full_name": values["full_name"],
					"birth_date": values["birth_date"],
					"may_collect": 0 if child else member.may_collect,
					"emergency": 0 if child else member.emergency,
					"forbidden": member.forbidden,
				},
			)
		for quotient in plan.quotients:
			self._add(
				"Quotient",
				{
					"family": family,
					"family_name": names.family_name(plan.family_name),
					"value": quotient.value,
					"source": quotient.source,
					"valid_from": quotient.valid_from,
					"valid_to": quotient.valid_to,
					"recorded_at": datetime.combine(quotient.recorded_on, time(10)),
				},
			)
		payers = self._payers(plan, family, persons, people)
		calendars = self._custody(plan, family, persons, payers)
		for enrolment in plan.enrolments:
			person = persons[id(enrolment.person)]
			self._enrolment(enrolment, family, person, payers, calendars.get(person))

	def _payers(self, plan: FamilyPlan, family: str, persons: dict, people: dict) -> list[str]:
		first, *others = plan.representatives
		by_email = "E-mail" if plan.email and plan.number % 3 == 0 else "Post"
		paying = [first, *others] if plan.separated else [first]
		partner = None if plan.separated or not others else people[id(others[0])]
		result = []
		for rank, person in enumerate(paying):
			own = {}
			if rank:
				# The second parent has moved out, within the territory.
				town = world.TOWNS[plan.number % len(world.TOWNS)]
				own = {
					"own_address": 1,
					"address_line1": f"{plan.number % 60 + 1} rue Neuve",
					"postcode": town.postcode,
					"town": town.name,
				}
			result.append(
				self._add(
					"Payer",
					{
						"family": family,
						"payer_kind": "Person",
						"person": persons[id(person)],
						"capacity": "Representative",
						"active": 1,
						"invoice_by": by_email,
						"email_consent_date": world.YEAR_START if by_email == "E-mail" else None,
						"email": person.email,
						"recipient": addressed_to(people[id(person)], partner),
						"own_address": 0,
						**own,
					},
				)
			)
		return result

	def _custody(self, plan: FamilyPlan, family: str, persons: dict, payers: list[str]) -> dict[str, str]:
		"""A calendar for each enrolled child of separated parents (R19)."""
		if not plan.separated:
			return {}
		return {
			persons[key]: self._add(
				"Custody Calendar",
				{
					"family": family,
					"person": persons[key],
					"first_payer": payers[0],
					"second_payer": payers[1],
					"valid_from": world.YEAR_START,
					"rule": "Even Weeks" if plan.number % 2 else "Odd Weeks",
					"holiday_rule": "Same Rule",
				},
			)
			for key in _enrolled(plan)
		}

	def _enrolment(
		self, plan: EnrolmentPlan, family: str, person: str, payers: list[str], calendar: str | None
	) -> None:
		name = self._add(
			"Enrolment",
			{
				"family": family,
				"person": person,
				"activity": plan.activity,
				"site": plan.site,
				"category": plan.category,
				"valid_from": world.YEAR_START,
				"valid_to": world.YEAR_END,
				"status": "Confirmed",
				"custody_calendar": calendar,
			},
		)
		self.enrolments.append(name)
		for idx, (unit, days) in enumerate(plan.pattern.items(), 1):
			self._child(
				"Enrolment Pattern",
				(name, "Enrolment", "pattern"),
				idx,
				{
					"unit": unit,
					"weeks": "Every Week",
					**{field: int(number in days) for number, field in enumerate(WEEKDAYS, 1)},
				},
			)
		for idx, payer in enumerate(payers if calendar else payers[:1], 1):
			# With a custody calendar the shares say nothing: the calendar decides, day by day.
			share = 0 if calendar else 100
			self._child(
				"Enrolment Payer", (name, "Enrolment", "payers"), idx, {"payer": payer, "share": share}
			)


def person_values(plan: PersonPlan) -> dict:
	"""Fields of a Person as its form would store them (R13, R16)."""
	last, first, usage = (
		names.family_name(plan.last_name),
		names.first_name(plan.first_name),
		names.family_name(plan.usage_name),
	)
	return {
		"civility": plan.civility,
		"last_name": last,
		"first_name": first,
		"usage_name": usage,
		"spouse_name": names.family_name(plan.spouse_name),
		"full_name": names.full_name(last, first, usage),
		"birth_date": plan.birth_date,
		"sex": plan.sex,
		"phone": plan.phone,
		"email": plan.email,
		"school": plan.school,
		"school_class": plan.school_class,
	}


def _first_names(persons: Iterable[PersonPlan]) -> list[str]:
	return [names.first_name(person.first_name) for person in persons]


def _enrolled(plan: FamilyPlan) -> list[int]:
	"""The children with an enrolment, once each, by identity."""
	return list(dict.fromkeys(id(enrolment.person) for enrolment in plan.enrolments))


def plan_attendance(enrolments: Iterable[str], until=None) -> int:
	"""Forecast of many enrolments (R27), until the end of the school year or an earlier day. Returns the rows."""
	days = DateSet((DateRange(world.YEAR_START, until),)) if until else None
	return forecast.apply(enrolments, days).added
