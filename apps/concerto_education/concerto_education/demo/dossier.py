"""Short builders for hand-made dossiers: real documents through real inserts, so that every validation runs.

A ``Dossier`` is written down person by person and then saved::

        dossier = Dossier("Moreau", world.TOWNS[0])
        mother = dossier.mother("Céline")
        child = dossier.child("Léa", born="2019-01-15", school=world.SCHOOL_1)
        dossier.save()
        dossier.quotient(640)
        dossier.enrol(child, world.CANTEEN, midi=(1, 2, 4, 5))
"""

from __future__ import annotations

import zlib
from datetime import date

import frappe
from frappe.utils import getdate

from concerto_education.demo import names, world

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EVERY_SCHOOL_DAY = (1, 2, 4, 5)


class Dossier:
	"""One family being written down. ``save()`` makes the Family; what comes after needs it."""

	def __init__(self, family_name: str, commune: world.Town = world.TOWNS[0], **fields) -> None:
		self.family_name = family_name
		self.commune = commune
		# Numbers and letters that look different from one dossier to the next, and the same at each load.
		self._serial = zlib.crc32(family_name.encode())
		self.fields = {
			"family_name": family_name,
			"benefit_scheme": "General (CAF)",
			"beneficiary_number": f"{self._serial % 10**7:07d}",
			"address_line1": f"{self._serial % 80 + 1} {names.streets()[self._serial % len(names.streets())]}",
			"postcode": commune.postcode,
			"town": commune.name,
			"former_town": commune.former[0] if commune.former else None,
			"phone": world.phone(self._serial),
			**fields,
		}
		self.members: list[dict] = []
		self.name: str | None = None
		self.payers: list[str] = []

	# ---------------------------------------------------------------- people

	def person(self, first_name: str, sex: str, last_name: str | None = None, **fields) -> str:
		"""Insert a Person and return its name."""
		self._serial += 37
		doc = frappe.get_doc(
			{
				"doctype": "Person",
				"last_name": last_name or self.family_name,
				"first_name": first_name,
				"sex": sex,
				**fields,
			}
		)
		# People of the odd cases look alike on purpose, and nobody is there to answer the question.
		doc.flags.duplicates_checked = True
		return doc.insert().name

	def adult(self, first_name: str, sex: str, role: str, relation: str, **fields) -> str:
		member = {key: fields.pop(key) for key in ("may_collect", "emergency", "forbidden") if key in fields}
		fields.setdefault("civility", "Mme" if sex == "F" else "M.")
		fields.setdefault("phone", world.phone(self._serial))
		person = self.person(first_name, sex, **fields)
		return self.member(person, role, relation, **member)

	def mother(self, first_name: str, role: str = "Representative 1", **fields) -> str:
		fields.setdefault("birth_date", date(1988, 4, 2))
		fields.setdefault("email", self.mail(first_name))
		return self.adult(first_name, "F", role, "mère", **fields)

	def father(self, first_name: str, role: str = "Representative 2", **fields) -> str:
		fields.setdefault("birth_date", date(1986, 11, 23))
		fields.setdefault("email", self.mail(first_name))
		return self.adult(first_name, "M", role, "père", **fields)

	def contact(self, first_name: str, sex: str, relation: str, **fields) -> str:
		return self.adult(first_name, sex, "Contact", relation, **fields)

	def child(self, first_name: str, born: str, school: str | None = None, sex: str = "F", **fields) -> str:
		birth_date = getdate(born)
		school = school or self.commune.school
		person = self.person(
			first_name,
			sex,
			birth_date=birth_date,
			school=school,
			school_class=world.school_class(birth_date.year),
			**fields,
		)
		return self.member(person, "Child", "fille" if sex == "F" else "fils")

	def member(self, person: str, role: str, relation: str, **flags) -> str:
		"""Name somebody who exists already as a member: one adult may be in two families (R18)."""
		self.members.append({"person": person, "role": role, "relation": relation, **flags})
		return person

	def mail(self, first_name: str) -> str:
		return f"{names.letters(first_name)}.{names.letters(self.family_name)}@{world.FAMILY_MAIL_DOMAIN}"

	# ---------------------------------------------------------------- the dossier and what hangs on it

	def save(self) -> str:
		doc = frappe.get_doc({"doctype": "Family", **self.fields, "members": self.members})
		doc.flags.quotient_follows = doc.flags.duplicates_checked = True
		self.name = doc.insert().name
		return self.name

	def quotient(
		self,
		value: str | int,
		start: date = world.YEAR_START,
		end: date = world.YEAR_END,
		source: str = "CDAP (CAF)",
		note: str | None = None,
	) -> str:
		"""Add a QF; none is ever overwritten (R14)."""
		doc = frappe.get_doc(
			{
				"doctype": "Quotient",
				"family": self.name,
				"value": value,
				"source": source,
				"valid_from": start,
				"valid_to": end,
				"note": note,
			}
		)
		return doc.insert().name

	def payer(self, person: str | None = None, organisation: str | None = None, **fields) -> str:
		"""Insert a Payer of this family; enrolments made afterwards name it unless told otherwise."""
		kind = {"payer_kind": "Organisation", "organisation": organisation, "capacity": "Organisation"}
		if person:
			kind = {"payer_kind": "Person", "person": person}
		doc = frappe.get_doc({"doctype": "Payer", "family": self.name, **kind, **fields})
		self.payers.append(doc.insert().name)
		return self.payers[-1]

	def custody(
		self, child: str, first_payer: str, second_payer: str, rule: str = "Even Weeks", **fields
	) -> str:
		doc = frappe.get_doc(
			{
				"doctype": "Custody Calendar",
				"family": self.name,
				"person": child,
				"first_payer": first_payer,
				"second_payer": second_payer,
				"valid_from": world.YEAR_START,
				"rule": rule,
				**fields,
			}
		)
		return doc.insert().name

	def note(self, text: str, social_note: str | None = None) -> str:
		"""A note that is shown when the dossier opens."""
		doc = {"doctype": "Opening Note", "family": self.name, "note": text, "social_note": social_note}
		return frappe.get_doc(doc).insert().name

	def placement(
		self, child: str, carer: str | None = None, start: date = world.YEAR_START, **fields
	) -> str:
		"""A child placed with a carer or, with ``organisation``, in a home. Its payer pays for enrolments made next."""
		doc = frappe.get_doc(
			{
				"doctype": "Placement",
				"family": self.name,
				"person": child,
				"carer": carer,
				"host_kind": "Children's Home" if fields.get("organisation") else "Foster Carer",
				"valid_from": start,
				**fields,
			}
		).insert()
		self.payers.append(doc.payer)
		return doc.payer

	def enrol(
		self,
		person: str,
		activity: str,
		site: str | None = None,
		category: str = world.CHILD,
		start: date = world.YEAR_START,
		end: date = world.YEAR_END,
		payers: list[str] | None = None,
		custody_calendar: str | None = None,
		shares: list[int] | None = None,
		status: str = "Confirmed",
		pattern: list[tuple[str, str, tuple[int, ...]]] | None = None,
		**days_of_unit: tuple[int, ...],
	) -> str:
		"""Enrol somebody. ISO weekdays by unit, as in ``midi=(1, 2, 4, 5)``; ``pattern`` for more: (unit, weeks, days)."""
		payers = payers or self.payers[:1]
		shares = shares or [100] * len(payers)
		rows = pattern or [(unit, "Every Week", days) for unit, days in days_of_unit.items()]
		site = site or (world.LEISURE_CENTRE if activity == world.WEDNESDAY else self.commune.school)
		doc = frappe.get_doc(
			{
				"doctype": "Enrolment",
				"family": self.name,
				"person": person,
				"activity": activity,
				"site": site,
				"category": category,
				"valid_from": start,
				"valid_to": end,
				"status": status,
				"custody_calendar": custody_calendar,
				"payers": [
					{"payer": payer, "share": share} for payer, share in zip(payers, shares, strict=True)
				],
				"pattern": [
					{"unit": unit, "weeks": weeks, **{WEEKDAYS[day - 1]: 1 for day in days}}
					for unit, weeks, days in rows
				],
			}
		)
		return doc.insert().name

	def canteen(self, person: str, days: tuple[int, ...] = EVERY_SCHOOL_DAY, **options) -> str:
		if "pattern" not in options:
			options["midi"] = days
		return self.enrol(person, world.CANTEEN, **options)

	def care(self, person: str, matin: tuple[int, ...] = (), soir: tuple[int, ...] = (), **options) -> str:
		units = {unit: days for unit, days in (("matin", matin), ("soir", soir)) if days}
		return self.enrol(person, world.CARE, **options, **units)


def organisation(name: str, kind: str, address: str, town: world.Town) -> str:
	"""An organisation that pays or takes in charge; found again if it is there already."""
	found = frappe.db.exists("Organisation", {"organisation_name": name})
	if found:
		return found
	doc = frappe.get_doc(
		{
			"doctype": "Organisation",
			"organisation_name": name,
			"kind": kind,
			"address_line1": address,
			"postcode": town.postcode,
			"town": town.name,
			"email": f"contact@{names.letters(name)}.example",
		}
	)
	return doc.insert().name
