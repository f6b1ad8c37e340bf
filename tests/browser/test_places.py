"""The page of places (R40): a director sees that it is full, offers a freed place, records the answer."""

import frappe
from frappe.desk.doctype.notification_settings.notification_settings import create_notification_settings

from concerto_education.authority import roles
from tests import builders
from tests.http.test_capacity import World


def test_R40_a_freed_place_is_offered_and_accepted_on_the_page(open_page):
	frappe.db.set_single_value("Waiting List Settings", "automatic", 0)
	world = World(1)
	first = frappe.get_doc(world.form()).insert()
	late = frappe.get_doc(world.form(when_full="Waiting List")).insert()
	child = frappe.db.get_value("Person", late.person, "full_name")
	user = builders.user(roles.LEISURE_DIRECTOR, sites=(world.site,))
	create_notification_settings(user)  # the Desk looks for them
	frappe.db.commit()
	try:
		page = open_page(f"/app/places?activity={world.activity.name}", user=user)
		entry = page.locator(".pl-entry", has_text=child)
		entry.wait_for()
		assert page.locator(".pl-cell.pl-full").count()
		first.status = "Cancelled"
		first.save()
		frappe.db.commit()
		entry.locator("[data-action=offer]").click()
		entry.locator("[data-action=accept]").click()
		page.locator(".pl-empty", has_text="Personne n").wait_for()
		assert set(world.planned().values()) == {1}
		assert frappe.db.get_value("Enrolment", late.name, "status") == "Confirmed"
	finally:
		frappe.db.rollback()
		frappe.db.set_single_value("Waiting List Settings", "automatic", 1)
		frappe.db.commit()
