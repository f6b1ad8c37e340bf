"""Runs inside the bench's Python, in a folder of sites: answers the setup wizard of a new site for a French authority.

Usage: python in_site.py SITE
Done here and not by the app: on an existing bench the administrator answers the wizard.
"""

import sys

import frappe

WIZARD = {
	"language": "Français",
	"country": "France",
	"timezone": "Europe/Paris",
	"currency": "EUR",
}
SYSTEM_SETTINGS = {
	"language": "fr",
	"country": "France",
	"time_zone": "Europe/Paris",
	"currency": "EUR",
	"date_format": "dd/mm/yyyy",
	"time_format": "HH:mm",
	"number_format": "# ###,##",
	"first_day_of_the_week": "Monday",
	"float_precision": "2",
	"currency_precision": "2",
	"enable_onboarding": 0,
	"allow_login_using_user_name": 1,
	"setup_complete": 1,
	# The logins of a demo and of the tests are printed for everybody to try: no telephone is asked for.
	"enable_two_factor_auth": 0,
}


def complete_setup(site: str) -> None:
	"""What a person would have chosen in the wizard, so that the first login lands on the work."""
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	try:
		_run_wizard()
		settings = frappe.get_single("System Settings")
		settings.update(
			{name: value for name, value in SYSTEM_SETTINGS.items() if settings.meta.has_field(name)}
		)
		settings.flags.ignore_mandatory = True
		settings.save()
		frappe.db.set_value("User", "Administrator", {"language": "fr", "time_zone": "Europe/Paris"})
		frappe.db.set_default("lang", "fr")
		frappe.db.set_default("desktop:home_page", "workspace")
		frappe.db.commit()
		frappe.clear_cache()
	finally:
		frappe.destroy()


def _run_wizard() -> None:
	from frappe.desk.page.setup_wizard.setup_wizard import setup_complete

	frappe.set_user("Administrator")
	answer = setup_complete(frappe._dict(WIZARD)) or {}
	if answer.get("status") == "fail":  # it reports a failure instead of raising it
		raise SystemExit(f"the setup wizard of the framework failed: {answer}")


if __name__ == "__main__":
	complete_setup(sys.argv[1])
