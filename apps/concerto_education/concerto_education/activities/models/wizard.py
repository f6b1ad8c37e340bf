"""What the wizard's page calls: the models, a look at what would be made, and making it (R1, R7)."""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.activities import activity_words
from concerto_education.activities.errors import ActivitiesError
from concerto_education.activities.models import service
from concerto_education.activities.school_years import default_span


def require_right() -> None:
	"""Whoever may create activities: administrators, unless they say otherwise."""
	if not frappe.has_permission("Activity", "create"):
		frappe.throw(_("Only administrators create activities (R7)"), frappe.PermissionError)


@frappe.whitelist(methods=["GET", "POST"])
def start() -> dict:
	"""All that the wizard offers: models in full, sites, categories, accounting codes."""
	require_right()
	# Administrators may read all of it; the page needs it in one answer.
	names = frappe.get_all("Activity Model", filters={"active": 1}, order_by="position, name", pluck="name")
	return {
		"models": [_model(frappe.get_doc("Activity Model", name)) for name in names],
		"sites": frappe.get_list(
			"Site",
			filters={"active": 1},
			fields=["name", "kind", "capacity", "town"],
			order_by="kind, name",
			limit_page_length=0,
		),
		"categories": frappe.get_list("Enrolment Category", pluck="name", order_by="creation"),
		"imputations": frappe.get_list("Imputation", fields=["name", "label"], order_by="name"),
		"school_year_start": str(default_span(frappe.utils.getdate()).start),
	}


def _model(doc) -> dict:
	values = {field: doc.get(field) for field in service.shared_fields()}
	for table in service.TABLES:
		values[table] = [service._row(doc, table, row.as_dict()) for row in doc.get(table)]
	return {"name": doc.name, "description": doc.description, "kind": doc.kind, "values": values}


@frappe.whitelist(methods=["POST"])
def preview(model: str, answers: str | dict) -> dict:
	"""What would be made, in words, or why it can't be. Saves nothing."""
	require_right()
	answers = frappe.parse_json(answers)
	doc = service.draft(model, answers)
	problem = None
	before = len(frappe.message_log)
	try:
		doc.set_new_name()
		doc.run_method("validate")
		service.tariffs_of(doc, answers)
		if frappe.db.exists("Activity", doc.name):
			problem = _("There is already an activity named {0}").format(doc.name)
	except (ActivitiesError, frappe.ValidationError) as error:
		problem = str(error)
		del frappe.message_log[before:]
	return {"name": doc.activity_name, "problem": problem, "words": activity_words.of(doc)}


@frappe.whitelist(methods=["POST"])
def create(model: str, answers: str | dict) -> str:
	"""Make the activity; answers its name."""
	require_right()
	return service.create(model, frappe.parse_json(answers)).name
