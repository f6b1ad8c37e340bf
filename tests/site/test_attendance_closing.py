"""The monthly close of a site: complete or refused, told, kept, and every later change leaves a trace (R33)."""

from __future__ import annotations

from datetime import date

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance import errors, forecast, service
from concerto_education.attendance.closing import board, close, is_closed, left, reminders
from concerto_education.authority import roles
from tests import builders as make

SEPTEMBER = "2026-09-01"
NOW = "2026-10-05 08:00:00.123456"  # Frappe compares times of change down to microseconds


@pytest.fixture(autouse=True)
def in_october(site):
	make.school_year(2026)
	with freeze_time(NOW):
		yield


@pytest.fixture
def row():
	"""A child expected at one meal of September, still to tick."""
	return make.attendance(make.enrolment(pattern=None), "2026-09-15")


def coordinator(site: str) -> str:
	user = make.user(roles.SCHOOL_COORDINATOR, sites=(site,))
	frappe.set_user(user)
	return user


def closed(row):
	service.tick(row.name, True)
	return close.close(row.site, SEPTEMBER)


# ---------------------------------------------------------------- closing


def test_R31_a_month_with_something_unticked_is_not_closed(row):
	coordinator(row.site)
	with pytest.raises(errors.MonthNotReady, match=r"Reste à pointer \(1\)"):
		close.close(row.site, SEPTEMBER)
	assert not is_closed(row.site, "2026-09-15")


def test_R33_a_closed_month_keeps_its_figures_and_tells_the_administrators(row):
	administrator = make.user(roles.SCHOOL_ADMINISTRATOR)
	user = coordinator(row.site)
	done = closed(row)
	assert (done.state, done.closed_by, done.present, done.absent) == ("Closed", user, 1, 0)
	assert [(event.what, event.user) for event in done.history] == [("Closed", user)]
	assert is_closed(row.site, "2026-09-30") and not is_closed(row.site, "2026-10-01")
	frappe.set_user("Administrator")
	assert frappe.db.exists("Notification Log", {"for_user": administrator, "document_name": done.name})
	mailed = frappe.get_all(
		"Email Queue Recipient", {"recipient": frappe.db.get_value("User", administrator, "email")}
	)
	assert mailed


def test_R33_a_month_that_is_not_over_is_not_closed(row):
	coordinator(row.site)
	with pytest.raises(errors.MonthNotOver):
		close.close(row.site, "2026-10-01")


def test_R33_closing_twice_changes_nothing(row):
	coordinator(row.site)
	first, second = closed(row), close.close(row.site, SEPTEMBER)
	assert second.name == first.name and len(second.history) == 1


@pytest.mark.parametrize("role", [roles.ATTENDANCE_AGENT, roles.FINANCE_CLERK, roles.AREA_MANAGER])
def test_R10_only_the_responsible_of_a_site_confirms(row, role):
	service.tick(row.name, True)
	frappe.set_user(make.user(role, sites=(row.site,)))
	with pytest.raises(frappe.PermissionError):
		close.close(row.site, SEPTEMBER)


def test_R10_not_that_of_another_site(row):
	service.tick(row.name, True)
	coordinator(make.site().name)
	with pytest.raises(frappe.PermissionError):
		close.close(row.site, SEPTEMBER)


# ---------------------------------------------------------------- what is left


def kinds(site: str) -> dict:
	return {entry["kind"]: entry["count"] for entry in left.listed(site, date(2026, 9, 1))}


def test_R31_present_without_enrolment_keeps_the_month_open(row):
	service.tick(row.name, True)
	frappe.get_doc(
		{
			"doctype": "Attendance Task",
			"child_name": "Zoé Kiwi",
			"attendance_date": "2026-09-15",
			"site": row.site,
			"activity": row.activity,
			"unit": row.unit,
		}
	).insert()
	assert kinds(row.site) == {"unenrolled": 1}
	coordinator(row.site)
	with pytest.raises(errors.MonthNotReady, match="Présent sans inscription"):
		close.close(row.site, SEPTEMBER)


def test_R36_a_presence_without_its_hours_keeps_the_month_open():
	activity = make.activity(clock_mode=1, kind="Nursery, Occasional")
	enrolment = make.enrolment(None, activity, pattern=None)
	row = make.attendance(enrolment, "2026-09-15", "Present", unit=activity.units[0].unit)
	assert kinds(row.site) == {"hours": 1}
	row.update({"arrival": "08:30", "departure": "11:30"}).save()
	assert kinds(row.site) == {}


def test_a_row_outside_of_its_enrolment_keeps_the_month_open(row):
	service.tick(row.name, True)
	frappe.db.set_value("Enrolment", row.enrolment, "valid_to", "2026-09-14")
	assert kinds(row.site) == {"outside": 1}


