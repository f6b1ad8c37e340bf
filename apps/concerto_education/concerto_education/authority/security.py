"""Sign-in and privacy settings that a new site starts with, and who needs a second factor (R6, R11).

Seeded at install; whatever an administrator changes later stays, but for one thing: Frappe asks *everybody* for a
second factor whenever its System Settings are saved with it on. Agents with a tablet and no telephone could not work
then, so the question is kept to the roles that say so on their own form.
"""

from __future__ import annotations

import frappe

from concerto_education.authority import roles

SETTINGS = {
	# Passwords: the score 3 of 4 of zxcvbn is "safely unguessable" for an online service.
	"enable_password_policy": 1,
	"minimum_password_score": "3",
	"logout_on_password_reset": 1,
	"password_reset_limit": 3,
	# After five wrong passwords an account waits for five minutes.
	"allow_consecutive_login_attempts": 5,
	"allow_login_after_fail": 300,
	# A tablet is signed in once a day; unsent ticks survive the end of a session.
	"session_expiry": "16:00",
	"allow_older_web_view_links": 0,
	"allow_guests_to_upload_files": 0,
	"strip_exif_metadata_from_uploaded_images": 1,
	"allow_error_traceback": 0,
	# Nothing about the site or its users is told to anybody else.
	"enable_telemetry": 0,
	"disable_system_update_notification": 1,
	"disable_change_log_notification": 1,
	"enable_two_factor_auth": 1,
	"two_factor_method": "OTP App",
	"otp_issuer_name": "Concerto Éducation",
}
# Whoever can change rights, or see everybody's money.
SECOND_FACTOR = (*roles.ADMINISTRATORS, roles.FINANCE_CLERK)
EVERYBODY = "All"
AVATAR = "/assets/concerto_education/images/person.svg"


def seed_second_factor() -> None:
	"""Mark the roles that need a second factor; whether it is asked for at all is said in the System Settings."""
	for role in SECOND_FACTOR:
		frappe.db.set_value("Role", role, "two_factor_auth", 1)
	ask_marked_roles_only()


def ask_marked_roles_only(doc=None, method: str | None = None) -> None:
	"""Doc event of System Settings: take back that everybody is asked, while a role of ours says who is."""
	marked = frappe.db.count("Role", {"two_factor_auth": 1, "name": ("in", (*roles.STAFF, roles.FAMILY))})
	if marked and frappe.db.get_value("Role", EVERYBODY, "two_factor_auth"):
		frappe.db.set_value("Role", EVERYBODY, "two_factor_auth", 0)


def keep_address_to_ourselves(doc, method: str | None = None) -> None:
	"""Doc event of User and Contact: a neutral picture, before Frappe looks one up by the e-mail address.

	It would send a fingerprint of every agent's and parent's address to a company abroad (GDPR art. 44).
	"""
	field = "user_image" if doc.doctype == "User" else "image"
	if not doc.get(field):
		doc.set(field, AVATAR)
