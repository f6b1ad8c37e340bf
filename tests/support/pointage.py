"""A row of attendance on a frozen day, and ticks as tablets send them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

TODAY = "2026-09-15"


@pytest.fixture
def frozen_today(site, monkeypatch) -> Iterator[None]:
	"""10:00 on a Tuesday; the site is in the time zone of freezegun."""
	import frappe
	from freezegun import freeze_time

	monkeypatch.setattr(frappe.utils.data, "get_system_timezone", lambda: "UTC")
	with freeze_time(f"{TODAY} 10:00:00.5"):
		yield


@pytest.fixture
def planned_row(frozen_today):
	"""A child planned at noon today."""
	from tests import builders as make

	return make.attendance(make.enrolment(valid_to="2026-09-30"), TODAY)


@pytest.fixture
def nursery_row(frozen_today):
	"""A child planned today in an activity in clock mode."""
	from tests import builders as make

	act = make.activity(clock_mode=1, units=("jour",), kind="Nursery, Occasional")
	return make.attendance(make.enrolment(act=act, valid_to="2026-09-30"), TODAY, unit="jour")


def agent_of(row) -> str:
	"""Log in as an agent of the row's site."""
	import frappe

	from concerto_education.authority import roles
	from tests import builders as make

	user = make.user(roles.ATTENDANCE_AGENT, sites=(row.site,))
	frappe.set_user(user)
	return user


def moment(clock: str) -> datetime:
	"""A time of today as the database gives it."""
	return datetime.fromisoformat(f"{TODAY} {clock}")


def tick(row, action: str = "Present", clock: str = "09:00:00", **values) -> dict:
	"""A tick about a row, made by a device at a time of today."""
	return {
		"id": str(uuid.uuid4()),
		"action": action,
		"time": round(moment(clock).replace(tzinfo=UTC).timestamp() * 1000),
		"enrolment": row.enrolment,
		"day": TODAY,
		"unit": row.unit,
		**values,
	}


def added(row, clock: str = "09:00:00", **values) -> dict:
	"""Somebody who is not enrolled, added to the list of a row."""
	place = {"site": row.site, "activity": row.activity}
	return {**tick(row, "Added", clock), "enrolment": None, **place, **values}


def send(*ticks, device: str = "tablette", offset: int = 0) -> list[dict]:
	from concerto_education.attendance import sync

	return sync.receive(device, offset, list(ticks), "UTC")["results"]


def results(*ticks, **options) -> list[str]:
	return [answer["result"] for answer in send(*ticks, **options)]


def refusal(one: dict) -> str:
	"""The rule that refuses a tick; it is kept with its reason for the coordinator."""
	import frappe

	(answer,) = send(one)
	assert answer["result"] == "Refused"
	assert answer["reason"]
	kept = frappe.db.get_value("Attendance Event", one["id"], ["result", "reason", "handled"], as_dict=True)
	assert (kept.result, kept.reason, kept.handled) == ("Refused", answer["reason"], 0)
	return answer["rule"]


def stored(row):
	import frappe

	frappe.clear_document_cache("Attendance", row.name)
	return frappe.get_doc("Attendance", row.name)


def event(one: dict):
	import frappe

	return frappe.get_doc("Attendance Event", one["id"])
