"""What is missing in a dossier, for whom and why (R7, R14, R20, R24)."""

from datetime import date

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.activities.errors import DuplicateRequirement, RequirementsMissing
from concerto_education.families.documents import missing, rules
from concerto_education.families.mandates import service as mandates
from tests import builders as make
from tests.builders import queries

DAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def november():
	with freeze_time("2026-11-24 10:00:00.5"):
		yield


@pytest.fixture(autouse=True)
def nothing_required_of_all():
	"""Only what a test requires: the types of the site belong to its administrator."""
	for doctype in ("Document Type", "Authorisation Type"):
		frappe.db.set_value(doctype, {"required": 1}, "required", 0)


def complete_family(**values):
	"""A dossier in which nothing is missing."""
	mother = make.person(civility="Mme", phone="+33612345678")
	kid = make.child(mother.last_name, school=make.site().name)
	home = make.family(
		make.member(mother, "Representative 1"),
		make.member(kid),
		**{"benefit_scheme": "General (CAF)", **values},
	)
	frappe.db.delete("Quotient", {"family": home.name})
	make.quotient(home, 640, valid_from="2026-09-01", valid_to="2027-08-31")
	make.payer(home)
	return home


def child_of(home) -> str:
	return next(row.person for row in home.members if row.role == "Child")


def payer_of(home):
	return frappe.get_doc("Payer", {"family": home.name})


def lacking(home, day=DAY) -> list[tuple]:
	return [(item.kind, item.code, item.reason) for item in missing.for_families([home.name], day)[home.name]]


def test_r24_nothing_is_missing_in_a_complete_dossier():
	assert lacking(complete_family()) == []


# ---------------------------------------------------------------- data


def test_r14_an_unknown_quotient_is_missing():
	home = complete_family()
	make.quotient(home, 9999, source="Unknown", valid_from="2026-11-01", valid_to="2027-08-31")
	assert lacking(home) == [("Data", "quotient", "Unknown")]
	assert lacking(home, date(2026, 10, 31)) == []
	assert lacking(home, date(2027, 9, 1)) == [("Data", "quotient", "Missing")]


@pytest.mark.parametrize(
	("doctype", "field", "code"),
	[
		("Family", "benefit_scheme", "benefit_scheme"),
		("Child", "birth_date", "birth_date"),
		("Child", "school", "school"),
		("Parent", "phone", "phone"),
	],
)
def test_r7_missing_data(doctype, field, code):
	home = complete_family()
	name = {"Family": home.name, "Child": child_of(home), "Parent": home.members[0].person}[doctype]
	frappe.db.set_value("Family" if doctype == "Family" else "Person", name, field, None)
	assert lacking(home) == [("Data", code, "Missing")]


def test_r7_a_phone_of_the_family_is_enough_and_a_contact_s_is_not():
	home = complete_family()
	frappe.db.set_value("Person", home.members[0].person, "phone", None)
	home.append("members", make.member(make.person(phone="+33612345679"), "Contact"))
	home.save()
	assert lacking(home) == [("Data", "phone", "Missing")]
	home.phone = "+33549112233"
	home.save()
	assert lacking(home) == []


@pytest.mark.parametrize(
	("born", "expected"),
	[("2023-11-25", False), ("2023-11-24", True), ("2015-11-25", True), ("2015-11-24", False)],
)
def test_r7_the_school_is_asked_for_at_school_age(born, expected):
	home = complete_family()
	frappe.db.set_value("Person", child_of(home), {"birth_date": born, "school": None})
	assert bool(lacking(home)) is expected


def test_r7_a_dossier_without_payer():
	home = complete_family()
	payer_of(home).update({"active": 0}).save()
	assert lacking(home) == [("Data", "payer", "Missing")]


# ---------------------------------------------------------------- documents


def test_r7_required_of_each_child():
	home = complete_family()
	home.append("members", make.member(make.child(school=make.site().name)))
	grown = make.person(birth_date="2008-11-24")  # eighteen today
	home.append("members", make.member(grown))
	home.save()
	kind = make.document_type(required=1)
	found = missing.for_families([home.name], DAY)[home.name]
	assert {item.person for item in found} == {row.person for row in home.members[1:3]}
	assert {item.code for item in found} == {kind}


