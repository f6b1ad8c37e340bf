"""What is missing in the dossiers, week by week, and the reminders that were sent about it (R24)."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

import frappe

from concerto_education.activities.incomplete import weekly, weeks
from concerto_education.activities.incomplete.table import Filters, lacking
from concerto_education.families.documents import reminders

WEEKS = 8
REMINDED = 12


def make(seed: int, today: date) -> str:
	"""Reminders of the last weeks, then the count of each Monday. The same again makes nothing twice."""
	if frappe.db.count(weeks.WEEK):
		return ""
	sent = _reminders(random.Random(f"reminders {seed}"), today)
	last = weeks.monday(today)
	for number in range(WEEKS):
		weekly.count(last - timedelta(weeks=number))
	return f"{sent} reminders, {WEEKS} weeks"


def _reminders(chance: random.Random, today: date) -> int:
	found = lacking(Filters(), today, user="Administrator")
	emails = reminders.addresses(found)
	reachable = [family for family in found if emails[family]]
	chosen = sorted(chance.sample(reachable, min(REMINDED, len(reachable))))
	for number, family in enumerate(chosen):
		made = reminders.send(family, found[family], emails[family])
		# Some Thursdays ago, and not at the moment the demo is loaded; nothing leaves a demo.
		day = weeks.monday(today) - timedelta(days=4 + 7 * (number % (WEEKS - 1)))
		frappe.db.set_value(
			reminders.REMINDER,
			made.name,
			{"sent_at": datetime.combine(day, time(10, 15)), "state": reminders.SENT},
		)
	return len(chosen)
