"""Texts of administrators give their values and nothing else: no question to the database, no HTML of a family (R45)."""

import frappe
import pytest
from markupsafe import Markup

from concerto_education.authority import roles, templates
from tests import builders as make

ATTACKS = (
	"{{ frappe.db.sql('select name from tabUser') }}",
	"{{ frappe.get_all('User') }}",
	"{{ ''.__class__.__mro__[1].__subclasses__() }}",
	"{% include 'templates/base.html' %}",
	"{% set x = self._TemplateReference__context %}{{ x }}",
	"{{ name._private }}",
	"{{ cycler.__init__.__globals__ }}",
)


def test_values_stand_in_their_places_and_lists_are_gone_through():
	text = "Bonjour {{ name }}{% if due %}, {{ due }}{% endif %} : {% for line in lines %}{{ line.label }} {% endfor %}"
	lines = [{"label": "RIB"}, {"label": "PAI"}]
	assert (
		templates.render(text, {"name": "Claire", "due": "", "lines": lines}) == "Bonjour Claire : RIB PAI "
	)


def test_what_a_family_typed_is_never_html_of_a_message():
	assert "<script>" not in templates.render("<b>{{ note }}</b>", {"note": "<script>alert(1)</script>"})
	assert templates.render("{{ block }}", {"block": Markup("<p>d’ici</p>")}) == "<p>d’ici</p>"
	assert templates.render_plain("{{ a }}", {"a": "Léa & Tom"}) == "Léa & Tom"


def test_dates_and_amounts_have_their_filters():
	assert templates.render_plain("{{ day | date }}", {"day": "2026-09-03"}) == "03/09/2026"
	assert templates.render_plain("{{ sum | euros }}", {"sum": "12.5"}).startswith("12,50")


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_gives_nothing_when_rendered(text):
	try:
		found = templates.render(text, {"name": "Claire"})
	except Exception:  # noqa: BLE001 - refused by the sandbox, which is what is wanted
		return
	assert "Administrator" not in found and "class '" not in found and "function" not in found


@pytest.mark.parametrize("text", ATTACKS)
def test_an_administrator_of_the_services_cannot_save_it(text):
	doc = frappe.get_doc(
		{"doctype": "Email Template", "name": f"Essai {make.serial()}", "subject": "x", "use_html": 1}
	)
	doc.response_html = text
	frappe.set_user(make.user(roles.SCHOOL_ADMINISTRATOR))
	with pytest.raises(templates.TemplateRefused):
		templates.check_email_template(doc)


def test_a_mistake_in_a_text_is_told_with_its_line():
	with pytest.raises(templates.TemplateRefused, match=r"Réponse.*ligne 2"):
		templates.check("Bonjour\n{{ name ", "Réponse")


def test_every_text_we_ship_may_be_saved_by_an_administrator():
	"""Else the first change of a comma would be refused."""
	frappe.set_user(make.user(roles.SCHOOL_ADMINISTRATOR))
	for name in frappe.get_all("Email Template", pluck="name"):
		templates.check_email_template(frappe.get_doc("Email Template", name))
