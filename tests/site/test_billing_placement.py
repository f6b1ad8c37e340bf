"""Who is invoiced for a placed child: R17, R18. Nothing that was invoiced before changes."""

import frappe
import pytest

from concerto_education.families import errors
from concerto_education.families.placement import api
from tests import billing_builders as make
from tests import builders

pytestmark = pytest.mark.usefixtures("one_billing_transaction")


@pytest.fixture
def home():
	return make.household()


@pytest.fixture
def carer():
	return builders.person("Accueil", "Rose", civility="Mme")


def by_payer(run) -> dict[str, str]:
	return {invoice.payer: f"{make.total(invoice):.2f}" for invoice in make.invoices(run)}


def test_r17_the_carer_pays_from_the_first_day_on_the_same_enrolment(home, carer):
	make.attend(make.enrol(home, make.canteen()), make.SEPTEMBER)
	row = builders.placement(home.doc, home.children[0], carer, valid_from="2026-09-15")
	# 8 meals until the 14th, 9 from the 15th on.
	assert by_payer(make.bill()) == {home.payer: "22.40", row.payer: "25.20"}


def test_r18_the_same_adult_gets_two_invoices(home, carer):
	canteen = make.canteen()
	make.attend(make.enrol(home, canteen), make.SEPTEMBER)
	own = make.household()
	own.doc.reload()
	own.doc.append("members", builders.member(carer, "Representative 2"))
	own.doc.save()
	hers = builders.payer(own.doc, carer)
	make.attend(make.enrol(own, canteen, payers=((hers.name, 100),)), make.SEPTEMBER)
	row = builders.placement(home.doc, home.children[0], carer, valid_from="2026-09-01")
	assert by_payer(make.bill()) == {hers.name: "47.60", row.payer: "47.60"}


def test_r17_what_is_invoiced_stays_and_the_carer_pays_from_the_next_month(home, carer):
	enrolment = make.enrol(home, make.canteen())
	make.attend(enrolment, make.SEPTEMBER + make.OCTOBER)
	september = by_payer(make.bill("2026-09-01"))
	row = builders.placement(home.doc, home.children[0], carer, valid_from="2026-09-15")
	assert str(row.pays_from) == "2026-10-01"
	assert str(api.suggest(home.family, home.children[0])["invoiced_until"]) == "2026-09-30"
	run = make.bill("2026-10-01")
	assert september == {home.payer: "47.60"}
	assert by_payer(run) == {row.payer: "28.00"}
	assert len(make.ledger(home.family)) == len(make.SEPTEMBER) + len(make.OCTOBER), "no régularisation"


def test_r17_the_end_gives_back_what_is_not_yet_invoiced(home, carer):
	enrolment = make.enrol(home, make.canteen())
	make.attend(enrolment, make.SEPTEMBER + make.OCTOBER)
	row = builders.placement(home.doc, home.children[0], carer, valid_from="2026-09-01")
	make.bill("2026-09-01")
	answer = api.end_placement(row.name, "2026-09-20")
	assert str(answer["pays_to"]) == "2026-09-30", "the carer keeps what she was invoiced"
	assert by_payer(make.bill("2026-10-01")) == {home.payer: "28.00"}
	assert len(make.ledger(home.family)) == len(make.SEPTEMBER) + len(make.OCTOBER)
	with pytest.raises(errors.InvoicedMeanwhile):
		frappe.get_doc("Placement", row.name).update({"valid_to": None}).save()


def test_r17_custody_comes_back_after_the_placement(home, carer):
	father = make.second_payer(home)
	calendar = builders.custody_calendar(
		home.doc, home.children[0], frappe.get_doc("Payer", home.payer), frappe.get_doc("Payer", father)
	)
	enrolment = make.enrol(
		home, make.canteen(), payers=((home.payer, 0), (father, 0)), custody_calendar=calendar.name
	)
	make.attend(enrolment, make.SEPTEMBER)
	row = builders.placement(
		home.doc, home.children[0], carer, valid_from="2026-09-07", valid_to="2026-09-13"
	)
	found = by_payer(make.bill())
	# Week 37 is the father's: its four meals go to the carer.
	assert found[row.payer] == "11.20"
	assert found[home.payer] == "25.20"  # 9 meals of even weeks
	assert found[father] == "11.20"  # 4 of his 8
