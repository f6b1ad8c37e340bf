"""The tax certificate of care of children under six, and the certificate of payments (R42)."""

from decimal import Decimal as D

import frappe
import pytest

from concerto_education.billing.payments import errors, receive
from concerto_education.billing.payments.certificates import api, care, receipts
from tests import billing_builders as b
from tests import payment_builders as p
from tests.payment_builders import october, pay, refund


@pytest.fixture(autouse=True)
def one_transaction(one_billing_transaction):
	"""Nothing is committed."""


@pytest.fixture(autouse=True)
def november():
	with p.today():
		yield


def mixed(birth_date: str = "2022-05-01", garderie_days: int = 10, canteen_days: int = 10):
	"""A child in the canteen (2.80 a day) and the garderie (1.50 a time), September issued."""
	home = b.household(qf=512)
	frappe.db.set_value("Person", home.children[0], "birth_date", birth_date)
	home.activity, home.garderie = b.canteen(), b.garderie()
	home.enrolment = b.enrol(home, home.activity)
	b.attend(home.enrolment, b.SEPTEMBER[:canteen_days])
	b.attend(b.enrol(home, home.garderie), b.SEPTEMBER[:garderie_days], "Present")
	run = b.new_run(issue_date="2026-10-15", due_date="2026-11-14")
	b.issue(b.compute(run))
	home.invoice = b.invoice_of(run, home.payer).name
	return home


def certified(home, year: int = 2026) -> list[D]:
	return [child.amount for child in care.paid([home.payer], year)[home.payer]]


def test_only_care_that_was_paid_counts_never_meals():
	home = mixed()
	assert certified(home) == []
	pay(home, "43.00")  # 28.00 of meals, 15.00 of garderie
	assert certified(home) == [D("15.00")]
	assert certified(home, 2025) == []


def test_a_part_pays_its_part_of_the_care():
	home = mixed()
	pay(home, "21.50")
	assert certified(home) == [D("7.50")]


def test_what_is_paid_next_year_is_certified_next_year():
	home = mixed()
	pay(home, "20.00", "2026-11-20")
	with p.today("2027-01-10"):
		pay(home, "23.00", "2027-01-10")
		years = [certified(home, year) for year in (2026, 2027)]
	assert sum(years[0] + years[1]) == D("15.00")
	assert years[0] == [D("6.98")]  # 20.00 × 15.00 / 43.00


@pytest.mark.parametrize(
	("birth_date", "expected"),
	[("2019-12-31", []), ("2020-01-01", []), ("2020-01-02", [D("15.00")]), ("2026-03-01", [D("15.00")])],
)
def test_the_child_was_under_six_on_the_first_of_january(birth_date, expected):
	home = mixed(birth_date)
	pay(home, "43.00")
	assert certified(home) == expected


def test_a_bounced_cheque_paid_nothing():
	home = mixed()
	cheque = pay(home, "43.00", method=p.CHEQUE, reference="1")
	receive.cancel(cheque.name, "Impayé")
	assert certified(home) == []


def test_an_activity_and_an_imputation_say_what_is_care():
	home = mixed()
	pay(home, "43.00")
	frappe.db.set_value("Activity", home.garderie.name, "care_certificate", "No")
	assert certified(home) == []
	frappe.db.set_value("Activity", home.garderie.name, "care_certificate", "Yes")
	frappe.db.set_value("Imputation", home.garderie.imputation, "is_meal", 1)
	assert certified(home) == []


def test_a_held_amount_that_was_carried_over_counts_where_it_was_paid():
	home = mixed(garderie_days=4, canteen_days=1)  # 6.00 + 2.80: held
	second = october(home)  # 28.00 + 8.80
	assert p.outstanding(second) == D("36.80")
	pay(home, "36.80", "2026-11-20")
	assert certified(home) == [D("6.00")]


def test_an_overpayment_counts_when_it_pays_an_invoice():
	home = mixed()
	payment = pay(home, "50.00")
	refund(home, "7.00")
	assert certified(home) == [D("15.00")]
	assert [row.amount for row in receipts.of(home.payer, 2026)] == [D("50.00"), D("-7.00")]
	assert receipts.of(home.payer, 2026)[0].name == payment.name


def test_chosen_lines_pay_their_care_or_none():
	home = mixed()
	lines = {
		row.activity: row.name
		for row in frappe.get_all("Invoice Line", {"parent": home.invoice}, ["name", "activity"])
	}
	canteen, garderie = lines[home.activity.name], lines[home.garderie.name]
	pay(home, "28.00", lines={canteen: D("28.00")})
	assert certified(home) == []
	pay(home, "10.00", lines={garderie: D("10.00")})
	assert certified(home) == [D("10.00")]
	with pytest.raises(errors.NotAllocatable):
		pay(home, "6.00", "2026-11-03", lines={garderie: D("5.01")})
	pay(home, "5.00")
	assert certified(home) == [D("15.00")]
	assert p.outstanding(home.invoice) == 0


def test_a_line_of_somebody_else_is_refused():
	home, other = mixed(), b.household()
	line = frappe.db.get_value("Invoice Line", {"parent": home.invoice})
	with pytest.raises(errors.NotAllocatable):
		pay(other, "5.00", lines={line: D("5.00")})


def test_certificates_are_letters_alone_and_in_batch():
	home = mixed()
	pay(home, "43.00")
	with pytest.raises(errors.NothingToCertify):
		api.care_pdf(home.payer, 2025)
	api.care_pdf(home.payer, 2026)
	assert frappe.response.filecontent.startswith(b"%PDF")
	children = care.paid([home.payer], 2026)[home.payer]
	text = api.care_letter(home.payer, 2026, children)
	assert "15,00" in text and "01/05/2022" in text
	assert home.payer in care.payers_of(2026)
	assert api.care_batch(2026)["payers"] >= 1
	api.care_batch_pdf(2026)
	api.payments_pdf(home.payer, 2026)
	assert frappe.response.filecontent.startswith(b"%PDF")
	with pytest.raises(frappe.ValidationError):
		api.care_pdf(home.payer, 2027)


def test_all_certificates_take_a_constant_number_of_queries():
	from tests.builders import queries

	homes = [mixed()]
	pay(homes[0], "43.00")
	one = queries(lambda: care.paid([homes[0].payer], 2026))
	names = [*frappe.get_all("Payer", pluck="name", limit=50), homes[0].payer]
	assert queries(lambda: care.paid(names, 2026)) <= one + 1