def test_R27_enrolled_and_never_expected_is_told_and_does_not_keep_the_month_open(row):
	service.tick(row.name, True)
	make.enrolment(None, frappe.get_doc("Activity", row.activity), pattern=None)
	frappe.db.set_value("Activity", row.activity, "needs_forecast", 1)
	assert kinds(row.site) == {"unplanned": 1}
	coordinator(row.site)
	assert close.close(row.site, SEPTEMBER).state == "Closed"


def test_R28_a_list_that_is_not_billed_may_stay_unticked(row):
	frappe.db.set_value("Activity", row.activity, "billing_rule", "Not Billed")
	assert kinds(row.site) == {}


def test_each_line_leads_where_it_is_mended(row):
	(entry,) = left.listed(row.site, date(2026, 9, 1))
	assert entry["lines"] == [
		{
			"text": f"15/09/2026, {row.activity}\u00a0: 1 à pointer",
			"route": ["day-sheet"],
			"options": {
				"site": row.site,
				"activity": row.activity,
				"unit": row.unit,
				"day": "2026-09-15",
			},
		}
	]


# ---------------------------------------------------------------- after the close


@pytest.mark.parametrize(
	"change",
	[
		lambda row: service.tick(row.name, False),
		lambda row: service.set_absent(row.name),
		lambda row: service.add_presence(row.enrolment, date(2026, 9, 17), row.unit),
		lambda row: frappe.get_doc("Attendance", row.name).update({"departure": "17:00"}).save(),
	],
)
def test_R33_a_closed_month_refuses_changes(row, change):
	coordinator(row.site)
	closed(row)
	with pytest.raises(errors.MonthClosed, match="septembre 2026 est clôturé"):
		change(row)


def test_R33_a_note_is_no_change_of_the_attendance(row):
	coordinator(row.site)
	closed(row)
	frappe.get_doc("Attendance", row.name).update({"note": "Part avec sa grand-mère"}).save()


def test_R33_who_has_the_right_changes_it_and_leaves_a_trace(row):
	user = coordinator(row.site)
	closed(row)
	administrator = make.user(roles.SCHOOL_ADMINISTRATOR)
	frappe.set_user(administrator)
	service.set_justified(row.name, "Certificat médical")
	(trace,) = frappe.get_all("Closed Month Change", {"attendance": row.name}, ["*"])
	assert (trace.owner, trace.before, trace.after) == (
		administrator,
		"Présent",
		"Absence justifiée (AJ) · Certificat médical",
	)
	doc = frappe.get_doc("Closed Month Change", trace.name)
	frappe.set_user("Administrator")  # not even with every right
	with pytest.raises(errors.NotByHand):
		doc.update({"before": "Absent"}).save()
	with pytest.raises(errors.NotByHand):
		doc.delete()
	frappe.set_user(user)
	assert [row.name for row in frappe.get_list("Closed Month Change")] == [trace.name]


def test_R33_the_forecast_of_a_closed_month_stays_as_it_is():
	enrolment = make.enrolment(pattern="1")
	rows = frappe.get_all("Attendance", {"enrolment": enrolment.name}, ["name", "site"])
	assert rows
	for name in frappe.get_all(
		"Attendance",
		{"enrolment": enrolment.name, "attendance_date": ("<", "2026-10-01")},
		pluck="name",
	):
		service.tick(name, True)
	close.close(rows[0].site, SEPTEMBER)
	frappe.db.set_value("Enrolment", enrolment.name, "status", "Cancelled")
	before = frappe.db.count("Attendance", {"enrolment": enrolment.name, "status": "Planned"})
	forecast.apply([enrolment.name])
	late = {"enrolment": enrolment.name, "attendance_date": ("<", "2026-10-01")}
	assert before and not frappe.db.count("Attendance", {**late, "status": "Cancelled"})
	frappe.db.set_value("Enrolment", enrolment.name, "status", "Confirmed")
	frappe.db.delete("Attendance", late)
	forecast.apply([enrolment.name])
	assert not frappe.db.count("Attendance", late)


# ---------------------------------------------------------------- opening again


def test_R33_an_administrator_opens_a_month_again_and_says_why(row):
	user = coordinator(row.site)
	closed(row)
	with pytest.raises(frappe.PermissionError):
		close.reopen(row.site, SEPTEMBER, "Oubli")
	frappe.set_user(make.user(roles.SCHOOL_ADMINISTRATOR))
	with pytest.raises(errors.ReasonNeeded):
		close.reopen(row.site, SEPTEMBER, " ")
	close.reopen(row.site, SEPTEMBER, "Une sortie scolaire oubliée")
	frappe.set_user(user)
	service.set_absent(row.name)
	doc = frappe.get_doc("Monthly Close", {"site": row.site})
	assert [(event.what, event.remark or None) for event in doc.history] == [
		("Closed", None),
		("Reopened", "Une sortie scolaire oubliée"),
	]


