"""Clock mode, children who are not enrolled, and the lists of tablets (R31, R32, R36)."""

from datetime import timedelta

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance import errors, regularisation, tablet
from concerto_education.authority import roles
from tests import builders as make
from tests.support.pointage import TODAY, added, agent_of, event, moment, refusal, results, send, stored, tick

pytestmark = pytest.mark.usefixtures("frozen_today")


# ---------------------------------------------------------------- clock mode (R36)


def test_R36_a_tick_arrives_and_the_second_leaves(nursery_row):
	agent_of(nursery_row)
	send(tick(nursery_row, "Clock", "07:32:20"))
	row = stored(nursery_row)
	assert (row.status, row.arrival, row.departure, row.minutes) == ("Present", "07:32", None, 0)
	send(tick(nursery_row, "Clock", "09:33:40"))
	row = stored(nursery_row)
	# 7:32 to 9:33 is 2 h 01: five started half-hours
	assert (row.departure, row.minutes) == ("09:33", 150)


def test_R36_the_slice_is_the_activitys(nursery_row):
	frappe.db.set_value("Activity", nursery_row.activity, "clock_step", 15)
	frappe.clear_document_cache("Activity", nursery_row.activity)
	agent_of(nursery_row)
	send(tick(nursery_row, "Clock", "07:32:00"), tick(nursery_row, "Clock", "09:33:00"))
	assert stored(nursery_row).minutes == 135


def test_R36_two_touches_of_one_arrival_are_one(nursery_row):
	agent_of(nursery_row)
	send(tick(nursery_row, "Clock", "07:32:00"), tick(nursery_row, "Clock", "07:34:59"))
	row = stored(nursery_row)
	assert (row.arrival, row.departure) == ("07:32", None)


def test_R36_undo_forgets_the_times(nursery_row):
	agent_of(nursery_row)
	send(tick(nursery_row, "Clock", "07:32:00"), tick(nursery_row, "Undo", "07:33:00"))
	row = stored(nursery_row)
	assert (row.status, row.arrival, row.departure) == ("Planned", None, None)


def test_R36_nobody_leaves_before_arriving(nursery_row):
	agent_of(nursery_row)
	send(tick(nursery_row, "Clock", "09:00:00"))
	assert refusal(tick(nursery_row, "Departure", "09:01:00", clock_time="08:00")) == "BackwardHours"
	assert stored(nursery_row).departure is None


def test_a_time_at_the_desk_gives_its_half_hours(nursery_row):
	nursery_row.update({"status": "Present", "arrival": "8h00", "departure": "09:31:00"}).save()
	assert stored(nursery_row).minutes == 120
	nursery_row.departure = "07:00:00"
	with pytest.raises(errors.BackwardTimes):
		nursery_row.save()
	nursery_row.departure = "tard"
	with pytest.raises(errors.InvalidTime):
		nursery_row.save()


# ---------------------------------------------------------------- not enrolled (R31)


def task_of(one):
	return frappe.get_doc("Attendance Task", {"client_id": one["id"]})


def test_R31_a_child_by_free_text_becomes_a_task(planned_row):
	user = agent_of(planned_row)
	one = added(planned_row, child_name="Zoé, cheveux roux", school_class="CP", note="Avec son frère")
	assert results(one, one) == ["Applied"]
	task = task_of(one)
	assert (task.status, task.child_name, task.child_class, task.reported_by) == (
		"To Regularise",
		"Zoé, cheveux roux",
		"CP",
		user,
	)
	assert task.reported_at == moment("09:00")
	shown = tablet.load(planned_row.site, frappe.utils.getdate(TODAY))["tasks"]
	assert [row["child_name"] for row in shown] == ["Zoé, cheveux roux"]


def test_R31_from_the_task_to_the_tick(planned_row):
	child = make.child()
	agent_of(planned_row)
	one = added(planned_row, person=child.name, clock_time="11:45", note="Avec son frère")
	assert results(one) == ["Applied"]
	task = task_of(one)
	frappe.set_user("Administrator")
	family = make.family(make.member(make.person(), "Representative 1"), make.member(child))
	payer = make.payer(family)
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(planned_row.site,)))
	assert regularisation.steps(task.name)["next"] == "dossier"
	task.reload()
	task.save()  # the dossier is found by the child
	assert task.family == family.name
	assert regularisation.steps(task.name)["next"] == "enrol"
	with pytest.raises(errors.NotEnrolled):
		regularisation.resume(task.name)
	frappe.set_user("Administrator")
	act = frappe.get_doc("Activity", planned_row.activity)
	enrolment = make.enrolment(family, act, payer, pattern="5", valid_from=TODAY)
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(planned_row.site,)))
	assert regularisation.steps(task.name)["next"] == "resume"
	done = regularisation.resume(task.name)
	row = frappe.get_doc("Attendance", done.attendance)
	assert (row.enrolment, row.status, str(row.attendance_date)) == (enrolment.name, "Present", TODAY)
	assert (row.arrival, row.note) == ("11:45", "Avec son frère")
	assert done.status == "Regularised"
	with pytest.raises(errors.TaskClosed):
		regularisation.resume(task.name)


def test_R31_a_child_found_by_search_who_is_enrolled_is_simply_ticked(planned_row):
	agent_of(planned_row)
	one = added(planned_row, person=planned_row.person)
	assert results(one) == ["Applied"]
	assert stored(planned_row).status == "Present"
	assert not frappe.db.exists("Attendance Task", {"client_id": one["id"]})


