"""Accounts of the staff on one page: a role and its sites, a login of R11, and no way to make oneself more (R6–R11)."""

import frappe
import pytest

from concerto_education.authority import mail, roles
from concerto_education.authority.accounts import api, errors, letters, service
from concerto_education.authority.roles import ATTENDANCE_AGENT, FINANCE_CLERK, SCHOOL_COORDINATOR
from tests import builders as make


@pytest.fixture
def letter():
	letters.seed()


@pytest.fixture
def sent(monkeypatch):
	"""(recipients, context) of each message."""
	found = []

	def remember(template, recipients, context, **_rest):
		found.append((list(recipients), dict(context)))
		return True

	monkeypatch.setattr(mail, "send", remember)
	return found


@pytest.fixture
def school():
	return make.site().name


def address():
	return f"agent-{make._unique()}@concerto.example"


def create(school=None, role=ATTENDANCE_AGENT, **values):
	defaults = {
		"first_name": "Élise",
		"last_name": f"D’Arc-{make._letters(make.serial())}",
		"email": address(),
	}
	sites = [school] if school else []
	return api.save(**{**defaults, **values}, roles=[role], sites=sites)


def administrator():
	frappe.set_user(make.user(roles.SCHOOL_ADMINISTRATOR))


def test_r11_a_new_account_gets_its_login_and_a_link_for_its_own_password(school, sent):
	made = create(school, last_name="Léger-Doré")
	assert made["login"].startswith("elegerdore") and made["told"]
	user = frappe.get_doc("User", made["account"])
	assert (user.username, user.enabled) == (made["login"], 1)
	assert [row.role for row in user.roles] == [ATTENDANCE_AGENT]
	((recipients, context),) = sent
	assert recipients == [user.email]
	assert "update-password?key=" in context["link"] and context["login"] == made["login"]


def test_r11_the_same_surname_gets_a_number(school, sent):
	first = create(school, last_name="Dufour")
	assert api.suggest_login("Émile", "Dufour") != first["login"]


def test_the_message_is_a_template_of_the_administrators(letter):
	assert frappe.db.exists("Email Template", service.TEMPLATE)


@pytest.mark.parametrize("role", sorted(service.NEEDS_SITES))
def test_r10_a_role_of_a_site_needs_a_site(role, sent):
	with pytest.raises(errors.SitesMissing):
		create(role=role)


@pytest.mark.parametrize("role", [FINANCE_CLERK, roles.SEASONAL_CLERK])
def test_others_need_none(role, sent):
	assert create(role=role)["account"]


@pytest.mark.parametrize(
	("change", "error"),
	[
		({"first_name": " "}, errors.MissingAnswer),
		({"last_name": ""}, errors.MissingAnswer),
		({"email": "pas une adresse"}, errors.MissingAnswer),
	],
)
def test_what_is_missing_is_named_and_nothing_is_made(school, sent, change, error):
	before = frappe.db.count("User")
	with pytest.raises(error):
		create(school, **change)
	assert frappe.db.count("User") == before and not sent


def test_an_address_or_login_that_is_taken_is_refused(school, sent):
	made = create(school)
	with pytest.raises(errors.LoginTaken):
		create(school, email=frappe.db.get_value("User", made["account"], "email"))
	with pytest.raises(errors.LoginTaken):
		create(school, login=made["login"].upper())


def test_a_change_of_post_takes_the_old_site_and_role_away_and_keeps_the_login(school, sent):
	made = create(school)
	new = make.site().name
	api.save(
		first_name="Élise",
		last_name="Martin",
		email=frappe.db.get_value("User", made["account"], "email"),
		roles=[SCHOOL_COORDINATOR],
		sites=[new],
		account=made["account"],
	)
	row = next(row for row in service.staff() if row.name == made["account"])
	assert (row.roles, row.sites, row.username) == ([SCHOOL_COORDINATOR], [new], made["login"])
	assert len(sent) == 1


def test_a_closed_account_is_shown_and_can_be_opened_again(school, sent):
	made = create(school)
	api.set_open(made["account"], False)
	assert not frappe.db.get_value("User", made["account"], "enabled")
	assert made["account"] in {row.name for row in service.staff()}
	api.set_open(made["account"], True)
	assert frappe.db.get_value("User", made["account"], "enabled")


def test_r6_only_the_it_department_makes_administrators(school, sent):
	administrator()
	for role in roles.ADMINISTRATORS:
		with pytest.raises(errors.NoRightToGive):
			create(role=role)
	assert create(school)["account"]


def test_r6_nor_touches_their_accounts(school, sent):
	super_administrator = create(role=roles.SUPER_ADMINISTRATOR)["account"]
	administrator()
	for work in (
		lambda: api.set_open(super_administrator, False),
		lambda: api.invite(super_administrator),
		lambda: api.save("X", "Y", address(), [ATTENDANCE_AGENT], [school], account=super_administrator),
	):
		with pytest.raises(errors.NoRightToGive):
			work()


def test_nobody_changes_the_own_account():
	administrator()
	with pytest.raises(errors.NotYourself):
		api.set_open(frappe.session.user, False)


def test_a_family_is_no_account_of_the_staff(sent):
	family = make.user(roles.FAMILY)
	assert family not in {row.name for row in service.staff()}
	with pytest.raises(frappe.DoesNotExistError):
		api.invite(family)


@pytest.mark.parametrize("role", sorted({*roles.STAFF, roles.FAMILY} - {*roles.ADMINISTRATORS}))
def test_nobody_else_manages_accounts(role):
	frappe.set_user(make.user(role))
	for work in (api.load, lambda: api.suggest_login("A", "B"), create, lambda: api.set_open("x", False)):
		with pytest.raises(frappe.PermissionError):
			work()


def test_the_page_says_who_sees_every_site_and_who_sees_nothing(school, sent):
	clerk, agent = create(role=FINANCE_CLERK)["account"], create(school)["account"]
	lonely = make.user(ATTENDANCE_AGENT)
	rows = {row["name"]: row for row in api.load()["accounts"]}
	assert rows[clerk]["every_site"] and not rows[agent]["every_site"]
	assert (rows[lonely]["sites"], rows[lonely]["every_site"]) == ([], False)


def test_r6_nobody_becomes_system_manager_by_being_saved(school, sent):
	"""Some versions of the framework hand the role out when Administrator is the only one who has it."""
	account = create(school)["account"]
	frappe.db.delete("Has Role", {"role": "System Manager", "parent": ("!=", "Administrator")})
	frappe.get_doc("User", account).save()
	assert frappe.get_roles(account).count("System Manager") == 0
