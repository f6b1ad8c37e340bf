"""What changes a price besides the attendance itself: late pick-ups, and a quotient whose proof is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import frappe

from concerto_education.attendance import late_pickups
from concerto_education.engine import charges as engine
from concerto_education.engine.ranges import DateRange
from concerto_education.engine.situation import LateCount
from concerto_education.engine.tariffs import Use

PROOF_MISSING = "proof_missing"  # as `activities/explanations.py` says it
LATE_PICKUP = "late_pickup"


def add_late_pickups(window: DateRange, enrolments: Mapping[str, frappe._dict], chunk) -> None:
	"""One fact for each late pick-up that is billed (R10)."""
	confirmed = {name: row for name, row in enrolments.items() if row.status == "Confirmed"}
	for pickup in late_pickups.billed(confirmed, window):
		row = confirmed[pickup.enrolment]
		chunk.facts[row.family].append(
			engine.Fact(
				pickup.key,
				row.name,
				row.person,
				row.family,
				row.activity,
				row.site,
				row.category,
				LATE_PICKUP,
				pickup.day,
				engine.AttendanceStatus.PRESENT,
				minutes=pickup.minutes,
				use=Use.LATE_PICKUP,
				late=LateCount(pickup.number, pickup.within),
			)
		)


def mark_missing_proofs(chunk, quotients) -> None:
	"""Top of the scale while the proof of the QF of the day is missing, in the activities that say so."""
	# A rule of the authority, for a billing run: nobody's permissions.
	strict = set(frappe.get_all("Activity", filters={"top_price_without_proof": 1}, pluck="name"))
	if not strict:
		return
	for family, facts in chunk.facts.items():
		history = quotients[family].as_map()
		if not any(record.proof_missing for _span, record in history):
			continue
		chunk.facts[family] = [
			replace(fact, full_price=PROOF_MISSING)
			if fact.activity in strict and (held := history.get(fact.day)) is not None and held.proof_missing
			else fact
			for fact in facts
		]
