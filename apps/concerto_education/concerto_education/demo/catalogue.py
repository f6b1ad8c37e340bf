"""The services that complete R1, made by the wizard's own models: TAP, relais petite enfance, LAEP, maison des jeunes,
transport of the holidays, occasional care; booking rules, groups, who answers for each site, late pick-ups."""

from __future__ import annotations

from datetime import date

import frappe

from concerto_education.activities.models import service
from concerto_education.demo import world

YOUTH_CENTRE = "Maison des jeunes Le Ponton"
# model, name, sites with places, and what its price is
FROM_MODELS = (
	("Temps d’activités périscolaires (TAP)", "TAP du mardi et du vendredi", world.SCHOOLS, {}),
	("Relais petite enfance (RAM)", "Relais petite enfance itinérant", (world.NURSERY,), {}),
	("Lieu d’accueil enfants-parents (LAEP)", "LAEP La Parenthèse", (world.NURSERY,), {}),
	("Maison des jeunes", "Maison des jeunes, accueil libre", (YOUTH_CENTRE,), {"price": "1.00"}),
	("Transport des vacances", "Ramassage des vacances (ligne de la Région)", (world.LEISURE_CENTRE,), {}),
	("Halte-garderie, accueil occasionnel", "Halte-garderie à l’heure", (world.NURSERY,), {"price": "1.80"}),
)
THURSDAY_NOON = {
	"booking_rule": "Day of the Week Before",
	"booking_weekday": "Thursday",
	"booking_weeks": 1,
	"booking_time": "12:00:00",
	"cancelling_rule": "Working Days Before",
	"cancelling_days": 2,
	"cancelling_time": "10:00:00",
	"late_cancelling": "Stays Billed",
}
RULES = {
	world.CANTEEN: {
		**THURSDAY_NOON,
		"late_booking": "Price of a Presence Not Booked",
		"top_price_without_proof": 1,
		"age_from": 2,
		"age_to": 11,
		"age_unit": "Years",
	},
	world.WEDNESDAY: {**THURSDAY_NOON, "late_booking": "Refused"},
	world.CARE: {"late_pickup_from": 2, "late_pickup_per": "School Year", "late_pickup_grace": 5},
}
LATE_TARIFF = "Dépassement horaire, le quart d’heure"
ADMINISTRATOR = f"hmarchand@{world.MAIL_DOMAIN}"
# Days of October on which one child was fetched late, and by how many minutes: the first is free.
LATE = ((date(2026, 10, 1), 12), (date(2026, 10, 6), 22), (date(2026, 10, 13), 9))


def make() -> str:
	"""Make what is missing."""
	if not frappe.db.exists("Site", YOUTH_CENTRE):
		frappe.get_doc(
			{
				"doctype": "Site",
				"site_name": YOUTH_CENTRE,
				"kind": "Youth Centre",
				"capacity": 40,
				"address_line1": "2 quai du Moulin",
				"postcode": "86995",
				"town": "Verrinay",
				"phone": "05 36 49 10 50",
				"email": f"ponton@{world.MAIL_DOMAIN}",
			}
		).insert()
	for model, name, sites, prices in FROM_MODELS:
		if not frappe.db.exists("Activity", name) and frappe.db.exists("Activity Model", model):
			rows = [{"site": site} for site in sites]
			service.create(
				model,
				{"activity_name": name, "sites": rows, "tariff_from": str(world.YEAR_START), **prices},
			)
	for activity, values in RULES.items():
		doc = frappe.get_doc("Activity", activity)
		doc.update(values)
		doc.save()
	if not frappe.db.exists("Tariff", {"activity": world.CARE, "use": "Late Pick-up"}):
		frappe.get_doc(
			{
				"doctype": "Tariff",
				"label": LATE_TARIFF,
				"activity": world.CARE,
				"use": "Late Pick-up",
				"valid_from": world.YEAR_START,
				"method": "Flat",
				"price": "5.00",
			}
		).insert()
	return f"{len(FROM_MODELS)} services from models"


def name_managers() -> None:
	"""The demo's coordinators and directors answer for the sites that were given to them; the référent is added.

	A school without a coordinator of its own is the administrator's.
	"""
	duties = {
		"School Coordinator": "Manager",
		"Leisure Centre Director": "Manager",
		"Nursery Director": "Manager",
		"Service Referent": "Référent",
	}
	# The demo's own accounts and sites.
	given = frappe.get_all("User Permission", filters={"allow": "Site"}, fields=["user", "for_value"])
	for site in frappe.get_all("Site", pluck="name"):
		doc = frappe.get_doc("Site", site)
		if doc.managers:
			continue
		for user in dict.fromkeys(row.user for row in given if row.for_value == site):
			duty = next((duty for role, duty in duties.items() if role in frappe.get_roles(user)), None)
			if duty:
				doc.append("managers", {"user": user, "duty": duty, "receives_messages": 1})
		if not doc.managers and doc.kind == "School" and frappe.db.exists("User", ADMINISTRATOR):
			doc.append("managers", {"user": ADMINISTRATOR, "duty": "Manager", "receives_messages": 1})
		if doc.managers:
			doc.save()


def late_pickups(today: date) -> int:
	"""One child of the garderie who was fetched late three times in October: the second and third are billed."""
	# The demo's own records; always the same child for a seed.
	enrolment = frappe.get_all(
		"Enrolment",
		filters={"activity": world.CARE, "status": "Confirmed", "valid_from": ("<=", LATE[0][0])},
		order_by="name desc",
		limit=1,
		pluck="name",
	)
	count = 0
	for day, minutes in LATE:
		if (
			enrolment
			and day <= today
			and not frappe.db.exists("Late Pickup", {"enrolment": enrolment[0], "pickup_date": day})
		):
			frappe.get_doc(
				{"doctype": "Late Pickup", "enrolment": enrolment[0], "pickup_date": day, "minutes": minutes}
			).insert()
			count += 1
	return count
