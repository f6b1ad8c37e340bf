"""Sign-in settings of a new site, the second factor by role, and addresses that stay with us (R6, R11)."""

import frappe
import pytest
from frappe.twofactor import two_factor_is_enabled_for_

from concerto_education.authority import roles, security, seeds
from tests import builders as make


@pytest.fixture
def new_site():
	"""System Settings as the install leaves them."""
	seeds.seed_system_settings()


def test_r11_every_setting_is_on_after_the_install(new_site):
	settings = frappe.get_single("System Settings")
	known = {name: value for name, value in security.SETTINGS.items() if settings.meta.has_field(name)}
	assert {name: str(settings.get(name)) for name in known} == {
		name: str(value) for name, value in known.items()
	}


def test_administrators_and_finance_need_a_second_factor_and_nobody_else(new_site):
	asked = {role for role in (*roles.STAFF, roles.FAMILY) if two_factor_is_enabled_for_(make.user(role))}
	assert asked == {*security.SECOND_FACTOR}


def test_saving_the_settings_again_asks_nobody_more(new_site):
	frappe.get_single("System Settings").save()
	assert not two_factor_is_enabled_for_(make.user(roles.ATTENDANCE_AGENT))
	assert two_factor_is_enabled_for_(make.user(roles.FINANCE_CLERK))


def test_an_administrator_who_asks_everybody_keeps_it(new_site):
	"""Without a marked role of ours, the framework's own answer stays."""
	for role in security.SECOND_FACTOR:
		frappe.db.set_value("Role", role, "two_factor_auth", 0)
	frappe.get_single("System Settings").save()
	assert two_factor_is_enabled_for_(make.user(roles.ATTENDANCE_AGENT))


def test_no_address_is_looked_up_elsewhere(monkeypatch):
	asked = []
	monkeypatch.setattr("frappe.core.doctype.user.user.has_gravatar", asked.append)
	monkeypatch.setattr("frappe.contacts.doctype.contact.contact.has_gravatar", asked.append)
	user = make.insert(
		"User", email=f"p{make._unique()}@concerto.example", first_name="Paule", send_welcome_email=0
	)
	contact = make.insert(
		"Contact", first_name="Paule", email_ids=[{"email_id": "paule@concerto.example", "is_primary": 1}]
	)
	assert asked == []
	assert user.user_image == contact.image == security.AVATAR
