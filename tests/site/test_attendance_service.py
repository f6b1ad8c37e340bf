"""Ticks and absences: who may do what, and what is refused (R10, R30, R31)."""

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance import day_sheet, errors, service
from concerto_education.authority import roles
from tests import builders as make

TODAY = "2026-09-15"
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def frozen():
	with freeze_time(f"{TODAY} 10:00:00.5"):
		yield


@pytest.fixture
def planned():
	return make.attendance(make.enrolment(valid_to="2026-09-30"), TODAY)


def as_role(role, row):
	frappe.set_user(make.user(role, sites=(row.site,)))


def status(row):
	return frappe.db.get_value("Attendance", row.name, "status")


# ---------------------------------------------------------------- agents tick (R10)


def test_R10_an_agent_ticks_and_undoes(planned):
	as_role(roles.ATTENDANCE_AGENT, planned)
	row = service.tick(planned.name, True)
	assert (row.status, row.ticked_by) == ("Present", frappe.session.user)
	assert service.tick(planned.name, False).status == "Planned"
	assert status(planned) == "Planned"


def test_R10_a_tick_done_twice_is_one_tick(planned):
	as_role(roles.ATTENDANCE_AGENT, planned)
	first = service.tick(planned.name, True).modified
	with freeze_time(f"{TODAY} 11:00:00.5"):
		assert str(service.tick(planned.name, True).modified) == str(first)


@pytest.mark.parametrize("action", ["set_absent", "set_justified", "reset"])
def test_R10_an_agent_decides_no_absence(planned, action):
	as_role(roles.ATTENDANCE_AGENT, planned)
	arguments = ("Certificat médical",) if action == "set_justified" else ()
	with pytest.raises(errors.NotJudging):
		getattr(service, action)(planned.name, *arguments)
	assert status(planned) == "Planned"


def test_R31_an_agent_does_not_undo_the_coordinators_absence(planned):
	make.attendance(frappe.get_doc("Enrolment", planned.enrolment), TODAY, "Absent")
	as_role(roles.ATTENDANCE_AGENT, planned)
	with pytest.raises(errors.AbsenceDecided):
		service.tick(planned.name, True)
	assert status(planned) == "Absent"


def test_R10_an_agent_has_no_write_permission_beside_the_day_sheet(planned):
	as_role(roles.ATTENDANCE_AGENT, planned)
	row = frappe.get_doc("Attendance", planned.name)
	row.status = "Present"
	with pytest.raises(frappe.PermissionError):
		row.save()


@pytest.mark.parametrize("role", [roles.SEASONAL_CLERK, roles.FINANCE_CLERK, roles.AREA_MANAGER])
def test_R10_other_roles_read_and_do_not_tick(planned, role):
	as_role(role, planned)
	assert day_sheet.load(planned.site, planned.activity, "midi")["may_tick"] is False
	with pytest.raises(errors.NotTicking):
		service.tick(planned.name, True)


# ---------------------------------------------------------------- coordinators judge (R30, R31)

JUDGES = [roles.SCHOOL_COORDINATOR, roles.LEISURE_DIRECTOR, roles.NURSERY_DIRECTOR, *roles.ADMINISTRATORS]


@pytest.mark.parametrize("role", JUDGES)
def test_R31_coordinators_directors_and_administrators_choose_a_or_aj(planned, role):
	as_role(role, planned)
	assert service.set_absent(planned.name).status == "Absent"
	row = service.set_justified(planned.name, "Certificat médical")
	assert (row.status, row.reason) == ("Justified", "Certificat médical")
	assert service.reset(planned.name).reason is None
	assert status(planned) == "Planned"


def test_R30_aj_needs_a_reason_that_justifies(planned):
	make.insert("Absence Reason", reason="Oubli", justified=0)
	with pytest.raises(errors.ReasonNeeded):
		service.set_justified(planned.name, "")
	with pytest.raises(errors.ReasonDoesNotJustify):
		service.set_justified(planned.name, "Oubli")


def test_R30_the_form_asks_for_the_reason_too(planned):
	planned.status = "Justified"
	with pytest.raises((errors.ReasonNeeded, frappe.MandatoryError)):
		planned.save()


def test_R30_a_school_trip_is_justified_ahead(planned):
	row = make.attendance(frappe.get_doc("Enrolment", planned.enrolment), "2026-09-18")
	assert service.set_justified(row.name, "Sortie scolaire").status == "Justified"


def test_nobody_is_present_or_absent_tomorrow(planned):
	row = make.attendance(frappe.get_doc("Enrolment", planned.enrolment), "2026-09-17")
	with pytest.raises(errors.FutureTick):
		service.tick(row.name, True)
	with pytest.raises(errors.FutureTick):
		service.set_absent(row.name)
	with pytest.raises(errors.FutureTick):
		service.tick_remaining(row.site, row.activity, row.attendance_date, "midi")


# ---------------------------------------------------------------- sites


@pytest.mark.parametrize("role", [roles.ATTENDANCE_AGENT, roles.SCHOOL_COORDINATOR])
def test_R9_another_site_is_out_of_reach(planned, role):
	frappe.set_user(make.user(role, sites=(make.site().name,)))
	with pytest.raises(frappe.PermissionError):
		service.tick(planned.name, True)
	with pytest.raises(frappe.PermissionError):
		service.set_absent(planned.name)
	with pytest.raises(frappe.PermissionError):
		service.tick_remaining(planned.site, planned.activity, TODAY, "midi")
	with pytest.raises(frappe.PermissionError):
		service.add_presence(planned.enrolment, TODAY, "midi")
	with pytest.raises(frappe.PermissionError):
		day_sheet.load(planned.site, planned.activity, "midi")
	with pytest.raises(frappe.PermissionError):
		day_sheet.candidates(planned.site, planned.activity, "midi", TODAY)
	assert planned.site not in [row["site"] for row in day_sheet.options()["sites"]]
	assert status(planned) == "Planned"


