"""Ticks by badge: a badge that was taken back is refused when the tablet comes back to the network (R32)."""

import frappe
import pytest
from freezegun import freeze_time

from concerto_education.attendance.badges import service
from tests import builders as make
from tests.support.pointage import TODAY, added, agent_of, event, refusal, results, stored, tick

pytestmark = pytest.mark.usefixtures("frozen_today")


@pytest.fixture
def badge(planned_row) -> str:
	"""The fingerprint of the badge of the child on the list, as a tablet knows it."""
	frappe.db.set_single_value("Authority Settings", "use_badges", 1)
	frappe.clear_document_cache("Authority Settings", "Authority Settings")
	(code,) = service.issue([planned_row.person]).values()
	yield service.fingerprint(code)
	frappe.clear_document_cache("Authority Settings", "Authority Settings")


def test_R32_a_badge_in_use_ticks(planned_row, badge):
	agent_of(planned_row)
	assert results(tick(planned_row, badge=badge)) == ["Applied"]
	assert stored(planned_row).status == "Present"


def test_R32_a_badge_taken_back_before_the_tick_is_refused(planned_row, badge):
	with freeze_time(f"{TODAY} 08:30:00"):
		service.take_back(planned_row.person, "perdu dans la cour")
	agent_of(planned_row)
	scanned = tick(planned_row, clock="09:00:00", badge=badge)
	assert refusal(scanned) == "BadgeNotActive"
	assert "15/09/2026 08:30" in event(scanned).reason
	assert stored(planned_row).status == "Planned"
	assert results(tick(planned_row, clock="09:05:00")) == ["Applied"]  # by the name, as the reason says


def test_R32_what_was_scanned_before_it_was_taken_back_counts(planned_row, badge):
	"""The tablet had no network at noon: the child was there, whatever happened to the badge in the afternoon."""
	with freeze_time(f"{TODAY} 09:30:00"):
		service.renew(planned_row.person, "abîmé")
	agent_of(planned_row)
	assert results(tick(planned_row, clock="09:29:59", badge=badge)) == ["Applied"]


def test_R32_the_clock_of_the_tablet_does_not_save_a_badge(planned_row, badge):
	"""An hour slow: 08:00 on the device is 09:00, after the badge was taken back."""
	with freeze_time(f"{TODAY} 08:30:00"):
		service.take_back(planned_row.person, "perdu")
	agent_of(planned_row)
	assert results(tick(planned_row, clock="08:00:00", badge=badge), offset=3_600_000) == ["Refused"]


def test_R32_the_badge_of_another_child_ticks_nobody(planned_row, badge):
	other = make.enrolment(
		make.family(), frappe.get_doc("Activity", planned_row.activity), valid_to="2026-09-30"
	)
	row = make.attendance(other, TODAY)
	agent_of(planned_row)
	assert refusal(tick(row, badge=badge)) == "BadgeNotActive"
	assert refusal(tick(planned_row, badge="0" * 64)) == "BadgeNotActive"


def test_R31_a_child_who_is_not_enrolled_is_not_added_by_a_badge_taken_back(planned_row, badge):
	stranger = make.child().name
	(code,) = service.issue([stranger]).values()
	mark = service.fingerprint(code)
	agent_of(planned_row)
	assert results(added(planned_row, child_name="Zoé", person=stranger, badge=mark)) == ["Applied"]
	frappe.set_user("Administrator")
	with freeze_time(f"{TODAY} 08:30:00"):
		service.take_back(stranger, "perdu")
	agent_of(planned_row)
	assert refusal(added(planned_row, child_name="Zoé", person=stranger, badge=mark)) == "BadgeNotActive"


def test_R10_a_badge_opens_no_other_site(planned_row, badge):
	elsewhere = make.attendance(make.enrolment(valid_to="2026-09-30"), TODAY)
	agent_of(elsewhere)
	assert refusal(tick(planned_row, badge=badge)) == "NotTicking"
