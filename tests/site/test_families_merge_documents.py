"""Merging carries documents, authorisations, mandates and reminders; two open mandates stand in the way (R12, R20)."""

from datetime import date

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.families import errors, merge
from concerto_education.families.documents import authorisations, missing, reminders
from concerto_education.families.mandates import service as mandates
from tests import builders as make
from tests import merge_cases as cases

DAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def november():
	with freeze_time("2026-11-24 10:00:00.5"):
		yield


@pytest.fixture
def twins():
	"""Two dossiers of one family; papers on both, a mandate on the second."""
	case = cases.twins()
	frappe.db.set_value("Enrolment", case.dropped.enrolment.name, "status", "Cancelled")
	case.kind, case.photo = make.document_type(), make.authorisation_type()
	for home in (case.kept, case.dropped):
		make.document(home.family, case.kind, received_on="2026-11-20")
		make.document(home.family, make.document_type("Payer"), payer=home.payer.name)
		reminders.note_letter(
			home.family.name, missing.for_families([home.family.name], DAY)[home.family.name]
		)
	make.authorisation(case.kept.family, case.photo, signed_on="2026-09-02")
	make.authorisation(case.dropped.family, case.photo, "Refused", signed_on="2026-10-02")
	case.mandate = make.mandate(case.dropped.payer, "2026-10-02")
	return case


def merged(case):
	return merge.merge("Family", case.kept.family.name, case.dropped.family.name, cases.pairs(case))


def test_r12_nothing_is_lost(twins):
	quotients = frozenset({"Quotient"})  # a known one is recorded once more, see the tests of merging
	before = cases.totals(quotients)
	merged(twins)
	assert cases.totals(quotients) == before
	family, child = twins.kept.family.name, twins.kept.child.name
	assert cases.of("Family Document", family=family) == 4
	assert cases.of("Family Document", family=family, person=child) == 2
	assert cases.of("Family Document", family=family, payer=twins.kept.payer.name) == 2
	assert cases.of("Document Reminder", family=family) == 2
	assert cases.of("Authorisation", family=family, person=child, signed_by=twins.kept.mother.name) == 2
	assert authorisations.of([child], DAY)[child][twins.photo].value == "Refused"  # the later one


def test_r20_the_mandate_follows_its_payer(twins):
	merged(twins)
	found = mandates.active_of([twins.kept.payer.name], DAY)
	assert found[twins.kept.payer.name].rum == twins.mandate.rum
	assert frappe.db.get_value("Mandate", twins.mandate.name, "family") == twins.kept.family.name
	# The next one of this payer gets a reference of its own.
	mandates.change_state(twins.mandate.name, "Revoked", "Nouveau compte")
	assert make.mandate(twins.kept.payer).rum != twins.mandate.rum


def test_r20_two_open_mandates_are_settled_by_a_person(twins):
	other = make.mandate(twins.kept.payer)
	with pytest.raises(errors.MandatesCollide, match=other.rum):
		merged(twins)
	assert cases.of("Mandate", payer=twins.dropped.payer.name) == 1  # nothing has moved
	mandates.change_state(other.name, "Revoked", "Double")
	merged(twins)
	assert cases.of("Mandate", payer=twins.kept.payer.name) == 2
