"""Expected and not ticked: A, AJ with reason and document, for one child or a whole class (R10, R30, R31)."""

from __future__ import annotations

from datetime import date

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance import errors
from concerto_education.attendance.absences import expected, seeds
from concerto_education.attendance.absences.decide import decide
from concerto_education.attendance.absences.expected import Wanted, load
from concerto_education.attendance.closing.close import close
from concerto_education.authority import roles
from concerto_education.patches import seed_absence_proofs
from tests import builders as make

DAY = date(2026, 9, 15)


@pytest.fixture(autouse=True)
def later_that_month(site):
	make.school_year(2026)
	with freeze_time("2026-09-20 08:00:00.123456"):
		yield


@pytest.fixture
def school():
	"""An activity with three children expected on one day: two of CP, one of CE1. The coordinator is logged in."""
	activity = make.activity()
	rows = []
	for school_class in ("CP", "CP", "CE1"):
		kid = make.child(school_class=school_class)
		family = make.family(make.member(make.person(), "Representative 1"), make.member(kid))
		enrolment = make.enrolment(family, activity, pattern=None)
		rows.append(make.attendance(enrolment, str(DAY), unit=activity.units[0].unit))
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(rows[0].site,)))
	return rows


def statuses(rows) -> list[str]:
	return [frappe.db.get_value("Attendance", row.name, "status") for row in rows]


def shown(**wanted) -> set[str]:
	return {row.name for row in load(Wanted(DAY, DAY, **wanted))["rows"]}


def stranger() -> None:
	"""The coordinator of another site is logged in."""
	frappe.set_user("Administrator")
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(make.site().name,)))


def sent_file(**values):
	return frappe.get_doc(
		{"doctype": "File", "file_name": "certificat.txt", "content": "vu ce jour", "is_private": 1, **values}
	).insert()


# ---------------------------------------------------------------- who is shown


def test_R31_who_was_expected_and_not_ticked_is_listed(school):
	frappe.db.set_value("Attendance", school[0].name, "status", "Present")
	assert shown() == {school[1].name, school[2].name}
	assert shown(school_class="CE1") == {school[2].name}
	assert shown(status="Absent") == set()


def test_R10_sites_of_others_are_not_listed(school):
	stranger()
	assert shown() == set()
	with pytest.raises(frappe.PermissionError):
		shown(site=school[0].site)


def test_R31_a_child_is_listed_once_even_if_a_model_bears_the_name_of_the_activity(school):
	copied = frappe.get_doc("Activity", school[0].activity).units[0].as_dict()
	frappe.get_doc({**copied, "name": None, "parenttype": "Activity Model"}).db_insert()
	rows = [row.name for row in load(Wanted(DAY, DAY))["rows"]]
	assert sorted(rows) == sorted(row.name for row in school)


@pytest.mark.parametrize(
	("wanted", "refusal"),
	[
		(Wanted(DAY, date(2026, 9, 14)), errors.BackwardPeriod),
		(Wanted(date(2026, 1, 1), DAY), errors.PeriodTooLong),
		(Wanted(DAY, DAY, status="Cancelled"), errors.AttendanceError),
	],
)
def test_a_period_that_makes_no_sense_is_refused(school, wanted, refusal):
	with pytest.raises(refusal):
		load(wanted)


# ---------------------------------------------------------------- deciding


def test_R30_a_class_on_a_school_trip_is_justified_in_one_go(school):
	names = [row.name for row in school if row.name in shown(school_class="CP")]
	results = decide(names, "Justified", "Sortie scolaire", "Musée de Digne")
	assert [result["done"] for result in results] == [True, True]
	assert statuses(school) == ["Justified", "Justified", "Planned"]
	assert frappe.db.get_value("Attendance", names[0], ["reason", "note"]) == (
		"Sortie scolaire",
		"Musée de Digne",
	)


def test_R30_an_absence_is_chosen_and_taken_back(school):
	decide([school[0].name], "Absent")
	assert statuses(school)[0] == "Absent"
	decide([school[0].name], "Planned")
	assert statuses(school)[0] == "Planned"
	decide([school[0].name], "Present")
	assert statuses(school)[0] == "Present"