def test_r7_required_of_the_family_and_of_each_payer():
	home = complete_family()
	make.payer(
		home,
		home.append("members", make.member(make.person(), "Contact"))
		and home.save()
		and home.members[-1].person,
	)
	family_type, payer_type = (
		make.document_type("Family", required=1),
		make.document_type("Payer", required=1),
	)
	found = missing.for_families([home.name], DAY)[home.name]
	assert sorted(item.code for item in found) == sorted([family_type, payer_type, payer_type])
	assert len({item.payer for item in found if item.code == payer_type}) == 2


def test_r24_what_was_received_is_not_asked_for_again_and_what_was_refused_is():
	home, kind = complete_family(), make.document_type(required=1)
	assert lacking(home) == [("Document", kind, "Missing")]
	doc = make.document(home, kind)
	assert lacking(home) == [("Document", kind, "Missing")]
	doc.received_on = "2026-11-20"
	doc.save()
	assert lacking(home) == []
	rules.refuse(doc, "Illisible")
	(item,) = missing.for_families([home.name], DAY)[home.name]
	assert (item.reason, item.detail) == ("Refused", "Illisible")


def test_r24_a_document_ends_on_its_date():
	home, kind = complete_family(), make.document_type(required=1, validity="Months", months=12)
	rules.accept(make.document(home, kind, received_on="2025-11-24"))
	assert lacking(home, date(2026, 11, 24)) == []
	assert lacking(home, date(2026, 11, 25)) == [("Document", kind, "Expired")]
	make.document(home, kind, received_on="2026-11-20")
	assert lacking(home, date(2026, 11, 25)) == []


def test_r24_what_a_clerk_asked_for_is_missing_until_it_is_there():
	home, kind = complete_family(), make.document_type("Family")
	assert lacking(home) == []
	make.document(home, kind)
	assert lacking(home) == [("Document", kind, "Missing")]


def test_r23_an_agreement_with_a_date_is_asked_for_again_and_a_certificate_is_not():
	home = complete_family()
	dated = make.document_type(validity="Date on the Document", health=1)
	months = make.document_type(validity="Months", months=1)
	rules.accept(make.document(home, dated, received_on="2026-09-01", valid_to="2026-11-23"))
	rules.accept(make.document(home, months, received_on="2026-09-01"))
	assert lacking(home) == [("Document", dated, "Expired")]


def test_r18_a_document_of_a_child_serves_in_both_dossiers():
	home, kind = complete_family(), make.document_type(required=1)
	carer = make.person(phone="+33612345670")
	second = make.family(
		make.member(carer, "Representative 1"), make.member(child_of(home)), benefit_scheme="Other"
	)
	frappe.db.delete("Quotient", {"family": second.name})
	make.quotient(second, 640, valid_from="2026-09-01", valid_to="2027-08-31")
	make.payer(second)
	assert lacking(second) == [("Document", kind, "Missing")]
	make.document(home, kind, received_on="2026-11-20")
	assert lacking(home) == lacking(second) == []


def test_r23_who_may_not_read_health_learns_only_that_something_is_missing():
	home, kind = complete_family(), make.document_type(health=1, required=1)
	rules.refuse(make.document(home, kind, received_on="2026-11-20"), "Le vaccin manque")
	(item,) = missing.for_families([home.name], DAY)[home.name]
	shown = str(missing.visible(item, may_read_health=False))
	assert kind not in shown and "vaccin" not in shown
	assert kind in str(missing.visible(item, may_read_health=True))


# ---------------------------------------------------------------- authorisations


def test_r7_a_question_that_was_not_answered():
	home, kind = complete_family(), make.authorisation_type(required=1)
	assert lacking(home) == [("Authorisation", kind, "Not Answered")]
	make.authorisation(home, kind, "Refused")
	assert lacking(home) == []
	assert lacking(home, date(2027, 9, 1))[-1] == ("Authorisation", kind, "Not Answered")


# ---------------------------------------------------------------- required by an activity