# ---------------------------------------------------------------- unplanned, remaining, planned flag


def test_R31_an_enrolled_person_comes_unplanned(planned):
	as_role(roles.ATTENDANCE_AGENT, planned)
	row = service.add_presence(planned.enrolment, "2026-09-09", "midi")  # a Wednesday
	assert (row.status, row.planned, row.site) == ("Present", 0, planned.site)
	assert service.add_presence(planned.enrolment, "2026-09-09", "midi").name == row.name
	# Undone, nobody is expected any more.
	assert service.tick(row.name, False).status == "Cancelled"
	assert day_sheet.row(frappe.get_doc("Attendance", row.name)) is None


def test_R31_presence_is_for_days_of_the_enrolment_and_units_of_the_activity(planned):
	with pytest.raises(errors.OutsideEnrolment):
		service.add_presence(planned.enrolment, "2026-08-31", "midi")
	with pytest.raises(errors.UnknownUnit):
		service.add_presence(planned.enrolment, TODAY, "soir")
	with pytest.raises(errors.AlreadyRecorded):
		make.insert("Attendance", enrolment=planned.enrolment, attendance_date=TODAY, unit="midi")


def test_who_and_where_come_from_the_enrolment_not_from_the_form(planned):
	other = make.enrolment()
	row = make.insert(
		"Attendance",
		enrolment=planned.enrolment,
		attendance_date="2026-09-09",
		unit="midi",
		status="Present",
		person=other.person,
		site=other.site,
		activity=other.activity,
	)
	assert (row.person, row.site, row.family) == (planned.person, planned.site, planned.family)


def test_R27_a_cancelled_meal_is_not_planned_and_an_absence_stays_planned(planned):
	enrolment = frappe.get_doc("Enrolment", planned.enrolment)
	assert make.attendance(enrolment, "2026-09-14", "Cancelled").planned == 0
	assert make.attendance(enrolment, "2026-09-10", "Absent").planned == 1
	assert make.attendance(enrolment, "2026-09-08", "Present").planned == 1
	assert make.attendance(enrolment, "2026-09-02", "Present").planned == 0


def test_R31_all_remaining_are_ticked_and_absences_stay(planned):
	act = frappe.get_doc("Activity", planned.activity)
	others = [make.attendance(make.enrolment(act=act, valid_to="2026-09-30"), TODAY) for _ in range(3)]
	service.set_absent(others[0].name)
	as_role(roles.ATTENDANCE_AGENT, planned)
	assert len(service.tick_remaining(planned.site, act.name, TODAY, "midi")) == 3
	assert [status(row) for row in (planned, *others)] == ["Present", "Absent", "Present", "Present"]


def test_R43_a_change_leaves_a_trace(planned):
	service.set_absent(planned.name)
	service.set_justified(planned.name, "Certificat médical")
	assert frappe.db.count("Version", {"docname": planned.name}) == 2


# ---------------------------------------------------------------- the list


def test_the_list_is_complete_in_few_queries(planned):
	act = frappe.get_doc("Activity", planned.activity)
	for _ in range(3):
		make.enrolment(act=act, valid_to="2026-09-30")
	sheet = day_sheet.load(planned.site, act.name, "midi")
	assert str(sheet["day"]) == TODAY
	assert len(sheet["rows"]) == 4
	assert sheet["closed"] is None
	assert (str(sheet["previous"]), str(sheet["next"])) == ("2026-09-14", "2026-09-17")


@pytest.mark.parametrize(
	("today", "expected"),
	[("2026-09-16", "2026-09-15"), ("2026-09-20", "2026-09-18"), ("2026-10-28", "2026-10-16")],
)
def test_the_list_opens_on_the_last_open_day(planned, today, expected):
	with freeze_time(f"{today} 10:00:00.5"):
		assert str(day_sheet.load(planned.site, planned.activity, "midi")["day"]) == expected


def test_a_closed_day_says_why(planned):
	def why(day):
		return day_sheet.load(planned.site, planned.activity, "midi", frappe.utils.getdate(day))["closed"]

	assert why("2026-10-20") == "Vacances de la Toussaint"
	assert why("2026-11-11") == "Armistice"
	assert why("2026-09-16")
	site = frappe.get_doc("Site", planned.site)
	site.append("closures", {"starts_on": "2026-09-21", "ends_on": "2026-09-21"})
	site.save()
	assert why("2026-09-21")


def test_R31_candidates_are_enrolled_and_not_on_the_list(planned):
	act = frappe.get_doc("Activity", planned.activity)
	other = make.enrolment(act=act, pattern="1", valid_to="2026-09-30")  # Mondays only
	make.enrolment(act=act, valid_to="2026-09-10")  # left
	found = day_sheet.candidates(planned.site, act.name, "midi", frappe.utils.getdate(TODAY))
	assert [row.enrolment for row in found] == [other.name]
	assert day_sheet.candidates(planned.site, act.name, "midi", frappe.utils.getdate(TODAY), "zzz") == []
