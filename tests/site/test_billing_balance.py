"""The balance on the dossier: what is issued and not paid, what waits en mairie, and for whom (R35)."""

import json
from pathlib import Path

import frappe
import pytest

import concerto_education.billing
from concerto_education.authority import roles
from concerto_education.billing.balance import family_figures
from concerto_education.families.overview import family_overview
from tests import billing_builders as b
from tests import payment_builders as p
from tests.builders import user


@pytest.fixture(autouse=True)
def one_transaction(one_billing_transaction):
	"""Nothing is committed."""


def figures(home) -> dict:
	return family_overview(home.family)["figures"][0]


def test_the_dossier_shows_what_is_issued_and_not_paid():
	home = b.household(qf=512)
	b.attend(b.enrol(home, b.canteen()), b.SEPTEMBER[:6])
	b.issue(b.compute())
	assert figures(home)["value"].replace("\xa0", " ") == "16,80 €"


def test_r35_an_amount_held_en_mairie_is_not_owed_yet():
	home = b.household(qf=512)
	b.attend(b.enrol(home, b.canteen()), b.SEPTEMBER[:2])
	b.issue(b.compute())
	shown = figures(home)
	assert shown["value"].replace("\xa0", " ") == "0,00 €"
	assert "5,60" in shown["detail"]


def test_r42_payments_lower_it_and_a_credit_is_told():
	with p.today():
		home = p.invoiced()
		p.pay(home, "10.00")
		assert figures(home)["value"].replace("\xa0", " ") == "18,00 €"
		p.pay(home, "30.00")
		shown = figures(home)
	assert shown["value"].replace("\xa0", " ") == "12,00 €"
	assert "12,00" in shown["detail"]
	assert shown["kind"] == ""


def test_who_may_not_read_invoices_sees_no_balance():
	home = b.household(qf=512)
	frappe.set_user(user(roles.SCHOOL_COORDINATOR))
	assert family_figures(home.family) == []


def test_the_print_format_and_its_page_are_the_same_text():
	"""What is installed (json) is what one reads and edits (html)."""
	folder = Path(concerto_education.billing.__file__).parent / "print_format" / "facture"
	stored = json.loads((folder / "facture.json").read_text("utf-8"))["html"]
	assert stored.strip() == (folder / "facture.html").read_text("utf-8").strip()