def activity_with(*rows, **values):
	return make.activity(
		requirements=[
			{"required_doctype": doctype, "required": name, "blocking": blocking}
			for doctype, name, blocking in rows
		],
		**values,
	)


def test_r7_an_activity_requires_of_the_children_who_come():
	kind, photo = make.document_type(), make.authorisation_type()
	act = activity_with(("Document Type", kind, 0), ("Authorisation Type", photo, 0))
	home, other = complete_family(), complete_family()
	enrolment = make.enrolment(home, act, payer_of(home))
	(document, answer) = missing.for_families([home.name], DAY)[home.name]
	assert (document.code, document.activities, document.sites, document.blocking) == (
		kind,
		(act.name,),
		(enrolment.site,),
		False,
	)
	assert answer.code == photo
	assert lacking(other) == []
	assert lacking(home, date(2027, 9, 1))[1:] == []  # the enrolment is over; only the QF is
	frappe.db.set_value("Enrolment", enrolment.name, "status", "Cancelled")
	assert lacking(home) == []


def test_r7_what_two_activities_require_is_missing_once():
	kind = make.document_type()
	acts = [activity_with(("Document Type", kind, 0)) for _number in range(2)]
	home = complete_family()
	for act in acts:
		make.enrolment(home, act, payer_of(home))
	(item,) = missing.for_families([home.name], DAY)[home.name]
	assert item.activities == tuple(sorted(act.name for act in acts))


def test_r7_the_same_is_required_once():
	kind = make.document_type()
	with pytest.raises(DuplicateRequirement):
		activity_with(("Document Type", kind, 0), ("Document Type", kind, 1))


def test_r7_a_blocking_document_is_needed_to_confirm():
	kind = make.document_type()
	act, home = activity_with(("Document Type", kind, 1)), complete_family()
	with pytest.raises(RequirementsMissing, match=kind):
		make.enrolment(home, act, payer_of(home))
	doc = make.document(home, kind, received_on="2026-11-20")
	enrolment = make.enrolment(home, act, payer_of(home))
	rules.refuse(doc, "Illisible")
	enrolment.note = "Rappel fait"
	enrolment.save()  # confirmed stays confirmed


def test_r7_a_blocking_authorisation_has_to_be_given():
	kind = make.authorisation_type()
	act, home = activity_with(("Authorisation Type", kind, 1)), complete_family()
	make.authorisation(home, kind, "Refused", signed_on="2026-11-01")
	with pytest.raises(RequirementsMissing):
		make.enrolment(home, act, payer_of(home))
	make.authorisation(home, kind, "Given", signed_on="2026-11-20")
	assert make.enrolment(home, act, payer_of(home)).name


# ---------------------------------------------------------------- mandates


def test_r20_direct_debit_needs_an_active_mandate():
	home = complete_family()
	who = payer_of(home)
	who.update({"payment_method": "Direct Debit"}).save()
	assert lacking(home) == [("Mandate", "mandate", "Missing")]
	doc = make.mandate(who)
	assert lacking(home) == [("Mandate", "mandate", "Not Signed")]
	mandates.change_state(doc.name, "Active", signed_on=DAY)
	assert lacking(home) == []
	mandates.change_state(doc.name, "Suspended", "Impayés")
	assert lacking(home) == [("Mandate", "mandate", "Suspended")]


def test_r20_a_mandate_that_awaits_signature_is_asked_for_whatever_the_means_of_payment():
	home = complete_family()
	make.mandate(payer_of(home))
	assert lacking(home) == [("Mandate", "mandate", "Not Signed")]


# ---------------------------------------------------------------- many


def test_r24_many_families_take_as_many_queries_as_one():
	kind = make.document_type(required=1)
	act = activity_with(("Document Type", make.document_type(), 0))
	homes = [complete_family() for _number in range(5)]
	for home in homes:
		make.enrolment(home, act, payer_of(home))
		make.document(home, kind)
		make.mandate(payer_of(home))
	names = [home.name for home in homes]
	missing.for_families(names[:1], DAY)  # caches
	one = queries(lambda: missing.for_families(names[:1], DAY))
	assert queries(lambda: missing.for_families(names, DAY)) == one <= 12
