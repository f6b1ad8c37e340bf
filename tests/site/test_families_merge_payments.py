"""Merging two dossiers keeps what was paid, what is due and what is on the account, to the cent (R12, R42)."""

from __future__ import annotations

from decimal import Decimal

import frappe
import pytest

from concerto_education.billing.payments import allocation, balance
from concerto_education.families import api
from tests import payment_builders as p
from tests.merge_cases import everything_points_to, of, totals
from tests.payment_builders import invoiced, outstanding, pay, settled


@pytest.fixture(autouse=True)
def _one_transaction(one_billing_transaction):
	"""Runs stay in the transaction of the test."""


@pytest.fixture(autouse=True)
def november():
	with p.today():
		yield


@pytest.fixture
def two(site):
	"""One household paid a part of its invoice, the other one too much; a person in each is the same mother."""
	one, other = invoiced(), invoiced()
	pay(one, "10.00")
	pay(other, "40.00")
	name = frappe.db.get_value("Person", one.parent, "last_name")
	frappe.db.set_value("Person", other.parent, "last_name", name)
	return one, other


def standing(home) -> tuple:
	return outstanding(home.invoice), settled(home.invoice)


def test_r12_payments_and_what_they_settled_are_the_kept_dossiers(two):
	one, other = two
	before, sums = (standing(one), standing(other)), totals()
	assert balance.of_families([one.family])[one.family].total == Decimal("18.00")
	assert balance.of_families([other.family])[other.family].total == Decimal("-12.00")
	result = api.merge_records("Family", one.family, other.family, [[one.parent, other.parent]])
	assert totals() == sums
	assert (standing(one), standing(other)) == before
	assert balance.of_families([one.family])[one.family].total == Decimal("6.00")
	assert of("Payment", family=one.family) == 2 and of("Payment", family=other.family) == 0
	assert result["moved"]["Payment"] >= 1
	assert everything_points_to("Family", other.family) == {}


def test_r42_what_was_too_much_pays_what_was_too_little_once_the_payer_is_one(two):
	one, other = two
	api.merge_records("Family", one.family, other.family, [[one.parent, other.parent]])
	assert not frappe.db.exists("Payer", other.payer)
	assert balance.of_payers([one.payer])[one.payer] == Decimal("6.00")
	allocation.apply_credits([one.payer])
	assert outstanding(one.invoice) == Decimal("6.00") == balance.of_payers([one.payer])[one.payer]
	for home in two:
		total = Decimal(str(frappe.db.get_value("Invoice", home.invoice, "total")))
		assert settled(home.invoice) == total - outstanding(home.invoice)
