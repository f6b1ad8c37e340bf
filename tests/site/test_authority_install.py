"""What a new site starts with, and that nothing an administrator changed is undone."""

from decimal import Decimal

import frappe
import pytest

from concerto_education import install
from concerto_education.authority import boot, desk, roles, seeds, users
from concerto_education.authority.money import decimal_of, format_money
from tests.builders import serial


def test_roles_exist_and_only_the_family_stays_off_the_desk():
	found = dict(frappe.get_all("Role", fields=["name", "desk_access"], as_list=True))
	assert all(found[role] == 1 for role in roles.STAFF)
	assert found[roles.FAMILY] == 0


def test_each_role_of_the_staff_has_a_profile():
	for role in roles.STAFF:
		profile = frappe.get_doc("Role Profile", role)
		assert role in [row.role for row in profile.roles]


@pytest.mark.parametrize(
	("doctype", "names"),
	[
		(
			"Enrolment Category",
			{"Enfant", "Enfant panier repas", "Gratuité", "Personnel en fonctionnement sur site", "Autres"},
		),
		(
			"Absence Reason",
			{
				"Certificat médical",
				"Sortie scolaire",
				"Enfant non accueilli (personnel ou enseignants)",
				"Transport scolaire modifié par la météo",
			},
		),
	],
)
def test_r26_r30_categories_and_reasons_are_seeded(doctype, names):
	assert names <= set(frappe.get_all(doctype, pluck="name"))


def test_r30_every_seeded_reason_justifies():
	reason = frappe.get_all("Absence Reason", fields=["name", "justified"])
	assert all(row.justified for row in reason if row.name in {"Certificat médical", "Sortie scolaire"})


def test_imputations_follow_the_m57():
	rows = {row.code: (row.nature, row["function"]) for row in frappe.get_all("Imputation", fields=["*"])}
	assert rows["7067-281"] == ("7067", "281")
	assert rows["7066-4221"] == ("7066", "4221")


def test_seeding_again_brings_nothing_back():
	frappe.db.delete("Absence Reason", {"name": "Sortie scolaire"})
	frappe.db.set_value("Role", roles.KITCHEN, "desk_access", 0)
	before = frappe.db.count("Imputation")
	seeds.seed_tables()
	roles.seed_roles()
	roles.seed_role_profiles()
	desk.seed_module_profiles()
	desk.translate_names()
	assert not frappe.db.exists("Absence Reason", "Sortie scolaire")
	assert frappe.db.get_value("Role", roles.KITCHEN, "desk_access") == 0
	assert frappe.db.count("Imputation") == before


def test_the_site_is_french_and_rounds_half_up():
	settings = frappe.get_single("System Settings")
	assert settings.language == "fr"
	assert settings.date_format == "dd/mm/yyyy"
	assert settings.number_format == "# ###,##"
	assert settings.time_zone == "Europe/Paris"
	assert settings.first_day_of_the_week == "Monday"
	seeds.after_wizard({})
	assert frappe.db.get_single_value("System Settings", "rounding_method") == "Commercial Rounding"


def test_removing_the_app_leaves_no_role_behind():
	account = account_of(roles.KITCHEN).name
	install.before_uninstall()
	assert not frappe.db.exists("Role", roles.KITCHEN)
	assert not frappe.db.exists("Role Profile", roles.KITCHEN)
	assert not frappe.db.exists("Module Profile", desk.MODULE_PROFILE)
	assert frappe.db.exists("User", account)
	assert not frappe.db.exists("Has Role", {"parent": account, "role": roles.KITCHEN})


# ---------------------------------------------------------------- accounts


def account_of(role, **values):
	email = f"compte{serial()}@concerto.example"
	return users.create_user(email.partition("@")[0], "Jeanne Durand", role, email=email, **values)


def test_an_account_has_its_role_its_sites_and_no_module_of_the_framework():
	account = account_of(roles.SCHOOL_COORDINATOR)
	assert [row.role for row in account.roles] == [roles.SCHOOL_COORDINATOR]
	assert "Core" in account.get_blocked_modules()
	assert "Families" not in account.get_blocked_modules()


def test_r6_the_it_department_keeps_the_framework():
	account = account_of(roles.SUPER_ADMINISTRATOR)
	assert "System Manager" in [row.role for row in account.roles]
	assert account.get_blocked_modules() == []


def test_r11_the_login_is_found_in_any_case():
	login = f"Jdurand{serial()}"
	account = users.create_user(
		login, "Jeanne Durand", roles.FINANCE_CLERK, email=f"{login}@concerto.example"
	)
	assert account.username == login.lower()
	assert account.name == f"{login}@concerto.example".lower()


def test_making_an_account_again_moves_it_to_its_new_sites():
	for name in ("Essai un", "Essai deux"):
		if not frappe.db.exists("Site", name):
			frappe.get_doc({"doctype": "Site", "site_name": name, "kind": "School"}).insert()
	email = f"x{serial()}@concerto.example"
	for sites in (("Essai un",), ("Essai deux",)):
		users.create_user("x", "Ixe", roles.ATTENDANCE_AGENT, sites=sites, email=email)
		given = frappe.get_all("User Permission", filters={"user": email, "allow": "Site"}, pluck="for_value")
		assert given == list(sites)


def test_an_account_gets_roles_of_the_staff_only():
	for wrong in (roles.FAMILY, "System Manager", ()):
		with pytest.raises(users.UnknownRole):
			users.create_user("y", "Why", wrong)


# ---------------------------------------------------------------- what every screen shows


def test_r11_the_label_of_the_environment_is_shown_escaped():
	# Straight into the table: a form would already have cleaned the label.
	for name, value in (("environment_label", "Démo <script>"), ("accent_colour", "red;}")):
		frappe.db.set_single_value("Authority Settings", name, value)
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	bootinfo = frappe._dict()
	boot.extend_bootinfo(bootinfo)
	assert bootinfo.concerto["environment_label"] == "Démo <script>"
	assert bootinfo.concerto["accent_colour"] == boot.DEFAULT_COLOUR
	banner = boot.update_website_context(frappe._dict())["banner_html"]
	assert "Démo &lt;script&gt;" in banner
	assert "<script>" not in banner


def test_without_a_label_there_is_no_bar():
	settings = frappe.get_single("Authority Settings")
	settings.environment_label = ""
	settings.save()
	assert "concerto-environment" not in boot.update_website_context(frappe._dict())["banner_html"]


# ---------------------------------------------------------------- money at the border


@pytest.mark.parametrize(
	("value", "exact"),
	[
		(2.675, "2.675"),
		(0.1, "0.1"),
		("15.00", "15.00"),
		(None, "0"),
		("", "0"),
		(Decimal("1.005"), "1.005"),
		(3, "3"),
	],
)
def test_money_comes_exact_out_of_the_database(value, exact):
	assert decimal_of(value) == Decimal(exact)


@pytest.mark.parametrize("value", ["abc", "nan", float("inf"), True, "12,5"])
def test_what_is_no_number_is_refused(value):
	with pytest.raises(ValueError):
		decimal_of(value)


def test_money_is_written_as_in_france():
	assert format_money(1234.5) == "1\u202f234,50\u00a0€"
