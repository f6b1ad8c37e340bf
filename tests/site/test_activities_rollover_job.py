"""The roll-over in the background: killed anywhere and started again, each enrolment is there once (R7).

These tests commit: a process that is killed really is another process.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import frappe
import pytest

from concerto_education.activities.rollover import job
from concerto_education.activities.rollover.errors import RolloverBusy, RolloverDone
from concerto_education.authority import named_lock
from tests import builders as make

# Years of their own: nothing of the other tests is in them.
OLD, NEW = "2040-2041", "2041-2042"
CHILDREN = 5
PROGRAM = """
import os, signal, sys
import frappe
site, name, count = sys.argv[1:]
frappe.init(site=site, sites_path=".")
frappe.connect()
frappe.set_user("Administrator")
from concerto_education.activities.rollover import carry, job
job.BATCH = 2
left = int(count)
make = carry._MAKERS["Enrolment"]

def killed(item, between):
	global left
	make(item, between)
	left -= 1
	if left < 0:
		os.kill(os.getpid(), signal.SIGKILL)

carry._MAKERS["Enrolment"] = killed
job.work(name)
"""


@pytest.fixture
def world(committed):
	"""Children of one class in one activity, in school years by hand: the official calendar doesn't reach so far."""
	_clear()
	for start in (2040, 2041):
		frappe.get_doc(
			{
				"doctype": "School Year",
				"title": f"{start}-{start + 1}",
				"zone": "A",
				"starts_on": f"{start}-09-01",
				"ends_on": f"{start + 1}-08-31",
			}
		).insert()
	activity = make.activity()
	for _ in range(CHILDREN):
		enrolment = make.enrolment(
			None, activity, pattern="1", valid_from="2040-09-01", valid_to="2041-08-31", age_override="Essai"
		)
		frappe.db.set_value("Person", enrolment.person, {"school_class": "CM1", "class_year": OLD})
	frappe.db.commit()
	yield activity
	frappe.db.rollback()
	_clear()
	frappe.db.commit()


def _clear() -> None:
	frappe.db.delete("Attendance", {"attendance_date": (">", "2040-01-01")})
	frappe.db.delete("Enrolment", {"valid_from": (">", "2040-01-01")})
	frappe.db.delete("School Year Preparation")
	for name in (OLD, NEW):
		frappe.db.delete("School Year", {"name": name})


def _other_process(name: str, count: int) -> int:
	frappe.db.commit()
	done = subprocess.run(
		[sys.executable, "-c", PROGRAM, frappe.local.site, name, str(count)],
		check=False,
		capture_output=True,
		text=True,
	)
	frappe.db.rollback()  # a fresh view
	deadline = time.monotonic() + 20
	while done.returncode and named_lock.is_held(job.LOCK) and time.monotonic() < deadline:
		time.sleep(0.05)  # the database takes a moment to notice that the process is gone
	assert done.returncode in (0, -signal.SIGKILL), done.stderr[-2000:]
	return done.returncode


def _begin(activity, monkeypatch) -> str:
	monkeypatch.setattr(frappe, "enqueue", lambda *args, **kwargs: None)
	return job.begin(OLD, [activity.name], True)


def _carried(activity) -> list:
	return frappe.get_all(
		"Enrolment", filters={"activity": activity.name, "valid_from": "2041-09-01"}, pluck="person"
	)


@pytest.mark.parametrize("killed_at", [0, 1, 3, CHILDREN - 1])
def test_R7_killed_and_started_again_makes_each_enrolment_once(world, monkeypatch, killed_at):
	name = _begin(world, monkeypatch)
	assert _other_process(name, killed_at) == -signal.SIGKILL
	found = job.state(name)
	assert found["interrupted"] and found["status"] == "Running"
	assert found["items_made"] == len(_carried(world)) <= killed_at
	job.resume(name)
	assert _other_process(name, 99) == 0
	people = _carried(world)
	assert len(people) == len(set(people)) == CHILDREN
	found = job.state(name)
	assert (found["status"], found["items_made"], found["items_total"]) == ("Done", CHILDREN, CHILDREN)
	classes = frappe.get_all("Person", filters={"name": ("in", people)}, pluck="school_class")
	assert classes == ["CM2"] * CHILDREN
	assert frappe.db.count("Attendance", {"activity": world.name, "attendance_date": (">", "2041-09-01")})


def test_R7_a_job_that_comes_twice_leaves_the_first_alone(world, monkeypatch):
	name = _begin(world, monkeypatch)
	with _held_elsewhere():
		assert _other_process(name, 99) == 0
		assert not _carried(world)
		with pytest.raises(RolloverBusy):
			job.begin(OLD, [world.name], False)
	job.work(name)
	with pytest.raises(RolloverDone):
		job.resume(name)


def test_R7_a_child_moved_up_by_a_first_pass_continues_in_a_second_activity(world, monkeypatch):
	"""In CM2 for the new year already: that is no reason to leave the canteen."""
	canteen = make.activity()
	for name in frappe.get_all("Enrolment", filters={"activity": world.name}, pluck="name"):
		first = frappe.get_doc("Enrolment", name)
		make.enrolment(
			frappe.get_doc("Family", first.family),
			canteen,
			first.payers[0].payer,
			person=first.person,
			pattern="2",
			valid_from="2040-09-01",
			valid_to="2041-08-31",
			age_override="Essai",
		)
	for activity in (world, canteen):
		name = _begin(activity, monkeypatch)
		frappe.db.commit()
		job.work(name)
	assert len(_carried(canteen)) == CHILDREN
	people = _carried(world)
	assert set(frappe.get_all("Person", filters={"name": ("in", people)}, pluck="school_class")) == {"CM2"}


def _held_elsewhere():
	"""The lock, by a connection of this process: for every other process it is somebody else's."""
	return named_lock.held(job.LOCK)
