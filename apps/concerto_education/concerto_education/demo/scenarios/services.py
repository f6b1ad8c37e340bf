"""Ways of pricing besides the meal: half-hours, a month, units of one day, a stay, a nursery (R1, R26, R36)."""

from __future__ import annotations

from datetime import date

import frappe

from concerto_education.demo import services, world
from concerto_education.demo.dossier import Dossier
from concerto_education.demo.scenarios.registry import scenario

VERRINAY, POULIGNAY = world.TOWNS[:2]
DAYS = ("Monday", "Tuesday", "Thursday", "Friday")


@scenario("R26")
def garderie_by_the_half_hour() -> Dossier:
	"""Wednesdays at noon: 11 started half-hours at 0.60 in September, and the bus of the month at 12.00."""
	dossier = Dossier("Rivaud", VERRINAY)
	mother = dossier.mother("Clémence")
	child = dossier.child("Jules", "2019-05-30", sex="M")
	dossier.save()
	dossier.quotient(720)
	dossier.payer(mother)
	dossier.enrol(child, services.NOON_CARE, site=world.SCHOOL_1, midi=(3,))
	dossier.enrol(child, services.SHUTTLE, site=world.SCHOOL_1, aller=(3,))
	return dossier


@scenario("R26", "R1")
def holidays_and_camp() -> Dossier:
	"""Two sisters in the autumn holidays, the second at 90 %, and the elder at the camp: October shows day, half-day
	and meal as one price, and one price for the stay."""
	dossier = Dossier("Pelletier", POULIGNAY)
	father = dossier.father("Antoine", "Representative 1")
	elder = dossier.child("Margaux", "2016-03-08")
	younger = dossier.child("Lison", "2019-10-21")
	dossier.save()
	dossier.quotient(640)
	dossier.payer(father)
	autumn = {"start": date(2026, 10, 17), "end": date(2026, 11, 1), "site": world.LEISURE_CENTRE}
	whole = dict.fromkeys((services.MORNING, services.MEAL, services.AFTERNOON), (1, 2))
	pattern = [(unit, "Every Week", days) for unit, days in whole.items()]
	pattern.append((services.MORNING, "Every Week", (4,)))
	for child in (elder, younger):
		start = date(2026, 10, 26) if child == elder else autumn["start"]
		dossier.enrol(child, services.HOLIDAYS, pattern=pattern, **{**autumn, "start": start})
	dossier.enrol(
		elder,
		services.camp_name(),
		site=world.LEISURE_CENTRE,
		start=services.CAMP_START,
		end=services.CAMP_END,
		pattern=[(world.DAY, "Every Week", (1, 2, 3, 4, 5))],
	)
	return dossier


@scenario("R36")
def nursery_contract() -> Dossier:
	"""A contract of 34 h × 42 weeks over 12 months: 119 h at 2.06, half an hour beyond it, and 17 h deducted for an
	illness after its three waiting days."""
	dossier = Dossier("Chauvin", VERRINAY)
	mother = dossier.mother("Estelle")
	child = dossier.child("Noé", "2025-01-17", sex="M")
	dossier.child("Capucine", "2021-08-02")
	dossier.save()
	dossier.quotient(890)
	dossier.payer(mother)
	enrolment = dossier.enrol(child, services.NURSERY, site=world.NURSERY, heures=(1, 2, 4, 5))
	_resources(dossier, 48000, 2)
	frappe.get_doc(
		{
			"doctype": "Nursery Contract",
			"enrolment": enrolment,
			"valid_from": world.YEAR_START,
			"valid_to": world.YEAR_END,
			"weeks": 42,
			"months": 12,
			"schedule": [{"weekday": day, "arrival": "09:00", "departure": "17:30"} for day in DAYS],
		}
	).insert()
	return dossier


@scenario("R36")
def nursery_occasional() -> Dossier:
	"""Tuesday mornings by the hour: 5 × 3 h booked at 1.76, because a disabled child lowers the rate by one column."""
	dossier = Dossier("Gaudin", VERRINAY)
	mother = dossier.mother("Maëlle")
	child = dossier.child("Lilou", "2025-04-09")
	dossier.save()
	dossier.quotient(560)
	dossier.payer(mother)
	dossier.enrol(child, services.NURSERY, site=world.NURSERY, heures=(2,))
	_resources(dossier, 40923, 1, disabled_children=1)
	return dossier


def _resources(dossier: Dossier, yearly: int, children: int, **values) -> None:
	for year in (2026, 2027):
		frappe.get_doc(
			{
				"doctype": "Family Resources",
				"family": dossier.name,
				"situation": "Resources Known",
				"yearly_resources": yearly,
				"children": children,
				"source": "CDAP (CAF)",
				"valid_from": date(year, 1, 1),
				"valid_to": date(year, 12, 31),
				**values,
			}
		).insert()
