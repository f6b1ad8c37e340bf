"""One record of every DocType at two sites, straight in the tables: the guard is tested, not the forms.

Built from the DocTypes themselves, so a new one is in the world without a line here.
"""

from __future__ import annotations

from dataclasses import dataclass

import frappe

from concerto_education.authority import roles
from tests import builders
from tests.security.matrix import inventory

EVERYWHERE = (*roles.ADMINISTRATORS, roles.FINANCE_CLERK, roles.FAMILY)
DAY = "2026-09-15"
OWN, OTHER = "own", "other"
# What a record needs so that the code behind a method finds its way to the question of rights.
TABLES = {
	"Activity": {
		"sites": lambda names: {"site": names["Site"]},
		"units": lambda names: {"unit": "midi", "label": "Midi"},
	},
	"Family": {"members": lambda names: {"person": names["Person"], "role": "Child"}},
	"Meal Service": {
		"sites": lambda names: {"site": names["Site"], "activity": names["Activity"], "unit": "midi"}
	},
	"Enrolment": {"payers": lambda names: {"payer": names["Payer"], "share": 100}},
}
FIXED = {
	"Activity": {"active": 1, "kind": "Canteen"},
	"Site": {"active": 1, "kind": "School"},
	"Enrolment": {"status": "Confirmed", "valid_from": "2026-09-01", "valid_to": "2027-08-31"},
	"Meal Service": {"active": 1, "cut_off_time": "10:00", "corrections_until": ""},
	"Attendance": {"unit": "midi", "status": "Planned"},
}
PLAIN = {"Data": "essai", "Small Text": "essai", "Date": DAY, "Datetime": f"{DAY} 08:00:00"}


@dataclass
class World:
	"""Names of the records by place and DocType, and an account of each role that was given the own site."""

	names: dict[str, dict[str, str]]
	accounts: dict[str, str]

	def name(self, doctype: str, place: str = OWN) -> str:
		return self.names[place][doctype]


def build() -> World:
	names = {place: _put_all(place) for place in (OWN, OTHER)}
	site = names[OWN]["Site"]
	# A site given to those who see every site would narrow them by the framework's own User Permissions.
	accounts = {
		role: builders.user(role, sites=() if role in EVERYWHERE else (site,)) for role in inventory.COLUMNS
	}
	for role, account in accounts.items():
		if role == roles.FAMILY:
			frappe.db.set_value("User", account, "user_type", "Website User")
	return World(names, accounts)


def _put_all(place: str) -> dict[str, str]:
	metas = [frappe.get_meta(doctype) for doctype in inventory.doctypes()]
	metas = [meta for meta in metas if not meta.issingle]
	mark = frappe.generate_hash(length=6)
	names = {meta.name: f"{frappe.scrub(meta.name)[:40]}-{place}-{mark}" for meta in metas}
	for meta in metas:
		_put(meta, names)
	return names


def _put(meta, names: dict[str, str]) -> None:
	doc = frappe.get_doc({"doctype": meta.name})
	for field in meta.fields:
		if field.fieldtype == "Link" and field.options in names:
			doc.set(field.fieldname, names[field.options])
		elif field.fieldtype == "Select":
			doc.set(field.fieldname, next((word for word in (field.options or "").split("\n") if word), None))
		elif field.fieldtype in PLAIN:
			# Unique fields would clash between the two places.
			doc.set(field.fieldname, names[meta.name] if field.unique else PLAIN[field.fieldtype])
	doc.update(FIXED.get(meta.name, {}))
	doc.name = names[meta.name]
	doc.db_insert()
	for table, row in TABLES.get(meta.name, {}).items():
		child = doc.append(table, row(names))
		child.name = frappe.generate_hash(length=10)
		child.parent = doc.name
		child.db_insert()
