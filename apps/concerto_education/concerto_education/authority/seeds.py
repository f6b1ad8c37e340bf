"""Records that every new site starts with. Seeded once: what an administrator has changed or renamed stays.

Each file of ``seed/`` is a table named after its DocType. The demo has its own data elsewhere.
"""

from __future__ import annotations

import csv
from pathlib import Path

import frappe

from concerto_education.authority import security

SEED_FOLDER = Path(__file__).parent / "seed"


def seed_tables() -> None:
	"""Fill the DocTypes that have a seed file and no record yet (R26, R30, M57 natures)."""
	for path in sorted(SEED_FOLDER.glob("*.csv")):
		doctype = path.stem.replace("_", " ").title()
		if frappe.db.count(doctype):
			continue
		with path.open(encoding="utf-8", newline="") as file:
			for row in csv.DictReader(file):
				frappe.get_doc({"doctype": doctype, **row}).insert()


# How France writes dates and numbers. Frappe's own default rounds half to even: on a form, 2.675 must show 2.68.
FRENCH_FORMATS = {
	"language": "fr",
	"country": "France",
	"time_zone": "Europe/Paris",
	"date_format": "dd/mm/yyyy",
	"time_format": "HH:mm",
	"number_format": "# ###,##",
	"currency": "EUR",
	"currency_precision": "2",
	"float_precision": "2",
	"first_day_of_the_week": "Monday",
	"rounding_method": "Commercial Rounding",
}
# Accounts are initial + surname, in any case (R11): Frappe finds them by user name.
ACCOUNTS = {
	"app_name": "Concerto Éducation",
	"allow_login_using_user_name": 1,
}


def seed_system_settings() -> None:
	"""French defaults of the site. Install only, so an administrator's later choice is never undone."""
	_update_system_settings({**FRENCH_FORMATS, **ACCOUNTS, **security.SETTINGS})
	security.seed_second_factor()
	frappe.db.set_default("currency", "EUR")
	frappe.db.set_default("country", "France")
	# Frappe ships most currencies and languages switched off.
	for doctype, name in (("Currency", "EUR"), ("Language", "fr")):
		if frappe.db.exists(doctype, name):
			frappe.db.set_value(doctype, name, "enabled", 1)
	if frappe.db.exists("Currency", "EUR"):
		# Without this a list shows "€ 12,50", which no French invoice does.
		frappe.db.set_value("Currency", "EUR", {"number_format": "# ###,##", "symbol_on_right": 1})
	website = frappe.get_single("Website Settings")
	if website.app_name in (None, "", "Frappe"):
		# Accounts of families are made by the authority: a stranger doesn't sign up.
		website.update(
			{"app_name": "Concerto Éducation", "footer_powered": "Concerto Éducation", "disable_signup": 1}
		)
		website.save()


def after_wizard(args: dict | None = None) -> None:
	"""Frappe's wizard runs after the install and puts its own rounding and formats back: ours once more.

	Language, country and time zone stay as they were answered.
	"""
	answered = ("language", "country", "time_zone", "currency")
	_update_system_settings({name: value for name, value in FRENCH_FORMATS.items() if name not in answered})


def _update_system_settings(values: dict) -> None:
	settings = frappe.get_single("System Settings")
	settings.update({name: value for name, value in values.items() if settings.meta.has_field(name)})
	settings.flags.ignore_mandatory = True
	settings.save()


def seed_authority_settings() -> None:
	"""The settings document, so that its defaults exist before anybody opens the form."""
	settings = frappe.get_single("Authority Settings")
	if not settings.authority_name:
		settings.authority_name = "Communauté de communes"
		settings.save()
