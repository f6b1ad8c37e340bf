"""Documents and authorisations of a dossier: whom they concern, how long they hold, who signs (R7, R17, R24)."""

from datetime import date
from pathlib import Path

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.families.documents import authorisations, errors, rules
from tests import builders as make
from tests.builders import queries

DAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def november():
	with freeze_time("2026-11-24 10:00:00.5"):
		yield


# ---------------------------------------------------------------- types


def test_r7_a_type_valid_for_months_says_how_many():
	with pytest.raises(errors.InvalidDocumentType):
		make.document_type(validity="Months")
	assert frappe.get_doc("Document Type", make.document_type(validity="No End", months=4)).months == 0


def test_r7_a_type_with_documents_keeps_its_subject():
	kind = make.document_type("Family")
	make.document(make.family(), kind)
	doc = frappe.get_doc("Document Type", kind)
	doc.concerns = "Child"
	with pytest.raises(errors.InvalidDocumentType):
		doc.save()


def test_r7_the_usual_types_are_there_to_begin_with():
	assert frappe.db.get_value("Document Type", "Justificatif de domicile", ["required", "months"]) == (1, 12)
	health = frappe.get_all("Document Type", filters={"health": 1}, pluck="name")
	assert "Projet d'accueil individualisé (PAI)" in health
	assert frappe.db.get_value("Document Type", "Délégation de signature", "delegation") == 1
	assert frappe.db.count("Authorisation Type") >= 6


# ---------------------------------------------------------------- documents


def test_r24_a_document_is_asked_for_received_and_accepted():
	home = make.family()
	doc = make.document(home, make.document_type("Family"))
	assert doc.status == "Requested"
	with pytest.raises(errors.NotReceived):
		rules.accept(doc)
	doc.reload()
	doc.received_on = "2026-11-20"
	doc.save()
	assert doc.status == "Received"
	doc = rules.accept(doc)
	assert (doc.status, doc.decided_by) == ("Valid", "Administrator")


def test_r24_a_refusal_says_why_and_another_file_is_looked_at_anew():
	doc = make.document(make.family(), make.document_type("Family"), received_on="2026-11-20")
	with pytest.raises(errors.RefusalNeedsReason):
		rules.refuse(doc, "  ")
	doc.reload()
	doc = rules.refuse(doc, "Illisible")
	assert (doc.status, doc.refusal_reason) == ("Refused", "Illisible")
	doc.file = attached(doc).file_url
	doc.save()
	assert (doc.status, doc.refusal_reason) == ("Received", None)


@pytest.mark.parametrize(
	("values", "received", "until"),
	[
		({"validity": "No End"}, "2026-11-20", None),
		({"validity": "Months", "months": 12}, "2026-11-20", date(2027, 11, 20)),
		({"validity": "Months", "months": 3}, "2026-11-30", date(2027, 2, 28)),
		({"validity": "School Year"}, "2026-08-31", date(2026, 8, 31)),
		({"validity": "School Year"}, "2026-09-01", date(2027, 8, 31)),
	],
)
def test_r7_how_long_a_document_holds(values, received, until):
	with freeze_time("2026-12-01 10:00:00.5"):
		doc = make.document(make.family(), make.document_type("Family", **values), received_on=received)
	assert doc.valid_to == until


def test_r7_a_document_with_its_own_date_needs_it():
	doc = make.document(
		make.family(), make.document_type("Family", validity="Date on the Document"), received_on="2026-11-20"
	)
	with pytest.raises(errors.DateNeeded):
		rules.accept(doc)
	doc.reload()
	assert rules.accept(doc, date(2027, 6, 30)).valid_to == date(2027, 6, 30)


def test_r24_what_is_refused():
	home, other = make.family(), make.family()
	child_type, payer_type = make.document_type(), make.document_type("Payer")
	adult = next(row.person for row in home.members if row.role != "Child")
	foreign = next(row.person for row in other.members if row.role == "Child")
	with pytest.raises(errors.DocumentOfOtherFamily):
		make.document(home, child_type, person=foreign)
	with pytest.raises(errors.NotAChild):
		make.document(home, child_type, person=adult)
	with pytest.raises(errors.DocumentOfOtherFamily):
		make.document(home, payer_type, payer=make.payer(other).name)
	with pytest.raises(errors.ReceivedInFuture):
		make.document(home, child_type, received_on="2026-11-25")
	with pytest.raises(errors.DocumentEndsBeforeStart):
		make.document(home, child_type, received_on="2026-11-20", valid_to="2026-11-19")


