"""Settings, school years, sites, activities and tariffs of the fictional authority, as ordinary records."""

from __future__ import annotations

import frappe

from concerto_education.activities import school_years
from concerto_education.demo import world


def make() -> None:
	"""Make what is missing. The label of a demo is on every screen from here on (R7, R11, R26)."""
	_settings()
	for year in world.SCHOOL_YEARS:
		if not frappe.db.exists("School Year", year["title"]):
			doc = frappe.get_doc({"doctype": "School Year", **year})
			school_years.fill(doc)
			doc.insert()
	for site in world.SITES:
		_insert("Site", site["site_name"], site)
	for activity in world.ACTIVITIES:
		_insert("Activity", activity["activity_name"], activity)
	for tariff in world.TARIFFS:
		if not frappe.db.exists("Tariff", {"label": tariff["label"], "activity": tariff["activity"]}):
			frappe.get_doc({"doctype": "Tariff", **tariff}).insert()


def _insert(doctype: str, name: str, fields: dict) -> None:
	if not frappe.db.exists(doctype, name):
		frappe.get_doc({"doctype": doctype, **fields}).insert()


def _settings() -> None:
	settings = frappe.get_single("Authority Settings")
	settings.update(world.AUTHORITY)
	settings.set("towns", [])
	for town in world.TOWNS:
		for former in town.former or (None,):
			settings.append("towns", {"town": town.name, "former_town": former, "postcode": town.postcode})
	settings.save()