def test_R33_the_record_is_not_written_by_hand(row):
	closed(row)
	doc = frappe.get_doc("Monthly Close", {"site": row.site})
	with pytest.raises(errors.NotByHand):
		doc.update({"state": "Open"}).save()
	with pytest.raises(errors.NotByHand):
		doc.delete()


# ---------------------------------------------------------------- board and reminders


def test_R33_the_board_says_who_is_late(row):
	user = coordinator(row.site)
	(site,) = board.load("2026-09-01")["sites"]
	assert (site["state"], site["late"], site["waiting"], site["may_close"]) == ("Open", False, 1, False)
	with freeze_time("2026-10-07 08:00:00.123456"):
		(site,) = board.load()["sites"]  # without a month: the last one
		assert site["late"]
	closed(row)
	shown = board.load("2026-09-01")
	(site,) = shown["sites"]
	assert (site["state"], site["closed_by"]) == ("Closed", frappe.db.get_value("User", user, "full_name"))
	assert shown["calendar"][0]["to"] == "2026-10-06"
	# What rooms above have added comes after it, in the order of the calendar.
	starts = [step["from"] for step in shown["calendar"]]
	assert starts == sorted(starts) and {"2026-10-06", "2026-10-15"} <= set(starts)
	assert {step["state"] for step in shown["calendar"][1:]} == {"coming"}


def test_the_board_shows_the_sites_of_the_user_only(row):
	coordinator(make.site().name)
	assert board.load("2026-09-01")["sites"] == []


def test_the_board_of_many_sites_asks_as_many_questions_as_that_of_one(row):
	"""A screen that everybody opens on the 5th: the number of queries doesn't grow with the sites."""
	make.user(roles.SCHOOL_COORDINATOR, sites=(row.site,))
	closed(row)
	board.load(SEPTEMBER)  # what is remembered afterwards is not asked again
	few = make.queries(lambda: board.load(SEPTEMBER))
	for _ in range(4):
		frappe.set_user("Administrator")
		other = make.attendance(make.enrolment(pattern=None), "2026-09-15")
		user = make.user(roles.SCHOOL_COORDINATOR, sites=(other.site,))
		frappe.set_user(user)
		closed(other)
	frappe.set_user("Administrator")
	board.load(SEPTEMBER)
	assert make.queries(lambda: board.load(SEPTEMBER)) == few
	shown = {site["site"]: site for site in board.load(SEPTEMBER)["sites"]}
	assert shown[other.site]["responsible"] == [frappe.db.get_value("User", user, "full_name")]


def test_R33_late_sites_are_reminded_once_a_day_on_the_days_of_the_settings(row):
	user = make.user(roles.SCHOOL_COORDINATOR, sites=(row.site,))
	frappe.db.set_single_value("Authority Settings", "close_reminder_days", "3, 5")
	assert row.site not in reminders.run(date(2026, 10, 4))
	assert row.site in reminders.run(date(2026, 10, 5))
	assert row.site not in reminders.run(date(2026, 10, 5))
	doc = frappe.get_doc("Monthly Close", {"site": row.site})
	assert [event.what for event in doc.history] == ["Reminded"] and user in doc.history[0].remark
	assert frappe.db.exists("Notification Log", {"for_user": user, "document_name": doc.name})


def test_R33_who_has_closed_is_left_alone(row):
	closed(row)
	frappe.db.set_single_value("Authority Settings", "close_reminder_days", "5")
	assert row.site not in reminders.run(date(2026, 10, 5))


@pytest.mark.parametrize("text", ["0", "31", "cinq", "3; x", "-1"])
def test_days_that_not_every_month_has_are_refused(text):
	settings = frappe.get_single("Authority Settings")
	with pytest.raises(errors.InvalidReminderDays):
		settings.update({"close_reminder_days": text}).save()


def test_R33_of_a_month_that_goes_on_only_what_has_come_is_left_and_each_list_has_its_name(site):
	act = make.activity(units=("matin", "soir"))
	of = make.enrolment(act=act, pattern=None)
	for day, unit in (("2026-10-02", "matin"), ("2026-10-02", "soir"), ("2026-10-06", "matin")):
		make.attendance(of, day, unit=unit)
	assert left.counts([of.site], date(2026, 10, 1))[of.site]["unticked"] == 2
	(kind,) = left.listed(of.site, date(2026, 10, 1))
	assert [line["text"].partition(", ")[2] for line in kind["lines"]] == [
		f"{act.name} – Matin\u00a0: 1 à pointer",
		f"{act.name} – Soir\u00a0: 1 à pointer",
	]