def test_r24_every_night_what_has_ended_is_written_down():
	kind = make.document_type("Family", validity="Months", months=12)
	over, holding = (
		rules.accept(make.document(make.family(), kind, received_on=day))
		for day in ("2025-11-23", "2025-11-24")
	)
	rules.expire(DAY)
	assert frappe.db.get_value("Family Document", over.name, "status") == "Expired"
	assert frappe.db.get_value("Family Document", holding.name, "status") == "Valid"


# ---------------------------------------------------------------- files


def attached(doc, private: int = 1, **values):
	return frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{frappe.generate_hash(length=8)}.txt",
			"content": frappe.generate_hash(),
			"attached_to_doctype": doc.doctype,
			"attached_to_name": doc.name,
			"is_private": private,
			**values,
		}
	).insert()


def test_r24_a_file_becomes_private():
	doc = make.document(make.family(), make.document_type("Family"))
	file = attached(doc, private=0)
	doc.file = file.file_url
	doc.save()
	file.reload()
	stored = frappe.db.get_value("Family Document", doc.name, "file")
	assert file.is_private == 1 and stored == file.file_url and stored.startswith("/private/files/")
	# Sent and moved in one transaction: the framework can't put that back by itself.
	frappe.db.after_rollback.reset()
	Path(file.get_full_path()).unlink()


def test_r24_a_file_is_not_attached_by_naming_its_address():
	home = make.family()
	kind = make.document_type()
	secret = attached(make.document(home, make.document_type(health=1)))
	frappe.set_user(make.user("Seasonal Clerk"))
	with pytest.raises(errors.FileNotReadable):
		make.document(home, kind, file=secret.file_url)


# ---------------------------------------------------------------- health (R23)


def test_r23_a_document_about_health_is_for_those_who_may_read_health():
	home = make.family()
	ordinary = make.document(home, make.document_type(), received_on="2026-11-20")
	health = make.document(home, make.document_type(health=1), received_on="2026-11-20")
	file = attached(health)
	for role, expected in (
		("Seasonal Clerk", False),
		("Finance Clerk", False),
		("School Services Administrator", True),
	):
		frappe.set_user(make.user(role))
		listed = frappe.get_list("Family Document", filters={"family": home.name}, pluck="name")
		assert ordinary.name in listed
		assert (health.name in listed) is expected, role
		assert frappe.has_permission("Family Document", "read", doc=health.name) is expected
		assert frappe.get_doc("File", file.name).has_permission("read") is expected
		assert (file.name in frappe.get_list("File", pluck="name", limit_page_length=0)) is expected
		frappe.set_user("Administrator")


def test_r23_unticking_health_opens_nothing():
	doc = make.document(make.family(), make.document_type(health=1), received_on="2026-11-20")
	frappe.set_user(make.user("Seasonal Clerk"))
	doc.health = 0
	with pytest.raises(frappe.PermissionError):
		doc.save()


def test_r23_a_type_that_becomes_one_about_health_hides_its_documents():
	kind = make.document_type()
	doc = make.document(make.family(), kind)
	frappe.get_doc("Document Type", kind).update({"health": 1}).save()
	frappe.set_user(make.user("Seasonal Clerk"))
	assert not frappe.has_permission("Family Document", "read", doc=doc.name)


def test_r20_the_scan_of_a_mandate_needs_the_right_to_see_accounts():
	file = attached(make.mandate(make.payer(make.family())))
	for role, expected in (("Seasonal Clerk", False), ("Finance Clerk", True)):
		frappe.set_user(make.user(role))
		assert frappe.get_doc("File", file.name).has_permission("read") is expected
		frappe.set_user("Administrator")


# ---------------------------------------------------------------- authorisations


def answers(home, day=DAY):
	child = next(row.person for row in home.members if row.role == "Child")
	return {kind: one.value for kind, one in authorisations.of([child], day)[child].items()}


