"""The page of absences in a browser: A and AJ with reason and document, a class at once, late pick-ups (R10, R30, R31)."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import formatdate

from concerto_education.attendance.absences import seeds
from tests.browser.past_month import School

CLASSES = {"Abricot": "CP", "Banane": "CP", "Cerise": "CE1", "Datte": "CE1"}
DONE = "attendance.absences.api.decide"


@pytest.fixture
def school(connection) -> School:
	frappe.set_user("Administrator")
	return School(CLASSES)


def open_absences(desk, school: School, **options):
	"""The page as the coordinator sees it: last month, whatever is still to decide."""
	page = desk(f"/app/absences?start={school.month}&end={school.end}", school.coordinator, **options)
	page.page.locator(".ab-row").first.wait_for()
	page.look()
	return page


def line(page, name: str):
	return page.page.locator(".ab-row", has_text=name.upper())


def choose(page, label: str):
	"""A field of the bar above the list; resolves when the list of the new choice is there."""
	return page.page.locator(".ab-field", has_text=label).locator("select, input")


def press(page, label: str, answer: str = DONE) -> None:
	with page.page.expect_response(lambda found: answer in found.url and found.ok):
		page.page.locator(".ab-do, .modal.show").get_by_role("button", name=label, exact=True).last.click()


def test_R30_a_whole_class_on_a_school_trip_in_one_go(desk, school: School):
	page = open_absences(desk, school)
	choose(page, "Classe").select_option("CP")
	line(page, "Cerise").wait_for(state="detached")
	page.page.locator(".ab-all").check()
	page.page.locator(".ab-do").get_by_text("2 sélectionné").wait_for()
	page.page.get_by_role("button", name="Justifiée (AJ)…").click()
	dialog = page.page.locator(".modal.show")
	dialog.locator("select").select_option("Sortie scolaire")
	page.look()
	press(page, "Enregistrer l’absence")
	page.page.get_by_text("Toutes les personnes prévues sont pointées").wait_for()
	assert school.statuses() == {
		"Abricot": "Justified",
		"Banane": "Justified",
		"Cerise": "Planned",
		"Datte": "Planned",
	}
	assert {school.row(name).reason for name in ("Abricot", "Banane")} == {"Sortie scolaire"}


def test_R30_a_certificate_goes_into_the_dossier_and_an_absence_is_taken_back(desk, school: School):
	page = open_absences(desk, school)
	line(page, "Datte").locator("input").check()
	page.page.get_by_role("button", name="Justifiée (AJ)…").click()
	dialog = page.page.locator(".modal.show", has=page.page.locator("select"))
	dialog.locator("select").select_option("Certificat médical")
	# The type that the reason proves itself with comes by itself.
	page.page.wait_for_function("(kind) => cur_dialog?.get_value('document_type') === kind", arg=seeds.PROOF)
	dialog.locator("button[data-fieldname=attach]").click()
	page.page.locator(".file-uploader input[type=file]").first.set_input_files(
		{"name": "certificat.txt", "mimeType": "text/plain", "buffer": b"Absence du jour"}
	)
	page.page.locator(".modal.show .btn-modal-primary:visible").last.click()
	dialog.get_by_role("button", name="certificat.txt").wait_for()
	press(page, "Enregistrer l’absence")
	line(page, "Datte").wait_for(state="detached")
	row = school.row("Datte")
	assert (row.status, row.reason) == ("Justified", "Certificat médical")
	document = frappe.get_doc("Family Document", row.document)
	assert (document.person, document.document_type) == (row.person, seeds.PROOF)
	assert frappe.db.get_value("File", {"file_url": document.file}, "is_private") == 1
	assert document.owner == school.coordinator

	# The other one simply did not come: A. Then it turns out that the bus did not run.
	line(page, "Cerise").locator("input").check()
	press(page, "Absent (A)")
	line(page, "Cerise").wait_for(state="detached")
	assert school.row("Cerise").status == "Absent"
	choose(page, "Affich").select_option("Absent")
	line(page, "Cerise").locator("input").check()
	press(page, "Annuler la décision")
	line(page, "Cerise").wait_for(state="detached")
	assert school.row("Cerise").status == "Planned"


def test_R33_what_is_refused_says_why_beside_the_name(desk, school: School):
	page = open_absences(desk, school)
	frappe.set_user("Administrator")
	closed = frappe.get_doc(
		{"doctype": "Monthly Close", "site": school.site, "month": school.month, "state": "Closed"}
	)
	closed.flags.by_service = True
	closed.insert()
	frappe.db.commit()
	line(page, "Abricot").locator("input").check()
	press(page, "Absent (A)")
	line(page, "Abricot").get_by_text("est clôturé").wait_for()
	assert school.row("Abricot").status == "Planned"


def test_R10_an_agent_reaches_neither_the_page_nor_its_endpoints(open_page, school: School):
	page = open_page("/app/absences", user=school.agent)
	page.wait_for_function("() => window.frappe?.boot && !frappe.request.ajax_count")
	page.locator(".page-card, .msgprint, .modal.show").get_by_text("autoris").or_(
		page.get_by_text("Pas permis")
	).first.wait_for()
	assert page.locator(".absences").count() == 0
	row = school.row("Abricot")
	status = page.evaluate(
		"""async (names) => (await fetch("/api/method/concerto_education.attendance.absences.api.decide", {
			method: "POST",
			headers: { "Content-Type": "application/json", "X-Frappe-CSRF-Token": frappe.csrf_token },
			body: JSON.stringify({ names, status: "Justified", reason: "Sortie scolaire" }),
		})).status""",
		[row.name],
	)
	assert status == 403
	assert school.row("Abricot").status == "Planned"


# ---------------------------------------------------------------- late pick-ups (R10)


@pytest.fixture
def garderie(connection) -> School:
	frappe.set_user("Administrator")
	made = School(
		{"Figue": "CP", "Grenade": "CE1"}, kind="Périscolaire Care", late_pickup_from=1, units=("soir",)
	)
	made.tick_all()
	return made


def fill_late(page, minutes: int) -> None:
	dialog = page.page.locator(".modal.show")
	# Without focus: the framework selects whatever has it a moment after a number was entered.
	dialog.locator("input[data-fieldname=minutes]").evaluate(
		"(field, value) => { field.value = value; field.dispatchEvent(new Event('change', { bubbles: true })); }",
		str(minutes),
	)
	page.look()
	press(page, "Enregistrer le dépassement", "record_late_pickup")


def minutes_of(school: School, name: str) -> list[int]:
	frappe.db.rollback()
	return frappe.get_all("Late Pickup", {"enrolment": school.enrolments[name].name}, pluck="minutes")


def test_R10_a_coordinator_records_late_pickups_from_both_pages(desk, garderie: School, phone):
	day = garderie.days[0]
	page = desk(f"/app/day-sheet?day={day}", garderie.coordinator, size=phone)
	row = page.page.locator(".ds-row", has_text="FIGUE")
	row.locator("[data-act=late]").click()
	fill_late(page, 20)
	row.get_by_text("+20 min").wait_for()
	assert minutes_of(garderie, "Figue") == [20]

	page = desk(f"/app/absences?start={garderie.month}&end={garderie.end}", garderie.coordinator)
	page.page.locator(".ab-new-late").click()
	dialog = page.page.locator(".modal.show")
	dialog.locator("input[data-fieldname=day]").fill(formatdate(day, "dd/mm/yyyy"))
	dialog.locator(".modal-title").click()
	dialog.locator("option", has_text="GRENADE").wait_for(state="attached")
	dialog.locator("select[data-fieldname=child]").select_option(garderie.enrolments["Grenade"].name)
	page.look()
	dialog.get_by_role("button", name="Continuer").click()
	page.page.locator(".modal.show .late-about").wait_for()
	fill_late(page, 35)
	choose(page, "Affich").select_option("Late")
	line(page, "Grenade").get_by_text("35 min").wait_for()
	line(page, "Figue").locator(".ab-late").click()
	page.page.locator(".modal.show .late-about").wait_for()
	press(page, "Annuler le dépassement", "remove_late_pickup")
	line(page, "Figue").wait_for(state="detached")
	assert (minutes_of(garderie, "Figue"), minutes_of(garderie, "Grenade")) == ([], [35])


def test_R10_an_agent_has_no_button_for_them(desk, garderie: School):
	page = desk(f"/app/day-sheet?day={garderie.days[0]}", garderie.agent)
	page.page.locator(".ds-row", has_text="FIGUE").wait_for()
	assert page.page.locator("[data-act=late]").count() == 0
