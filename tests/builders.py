"""Short builders: each test makes its own data, through the same inserts as a form, and nothing is shared.

One section per room. A builder gives what a rule doesn't care about and takes the rest as keywords.
"""

from __future__ import annotations

import itertools
from typing import Any

import frappe

_serial = itertools.count(1)


def insert(doctype: str, **values: Any):
	"""Insert a document with all its validations, and return it."""
	doc = frappe.get_doc({"doctype": doctype, **values})
	# Everybody is called Claire or Lea here: whether they are the same is asked by the tests about that.
	doc.flags.duplicates_checked = True
	return doc.insert()


def serial() -> int:
	"""A number that no other builder has used in this run, for names that must be unique."""
	return next(_serial)


def _unique() -> str:
	"""For names that are keys: also unlike those that tests of the web server left in the database."""
	return f"{serial()}-{frappe.generate_hash(length=6)}"


def _letters(number: int) -> str:
	"""A number in letters: names hold no digits."""
	return "".join(chr(ord("A") + int(digit)) for digit in str(number))


# ---------------------------------------------------------------- families


def person(last_name: str | None = None, first_name: str = "Alix", **values: Any):
	return insert(
		"Person", last_name=last_name or f"Test{_letters(serial())}", first_name=first_name, **values
	)


def child(
	last_name: str | None = None, first_name: str = "Lea", birth_date: str = "2019-03-14", **values: Any
):
	return person(last_name, first_name, birth_date=birth_date, **values)


def member(of, role: str = "Child", **flags: Any) -> dict:
	"""A row of the table of members; ``of`` is a Person or its name."""
	return {"person": getattr(of, "name", of), "role": role, **flags}


def family(*members: dict, **values: Any):
	"""A family with these members, else with one parent and one child, at an address."""
	if not members:
		parent = person(values.get("family_name"), "Claire", civility="Mme")
		members = (member(parent, "Representative 1"), member(child(parent.last_name)))
	address = {"address_line1": "3 rue des Lilas", "postcode": "86000", "town": "Poitiers"}
	return insert("Family", members=list(members), **{**address, **values})


def quotient(of, value: Any = 640, **values: Any):
	return insert("Quotient", family=of.name, value=value, **{"source": "CDAP (CAF)", **values})


def payer(of, who=None, **values: Any):
	"""A payer of the family: ``who`` (a Person or its name), else the first member who is no child."""
	who = who or next(row.person for row in of.members if row.role != "Child")
	return insert("Payer", family=of.name, payer_kind="Person", person=getattr(who, "name", who), **values)


def organisation(name: str | None = None, **values: Any):
	return insert("Organisation", organisation_name=name or f"Organisme {serial()}", **values)


def custody_calendar(of, kid, first, second, rule: str = "Even Weeks", **values: Any):
	values.setdefault("valid_from", "2026-09-01")
	return insert(
		"Custody Calendar",
		family=of.name,
		person=getattr(kid, "name", kid),
		first_payer=first.name,
		second_payer=second.name,
		rule=rule,
		**values,
	)


def health(of, **tables: Any):
	"""The health record of a Person: ``health(kid, allergies=[{"allergen": "Milk"}], plans=[…], doctor="…")``."""
	return insert("Health Record", person=getattr(of, "name", of), **tables)


def opening_note(of, note: str | None = "À savoir.", **values: Any):
	return insert("Opening Note", family=of.name, note=note, **values)


def placement(of, kid, carer=None, valid_from: str = "2026-09-01", **values: Any):
	"""The child placed with a carer at an address of their own; ``organisation`` for a home."""
	at_home = {"address_line1": "19 rue du Four", "postcode": "86100", "town": "Naintré"}
	if "organisation" in values:
		at_home = {"host_kind": "Children's Home"}
	return insert(
		"Placement",
		family=of.name,
		person=getattr(kid, "name", kid),
		carer=getattr(carer, "name", carer),
		valid_from=valid_from,
		**{**at_home, **values},
	)


# ---------------------------------------------------------------- accounts


def user(*roles: str, sites: tuple[str, ...] = ()) -> str:
	"""Name of an account with these roles, tied to these sites.

	Straight into the tables: a real account takes a second, and `create_user` has tests of its own.
	"""
	name = f"agent{_unique()}@concerto.example"
	_put("User", name=name, email=name, first_name="Agent", enabled=1, user_type="System User", language="fr")
	for role in roles:
		_put("Has Role", parent=name, parenttype="User", parentfield="roles", role=role)
	for site in sites:
		_put("User Permission", user=name, allow="Site", for_value=site, apply_to_all_doctypes=1)
	frappe.clear_cache(user=name)  # an account of an earlier run may have borne this name
	return name


def _put(doctype: str, **values: Any):
	doc = frappe.get_doc({"doctype": doctype, **values})
	doc.name = values.get("name") or frappe.generate_hash(length=10)
	doc.db_insert()
	return doc


# ---------------------------------------------------------------- activities

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CHILD_CATEGORY = "Enfant"


def school_year(start: int = 2026, zone: str = "A"):
	"""The school year that begins in September ``start``, filled from the official calendar; made once."""
	title = f"{start}-{start + 1}"
	if frappe.db.exists("School Year", title):
		return frappe.get_doc("School Year", title)
	year = frappe.new_doc("School Year")
	year.update(
		{"title": title, "zone": zone, "starts_on": f"{start}-09-01", "ends_on": f"{start + 1}-08-31"}
	)
	year.fill_from_official_calendar()
	return year.insert()


