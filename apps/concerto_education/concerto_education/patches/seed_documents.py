"""What dossiers need at first, for sites that were installed before it: types, words, settings (R7, R24)."""

import frappe

from concerto_education.authority import seeds
from concerto_education.families.documents import texts

SETTINGS = ("rum_prefix", "weekly_missing_list", "reminder_pause_days")


def execute() -> None:
	seeds.seed_tables()
	texts.seed()
	settings = frappe.get_meta("Authority Settings")
	for field in SETTINGS:
		# A setting that is newer than the settings has no value, not its default.
		if not frappe.db.exists("Singles", {"doctype": "Authority Settings", "field": field}):
			frappe.db.set_single_value("Authority Settings", field, settings.get_field(field).default)
