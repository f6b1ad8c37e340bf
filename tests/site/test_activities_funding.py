"""Fundings and vouchers (R21, R29): what is refused, by name, and the steps that keep who did what."""

from __future__ import annotations

import frappe
import pytest

from concerto_education.activities.errors import PeriodEndsBeforeStart
from concerto_education.activities.funding import errors, steps
from tests import billing_builders as build
from tests import builders
from tests import funding_builders as fund


def enrolment():
	return build.enrol(build.household(), fund.leisure())


def percent(of, by, share, **values):
	return fund.funding(of, by, basis="Percentage", percentage=share, status="Requested", **values)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
	("values", "error"),
	[
		({"valid_from": "2026-08-01"}, errors.FundingOutsideEnrolment),
		({"valid_to": "2027-09-01"}, errors.FundingOutsideEnrolment),
		({"valid_from": "2026-10-02", "valid_to": "2026-10-01"}, PeriodEndsBeforeStart),
		({"basis": "Percentage", "percentage": 100.5}, errors.FundingInvalid),
		({"basis": "Percentage", "percentage": -1}, errors.FundingInvalid),
		({"amount": -1}, errors.FundingInvalid),
	],
)
def test_bad_input_is_refused_and_nothing_saved(values, error):
	by = fund.funder()
	with pytest.raises(error):
		fund.funding(enrolment(), by, status="Requested", **values)
	assert not frappe.db.exists("Funding", {"funder": by.name})


def test_two_fundings_beyond_the_price_are_refused():
	of, by = enrolment(), fund.funder()
	percent(of, by, 60, valid_to="2026-12-31")
	with pytest.raises(errors.FundingInvalid, match="110"):
		percent(of, by, 50, valid_from="2026-12-01")
	assert percent(of, by, 50, valid_from="2027-01-01")


def test_a_refused_one_stands_in_nobodys_way():
	of, by = enrolment(), fund.funder()
	steps.move(percent(of, by, 100), "Refused", "Hors barème")
	assert percent(of, by, 100)


def test_a_cancelled_enrolment_is_not_funded():
	of = enrolment()
	of.db_set("status", "Cancelled")
	with pytest.raises(errors.EnrolmentNotFundable):
		fund.funding(of, fund.funder(), status="Requested")


# ---------------------------------------------------------------- steps


def test_the_steps_and_who_did_them_are_kept():
	pec = fund.funding(enrolment(), fund.funder())
	assert [row.status for row in pec.history] == ["Requested", "Notified", "Active"]
	assert all(row.user == frappe.session.user and row.moment for row in pec.history)


def test_the_form_does_not_change_the_status():
	pec = fund.funding(enrolment(), fund.funder(), status="Requested")
	pec.status = "Active"
	with pytest.raises(errors.WrongFundingStep):
		pec.save()


def test_a_new_funding_is_a_request():
	of = enrolment()
	with pytest.raises(errors.WrongFundingStep):
		builders.insert(
			"Funding",
			enrolment=of.name,
			funder=fund.funder().name,
			status="Active",
			basis="Per Day",
			amount=8,
			valid_from=of.valid_from,
			valid_to=of.valid_to,
		)


@pytest.mark.parametrize("target", [step for step in steps.NEXT if step not in steps.NEXT["Requested"]])
def test_a_request_does_not_jump(target):
	pec = fund.funding(enrolment(), fund.funder(), status="Requested")
	with pytest.raises(errors.WrongFundingStep):
		steps.move(pec, target)


@pytest.mark.parametrize("values", [{"reference": ""}, {"notified_on": None}, {"notified_on": "2099-01-01"}])
def test_a_notification_has_a_reference_and_a_date(values):
	pec = fund.funding(enrolment(), fund.funder(), status="Requested", **values)
	with pytest.raises(errors.FundingIncomplete):
		steps.move(pec, "Notified")


def test_a_refusal_says_why():
	pec = fund.funding(enrolment(), fund.funder(), status="Requested")
	with pytest.raises(errors.FundingIncomplete):
		steps.move(pec, "Refused")


def test_without_an_amount_nothing_becomes_active():
	pec = fund.funding(enrolment(), fund.funder(), status="Requested", amount=0)
	with pytest.raises(errors.FundingInvalid):
		steps.move(pec, "Notified")


def test_a_funder_without_address_gets_no_claims():
	by = builders.organisation(build.unique("CCAS"))
	pec = fund.funding(enrolment(), by, status="Notified")
	with pytest.raises(errors.FundingIncomplete, match=by.organisation_name):
		steps.move(pec, "Active")


def test_one_payer_for_all_fundings_of_a_funder():
	by = fund.funder()
	fund.funding(enrolment(), by), fund.funding(enrolment(), by)
	payers = frappe.get_all("Payer", filters={"organisation": by.name}, fields=["family", "is_funder"])
	assert [(row.family, row.is_funder) for row in payers] == [(None, 1)]


def test_what_was_promised_is_not_deleted():
	pec = fund.funding(enrolment(), fund.funder())
	with pytest.raises(errors.WrongFundingStep):
		frappe.delete_doc("Funding", pec.name)
	steps.move(pec, "Cancelled", "Doublon")
	with pytest.raises(errors.WrongFundingStep):
		frappe.delete_doc("Funding", pec.name)


# ---------------------------------------------------------------- vouchers


@pytest.mark.parametrize(
	("values", "error"),
	[
		({"days": 0}, errors.VoucherInvalid),
		({"measure": "Amount", "total": 0}, errors.VoucherInvalid),
		({"kinds": []}, errors.VoucherInvalid),
		({"valid_to": "2026-01-01"}, PeriodEndsBeforeStart),
	],
)
def test_a_bad_voucher_is_refused(values, error):
	with pytest.raises(error):
		fund.voucher(build.household(), fund.funder(), **values)


def test_a_number_is_recorded_once():
	home, by = build.household(), fund.funder()
	fund.voucher(home, by, reference="MSA-1")
	with pytest.raises(errors.DuplicateVoucher):
		fund.voucher(home, by, reference=" MSA-1 ")
	assert fund.voucher(home, fund.funder(), reference="MSA-1")


def test_a_voucher_is_of_a_child_of_the_family():
	with pytest.raises(errors.VoucherOfStranger):
		fund.voucher(build.household(), fund.funder(), person=build.household().children[0])


def test_a_quota_under_what_is_used_is_refused(one_billing_transaction):
	home = build.household()
	bon = fund.voucher(home, fund.funder(), days=3)
	fund.attend(build.enrol(home, fund.leisure()), 3)
	build.bill()
	bon.reload()
	bon.days = 2
	with pytest.raises(errors.VoucherOverQuota, match="3"):
		bon.save()


# ---------------------------------------------------------------- merging (R12)


def test_merging_two_dossiers_carries_fundings_vouchers_and_waiting_entries():
	from concerto_education.families import merge

	one, two = build.household(), build.household()
	of = build.enrol(two, fund.leisure())
	by = fund.funder()
	pec, bon = fund.funding(of, by), fund.voucher(two, by)
	entry = builders.insert("Waiting List Entry", enrolment=of.name, days=[])
	merge.merge("Family", one.family, two.family)
	for doc in (pec, bon, entry):
		assert frappe.db.get_value(doc.doctype, doc.name, "family") == one.family