def test_R31_an_agent_withdraws_what_was_added_by_mistake(planned_row):
	agent_of(planned_row)
	one = added(planned_row, child_name="Zoé")
	back = {**added(planned_row, "09:02:00"), "action": "Withdrawn", "task": one["id"]}
	assert results(one, back, back) == ["Applied", "Applied"]
	assert task_of(one).status == "Withdrawn"


def test_R31_what_the_coordinator_dealt_with_is_not_withdrawn(planned_row):
	agent_of(planned_row)
	one = added(planned_row, child_name="Zoé")
	send(one)
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(planned_row.site,)))
	regularisation.dismiss(task_of(one).name, "Visite d'une journée")
	agent_of(planned_row)
	assert refusal({**added(planned_row), "action": "Withdrawn", "task": one["id"]}) == "TaskClosed"


@pytest.mark.parametrize(
	("wrong", "rule"),
	[
		({"activity": "Rien"}, "NotOffered"),
		({"unit": "minuit"}, "UnknownUnit"),
		({"site": "Nulle part"}, "NotTicking"),
		({"day": "2026-09-16"}, "FutureTick"),
	],
)
def test_R31_an_addition_obeys_the_same_rules(planned_row, wrong, rule):
	agent_of(planned_row)
	assert refusal({**added(planned_row, child_name="Zoé"), **wrong}) == rule


def test_R31_an_agent_finds_children_by_name_and_learns_no_more(planned_row):
	parent = make.person("Zanzibar", "Claire")
	child = make.child("Zanzibar", "Eléa", school_class="CE1")
	make.family(make.member(parent, "Representative 1"), make.member(child))
	agent_of(planned_row)
	assert tablet.search(planned_row.site, "zanzi éléa") == [
		{"person": child.name, "last_name": "ZANZIBAR", "first_name": "Elea", "school_class": "CE1"}
	]
	assert [row["person"] for row in tablet.search(planned_row.site, "Zanzibar")] == [child.name]
	for text in ("", "z", "%%", "_ _"):
		assert tablet.search(planned_row.site, text) == []
	assert not frappe.has_permission("Person", "read")
	assert not frappe.has_permission("Attendance Task", "read")


def test_R31_only_those_who_judge_work_off_tasks_and_refusals(planned_row):
	agent_of(planned_row)
	one, refused = added(planned_row, child_name="Zoé"), tick(planned_row, unit="minuit")
	send(one, refused)
	task = task_of(one).name
	for call in (
		lambda: regularisation.resume(task),
		lambda: regularisation.dismiss(task, "Non"),
		lambda: regularisation.handle_refusal(refused["id"]),
		lambda: regularisation.steps(task),
	):
		with pytest.raises(frappe.PermissionError):
			call()
	frappe.set_user(make.user(roles.SCHOOL_COORDINATOR, sites=(planned_row.site,)))
	regularisation.handle_refusal(refused["id"])
	assert event(refused).handled == 1


def test_the_history_cannot_be_changed(planned_row):
	agent_of(planned_row)
	one = tick(planned_row)
	send(one)
	frappe.set_user("Administrator")
	kept = event(one)
	kept.result = "Refused"
	with pytest.raises(frappe.PermissionError):
		kept.save()
	with pytest.raises(frappe.PermissionError):
		kept.delete()


# ---------------------------------------------------------------- lists


def test_R31_the_list_of_a_day_with_marks(planned_row):
	frappe.set_user("Administrator")
	enrolment = frappe.get_doc("Enrolment", planned_row.enrolment)
	family = frappe.get_doc("Family", enrolment.family)
	stranger = make.person("Noir", "Jean")
	family.append("members", make.member(stranger, "Contact", forbidden=1, may_collect=0, emergency=0))
	family.save()
	agent_of(planned_row)
	shown = tablet.load(planned_row.site, frappe.utils.getdate(TODAY))
	(child,) = shown["children"]
	assert (child["enrolment"], child["activity"]) == (planned_row.enrolment, planned_row.activity)
	assert [mark["kind"] for mark in child["marks"]] == ["forbidden"]
	assert "NOIR" in child["marks"][0]["text"]
	(row,) = shown["rows"]
	assert (row["status"], row["unit"], row["planned"]) == ("Planned", "midi", True)
	assert shown["activities"][0]["open"]


def test_R32_changes_are_those_since_the_last_answer(planned_row):
	agent_of(planned_row)
	day = frappe.utils.getdate(TODAY)
	since = tablet.load(planned_row.site, day)["asked_at"]
	with freeze_time(f"{TODAY} 10:01:00"):
		assert tablet.changes(planned_row.site, day, since + timedelta(seconds=30))["rows"] == []
		send(tick(planned_row))
		(row,) = tablet.changes(planned_row.site, day, since + timedelta(seconds=30))["rows"]
	assert row["status"] == "Present"


def test_R10_lists_are_for_those_who_tick_at_the_site(planned_row):
	frappe.set_user(make.user(roles.ATTENDANCE_AGENT, sites=(make.site().name,)))
	day = frappe.utils.getdate(TODAY)
	for call in (
		lambda: tablet.load(planned_row.site, day),
		lambda: tablet.changes(planned_row.site, day, moment("00:00")),
		lambda: tablet.search(planned_row.site, "Test"),
	):
		with pytest.raises(frappe.PermissionError):
			call()
	frappe.set_user(make.user(roles.KITCHEN, sites=(planned_row.site,)))
	with pytest.raises(frappe.PermissionError):
		tablet.places()
