"""The training base (R11): recognised on every screen, and cut off from the world."""

import json

import frappe
import pytest

from concerto_education.authority import boot, training
from config.setup import databases, site
from config.setup import training as setup
from tests import builders as make

SCHOOL = "ecole-essai.localhost"


@pytest.fixture
def on_training(monkeypatch):
	monkeypatch.setitem(frappe.conf, training.CONF, 1)


@pytest.fixture
def school(profile, site_name, committed):
	"""A training base made from the tests' site, which holds a family, a waiting message and a mail account."""
	make.family()
	frappe.get_doc({"doctype": "Email Queue", "sender": "a@concerto.example", "message": "x"}).insert()
	frappe.db.commit()
	before = (profile.sites / site_name / "site_config.json").read_text()
	yield lambda: setup.make(profile, site_name, SCHOOL)
	frappe.db.delete("Email Queue")
	frappe.db.commit()
	(profile.sites / site_name / "site_config.json").write_text(before)
	site.drop(profile, SCHOOL)


def config(profile, name):
	return json.loads((profile.sites / name / "site_config.json").read_text())


def rows(profile, name, table):
	database = config(profile, name)["db_name"]
	return int(databases.execute(profile, f"SELECT COUNT(*) FROM `{database}`.`{table}`").split()[-1])


def test_r11_a_copy_that_says_what_it_is_and_sends_nothing(profile, site_name, school):
	school()
	copy, real = config(profile, SCHOOL), config(profile, site_name)
	assert copy[training.CONF] == 1 and copy["mute_emails"] == 1
	assert training.CONF not in real
	assert rows(profile, SCHOOL, "tabFamily") == frappe.db.count("Family")
	assert rows(profile, SCHOOL, "tabEmail Queue") == rows(profile, SCHOOL, "tabSessions") == 0
	assert frappe.db.count("Email Queue") > 0, "the real base keeps its messages"
	assert SCHOOL in real[training.OTHER]["url"] and site_name in copy[training.OTHER]["url"]


def test_r11_the_banner_and_the_colour_are_not_those_of_the_settings(on_training):
	frappe.db.set_single_value("Authority Settings", {"environment_label": "", "accent_colour": "#0b5fa5"})
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	look = boot.appearance()
	assert "école" in look["environment_label"]
	assert look["accent_colour"] == training.COLOUR
	assert "concerto-environment" in boot.update_website_context(frappe._dict())["banner_html"]


def test_r11_nothing_goes_out_of_it(on_training):
	with pytest.raises(training.NotOnATrainingBase):
		training.refuse_on_training("Paiement en ligne")


def test_the_real_base_has_no_banner_of_its_own():
	frappe.db.set_single_value("Authority Settings", "environment_label", "")
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	assert not training.is_training()
	assert boot.appearance()["environment_label"] == ""
	training.refuse_on_training("Paiement en ligne")


@pytest.mark.parametrize("other", [None, "x", {"url": "javascript:alert(1)"}, {"label": "x"}])
def test_the_switch_leads_to_an_address_only(monkeypatch, other):
	monkeypatch.setitem(frappe.conf, training.OTHER, other)
	assert training.other_base() is None


def test_the_switch_of_the_user_menu(monkeypatch):
	monkeypatch.setitem(frappe.conf, training.OTHER, {"label": "base école", "url": "http://ecole.localhost"})
	bootinfo = frappe._dict()
	boot.extend_bootinfo(bootinfo)
	assert bootinfo.concerto["other_base"] == {"label": "base école", "url": "http://ecole.localhost"}


def test_keys_of_outside_services_are_forgotten():
	settings = frappe.get_single("API Particulier Settings")
	field = settings.meta.get("fields", {"fieldtype": "Password"})[0].fieldname
	settings.set(field, "clef-secrete-de-production")
	settings.flags.ignore_mandatory = settings.flags.ignore_validate = True
	settings.save()
	training._forget_keys("API Particulier Settings")
	frappe.clear_document_cache("API Particulier Settings", "API Particulier Settings")
	assert not frappe.get_single("API Particulier Settings").get_password(field, raise_exception=False)
