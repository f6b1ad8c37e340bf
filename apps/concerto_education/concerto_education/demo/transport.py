"""The bus to the leisure centre on Wednesdays: stops with times, and children who get on there (R28).

The line is run by the région: it is listed, and not billed.
"""

from __future__ import annotations

from datetime import date

import frappe

from concerto_education.demo import world

LINE = "Transport du mercredi"
OUT, RETURN = "aller", "retour"
START = date(2026, 9, 2)
RIDERS = 18
STOPS = (
	("Roquefontay – Mairie", "07:45", "18:10", "Roquefontay"),
	("Val-de-Brissonnay – Place de l'Église", "07:58", "17:57", "Val-de-Brissonnay"),
	("Vaucelay – Arrêt du Lavoir", "08:09", "17:46", "Vaucelay"),
	("Poulignay – École du Gué", "08:20", "17:35", "Poulignay-sur-Aubrelle"),
)


def make() -> int:
	"""The line, and every third child of the leisure centre on it. Returns how many children."""
	_line()
	riders = _riders()
	for number, row in enumerate(riders):
		_enrol(row, STOPS[number % len(STOPS)][0], STOPS[(number * 3 + number // 5) % len(STOPS)][0])
	return len(riders)


def _line() -> None:
	if frappe.db.exists("Activity", LINE):
		return
	frappe.get_doc(
		{
			"doctype": "Activity",
			"activity_name": LINE,
			"kind": "Transport, Wednesday",
			"billing_rule": "Not Billed",
			"imputation": frappe.db.get_value("Activity", world.WEDNESDAY, "imputation"),
			"monday": 0,
			"tuesday": 0,
			"wednesday": 1,
			"thursday": 0,
			"friday": 0,
			"in_school_time": 0,
			"on_wednesdays": 1,
			"units": [
				{"unit": OUT, "label": "Aller", "starts_at": "07:45:00", "ends_at": "08:30:00"},
				{"unit": RETURN, "label": "Retour", "starts_at": "17:30:00", "ends_at": "18:15:00"},
			],
			"categories": [{"category": world.CHILD}],
			"sites": [{"site": world.LEISURE_CENTRE}],
			"stops": [
				{"stop_name": name, "time_out": out, "time_return": back, "town": town}
				for name, out, back, town in STOPS
			],
		}
	).insert()


def _riders() -> list:
	"""Children of the leisure centre, by name, so that they are the same at each load."""
	enrolment, person = frappe.qb.DocType("Enrolment"), frappe.qb.DocType("Person")
	found = (
		frappe.qb.from_(enrolment)
		.join(person)
		.on(enrolment.person == person.name)
		.select(enrolment.name, enrolment.person, enrolment.family)
		.where((enrolment.activity == world.WEDNESDAY) & (enrolment.status == "Confirmed"))
		.where((enrolment.valid_from <= START) & (enrolment.valid_to >= world.YEAR_END))
		.where(enrolment.custody_calendar.isnull())
		.orderby(person.full_name, person.birth_date)
	).run(as_dict=True)
	return found[::3][:RIDERS]


def _enrol(row, stop_out: str, stop_return: str) -> None:
	payers = frappe.get_all(
		"Enrolment Payer", filters={"parent": row.name, "parenttype": "Enrolment"}, fields=["payer", "share"]
	)
	frappe.get_doc(
		{
			"doctype": "Enrolment",
			"family": row.family,
			"person": row.person,
			"activity": LINE,
			"site": world.LEISURE_CENTRE,
			"category": world.CHILD,
			"valid_from": START,
			"valid_to": world.YEAR_END,
			"pattern": [{"unit": unit, "weeks": "Every Week", "wednesday": 1} for unit in (OUT, RETURN)],
			"payers": payers,
			"stop_out": stop_out,
			"stop_return": stop_return if stop_return != stop_out else None,
		}
	).insert()