def site(name: str | None = None, **values: Any):
	return insert("Site", site_name=name or f"École {_unique()}", **values)


def activity(
	*sites, units: tuple[str, ...] = ("midi",), categories: tuple[str, ...] = (CHILD_CATEGORY,), **values: Any
):
	"""An activity open Mon, Tue, Thu, Fri in school time at these sites (a new one without)."""
	rows = [{"site": getattr(at, "name", at)} for at in sites or (site(),)]
	return insert(
		"Activity",
		activity_name=values.pop("activity_name", None) or f"Activité {_unique()}",
		sites=rows,
		units=[{"unit": unit, "label": unit.capitalize()} for unit in units],
		categories=[{"category": category} for category in categories],
		**{"kind": "Canteen", "imputation": frappe.db.get_value("Imputation", {}), **values},
	)


def tariff(of, price: Any = None, *, bands: tuple = (), valid_from: str = "2026-09-01", **values: Any):
	"""``tariff(act, 1.5)`` or ``tariff(act, bands=((0, 350, 2.2), (350, 0, 2.8)))``; below 0 is no limit."""
	rows = [{"quotient_from": low, "quotient_below": below, "price": amount} for low, below, amount in bands]
	return insert(
		"Tariff",
		activity=getattr(of, "name", of),
		valid_from=valid_from,
		**{
			"label": f"Tarif {serial()}",
			"method": "QF Bands" if rows else "Flat",
			"price": price,
			"bands": rows,
			**values,
		},
	)


def days(text: str = "1245") -> dict:
	"""ISO weekdays as the fields of a pattern row: "1245" is Mon, Tue, Thu, Fri."""
	return {name: int(str(number) in text) for number, name in enumerate(WEEKDAYS, 1)}


def enrolment(of=None, act=None, *payers, pattern: str | list | None = "1245", **values: Any):
	"""The first child of the family in the activity (its first site, unit and category) for 2026–2027.

	``payers`` are Payers or (Payer, share); one is made without. ``pattern`` is weekdays or whole rows.
	"""
	school_year()
	of = of or family()
	act = act or activity()
	if isinstance(pattern, str):
		pattern = [{"unit": act.units[0].unit, "weeks": "Every Week", **days(pattern)}]
	rows = [entry if isinstance(entry, tuple) else (entry, 100) for entry in payers or (payer(of),)]
	defaults = {
		"person": next((row.person for row in of.members if row.role == "Child"), of.members[0].person),
		"site": act.sites[0].site,
		"category": act.categories[0].category if act.categories else CHILD_CATEGORY,
		"valid_from": "2026-09-01",
		"valid_to": "2027-08-31",
	}
	return insert(
		"Enrolment",
		family=of.name,
		activity=act.name,
		pattern=pattern or [],
		payers=[{"payer": getattr(who, "name", who), "share": share} for who, share in rows],
		**{**defaults, **values},
	)


# ---------------------------------------------------------------- attendance


def attendance(of, day: str, status: str = "Planned", unit: str = "midi", **values: Any):
	"""The row of an enrolment on a day: the planned one if there is one, else a new one, in that status."""
	found = frappe.db.get_value("Attendance", {"enrolment": of.name, "attendance_date": day, "unit": unit})
	if not found:
		return insert(
			"Attendance", enrolment=of.name, attendance_date=day, unit=unit, status=status, **values
		)
	row = frappe.get_doc("Attendance", found)
	if row.status != status:
		row.update({"status": status, **values}).save()
	return row


def queries(work) -> int:
	"""How many statements ``work()`` sends to the database."""
	count, run = 0, frappe.db.sql

	def counting(*args, **kwargs):
		nonlocal count
		count += 1
		return run(*args, **kwargs)

	frappe.db.sql = counting
	try:
		work()
	finally:
		del frappe.db.sql
	return count


# ---------------------------------------------------------------- documents, authorisations, mandates

TEST_IBAN = "FR7630001007941234567890185"  # bank code of the Banque de France, fictional account


def document_type(concerns: str = "Child", **values: Any) -> str:
	"""A type that no other test uses; not required of everybody unless told so."""
	return insert("Document Type", type_name=f"Document {_unique()}", concerns=concerns, **values).name


def document(of, kind: str, **values: Any):
	"""A document of the family, about its first child or payer where the type says so."""
	concerns = frappe.db.get_value("Document Type", kind, "concerns")
	if concerns == "Child":
		values.setdefault("person", next(row.person for row in of.members if row.role == "Child"))
	if concerns == "Payer" and "payer" not in values:
		values["payer"] = frappe.db.get_value("Payer", {"family": of.name})
	return insert("Family Document", family=of.name, document_type=kind, **values)


def authorisation_type(**values: Any) -> str:
	return insert(
		"Authorisation Type", type_name=f"Autorisation {_unique()}", **{"required": 0, **values}
	).name


def authorisation(of, kind: str, value: str = "Given", **values: Any):
	"""The answer for the first child, signed by the first representative."""
	rows = of.members
	values.setdefault("person", next(row.person for row in rows if row.role == "Child"))
	values.setdefault("signed_by", next(row.person for row in rows if row.role == "Representative 1"))
	return insert("Authorisation", family=of.name, authorisation_type=kind, value=value, **values)


def mandate(of, signed_on: str | None = None, iban: str = TEST_IBAN, **values: Any):
	"""A mandate of the Payer ``of`` that awaits signature; active with a date."""
	doc = insert("Mandate", payer=of.name, new_iban=iban, **values)
	if signed_on:
		doc.update({"state": "Active", "signature_date": signed_on})
		doc.save()
	return doc