def test_r7_the_latest_answer_holds():
	home, photo, swim = make.family(), make.authorisation_type(), make.authorisation_type()
	make.authorisation(home, photo, signed_on="2026-09-02")
	make.authorisation(home, swim, "Refused", signed_on="2026-09-02")
	assert answers(home) == {photo: "Given", swim: "Refused"}
	make.authorisation(home, photo, "Refused", signed_on="2026-11-10")
	assert answers(home)[photo] == "Refused"
	assert answers(home, date(2026, 9, 15))[photo] == "Given"


def test_r7_an_answer_holds_until_the_end_of_the_school_year():
	home, photo = make.family(), make.authorisation_type(validity="School Year")
	assert make.authorisation(home, photo, signed_on="2026-09-02").valid_to == date(2027, 8, 31)
	assert answers(home, date(2027, 8, 31)) == {photo: "Given"}
	assert answers(home, date(2027, 9, 1)) == {}


def test_r7_an_answer_is_replaced_never_changed():
	doc = make.authorisation(make.family(), make.authorisation_type())
	doc.value = "Refused"
	with pytest.raises(errors.AnswerIsKept):
		doc.save()


def with_carer(**flags):
	mother, carer = make.person(), make.person()
	return make.family(
		make.member(mother, "Representative 1"),
		make.member(carer, "Contact", **flags),
		make.member(make.child()),
	), carer


def test_r17_representatives_sign():
	home, carer = with_carer()
	with pytest.raises(errors.NotARepresentative):
		make.authorisation(home, make.authorisation_type(), signed_by=carer.name)


def test_r17_a_written_delegation_lets_another_adult_sign():
	home, carer = with_carer()
	kind = make.document_type("Family", delegation=1, validity="Date on the Document")
	paper = make.document(home, kind, received_on="2026-11-01", valid_to="2026-11-30")
	with pytest.raises(errors.NotARepresentative):  # received, not yet accepted
		make.authorisation(home, make.authorisation_type(), signed_by=carer.name)
	rules.accept(paper)
	assert make.authorisation(home, make.authorisation_type(), signed_by=carer.name).name
	with freeze_time("2026-12-01 10:00:00.5"), pytest.raises(errors.NotARepresentative):
		make.authorisation(home, make.authorisation_type(), signed_by=carer.name)


def test_r22_a_forbidden_contact_never_signs():
	home, forbidden = with_carer(forbidden=1, may_collect=0, emergency=0)
	rules.accept(make.document(home, make.document_type("Family", delegation=1), received_on="2026-11-01"))
	with pytest.raises(errors.NotARepresentative):
		make.authorisation(home, make.authorisation_type(), signed_by=forbidden.name)


def test_r7_lists_say_it_in_the_words_of_the_administrator():
	photo = make.authorisation_type(text_when_refused="Pas de photo")
	alone = make.authorisation_type(text_when_given="Part seul", text_when_refused="Ne part pas seul")
	home = make.family()
	child = next(row.person for row in home.members if row.role == "Child")
	ours = {"Pas de photo", "Part seul", "Ne part pas seul"}

	def said():
		return ours & set(authorisations.list_texts([child], DAY)[child])

	frappe.db.set_value("Authorisation Type", {"name": ("not in", [photo, alone])}, "active", 0)
	assert said() == {"Pas de photo", "Ne part pas seul"}
	make.authorisation(home, photo)
	make.authorisation(home, alone)
	assert said() == {"Part seul"}


def test_r7_one_signed_form_records_what_has_changed():
	home = make.family()
	child, mother = (
		next(row.person for row in home.members if (row.role == "Child") is kid) for kid in (True, False)
	)
	photo, swim = make.authorisation_type(), make.authorisation_type()
	assert len(authorisations.record(home.name, child, {photo: "Given", swim: "Refused"}, mother, DAY)) == 2
	assert len(authorisations.record(home.name, child, {photo: "Given", swim: "Given"}, mother, DAY)) == 1
	assert answers(home) == {photo: "Given", swim: "Given"}


def test_answers_of_many_children_need_one_query():
	homes = [make.family() for _number in range(4)]
	kids = [row.person for home in homes for row in home.members if row.role == "Child"]
	assert queries(lambda: authorisations.of(kids, DAY)) == 1