def test_R30_a_reason_that_justifies_nothing_leaves_the_row_as_it_is(school):
	user = frappe.session.user
	frappe.set_user("Administrator")
	make.insert("Absence Reason", reason="Oubli", justified=0)
	frappe.set_user(user)
	(result,) = decide([school[0].name], "Justified", "Oubli")
	assert not result["done"] and "Oubli" in result["text"]
	assert statuses(school)[0] == "Planned"


def test_R31_one_refused_row_leaves_the_others_alone(school):
	future = make.attendance(
		frappe.get_doc("Enrolment", school[0].enrolment), "2026-09-29", unit=school[0].unit
	)
	results = {result["name"]: result for result in decide([school[0].name, future.name], "Absent")}
	assert results[school[0].name]["done"] and not results[future.name]["done"]
	assert "futur" in results[future.name]["text"]
	assert frappe.db.get_value("Attendance", future.name, "status") == "Planned"


def test_R33_a_closed_month_is_refused_and_says_so(school):
	decide([row.name for row in school], "Present")
	with freeze_time("2026-10-02 08:00:00.123456"):
		close(school[0].site, DAY)
		(result,) = decide([school[0].name], "Absent")
	assert not result["done"] and "clôturé" in result["text"]
	assert statuses(school)[0] == "Present"


@pytest.mark.parametrize("role", [roles.ATTENDANCE_AGENT, roles.AREA_MANAGER, roles.FINANCE_CLERK])
def test_R10_the_right_to_judge_is_needed(school, role):
	frappe.set_user("Administrator")
	frappe.set_user(make.user(role, sites=(school[0].site,)))
	with pytest.raises(frappe.PermissionError):
		decide([school[0].name], "Absent")
	assert statuses(school)[0] == "Planned"


def test_R10_rows_of_another_site_are_refused_as_a_whole(school):
	stranger()
	with pytest.raises(frappe.PermissionError):
		decide([school[0].name], "Absent")


def test_a_row_that_does_not_exist_is_answered(school):
	(result,) = decide(["nothing"], "Absent")
	assert not result["done"]


# ---------------------------------------------------------------- documents


def test_R23_the_certificate_goes_into_the_dossier_of_each_child(school):
	file = sent_file()
	decide(
		[row.name for row in school[:2]],
		"Justified",
		"Certificat médical",
		document_type="Certificat médical",
		file=file.name,
	)
	for row in school[:2]:
		document = frappe.get_doc("Family Document", frappe.db.get_value("Attendance", row.name, "document"))
		assert (document.person, document.file, document.health) == (row.person, file.file_url, 1)


def test_a_file_of_somebody_else_is_no_document(school):
	user = frappe.session.user
	frappe.set_user("Administrator")
	file = sent_file()
	frappe.set_user(user)
	with pytest.raises(frappe.PermissionError):
		decide(
			[school[0].name],
			"Justified",
			"Certificat médical",
			document_type="Certificat médical",
			file=file.name,
		)
	assert statuses(school)[0] == "Planned"


def test_R24_a_document_needs_its_type(school):
	with pytest.raises(errors.DocumentTypeNeeded):
		decide([school[0].name], "Justified", "Certificat médical", file=sent_file().name)


def test_R30_a_medical_reason_brings_the_type_of_its_proof(school):
	"""Chosen by itself on the screen, for health roles alone, and no certificate of fitness."""
	types = {row.reason: row.document_type for row in expected.reasons()}
	assert types["Certificat médical"] == types["Hospitalisation"] == types["Éviction"] == seeds.PROOF
	assert types["Sortie scolaire"] is None
	kind = frappe.get_doc("Document Type", seeds.PROOF)
	assert (kind.concerns, kind.health, kind.active, kind.required) == ("Child", 1, 1, 0)


def test_R30_what_an_administrator_chose_stays_when_a_site_is_updated(site):
	other = make.document_type()
	frappe.db.set_value("Absence Reason", "Hospitalisation", "document_type", other)
	frappe.db.set_value("Absence Reason", "Éviction", "document_type", None)
	frappe.delete_doc("Absence Reason", "Certificat médical", force=True)
	frappe.db.set_value("Document Type", seeds.PROOF, "instructions", "À remettre au directeur")
	seed_absence_proofs.execute()
	types = {row.reason: row.document_type for row in expected.reasons()}
	assert (types["Hospitalisation"], types["Éviction"]) == (other, seeds.PROOF)
	assert "Certificat médical" not in types
	assert frappe.db.get_value("Document Type", seeds.PROOF, "instructions") == "À remettre au directeur"
