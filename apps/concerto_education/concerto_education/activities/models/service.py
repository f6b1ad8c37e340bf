"""From a model and the answers of the wizard to an Activity and its first tariffs.

Only fields that a model and an activity share are taken from the answers, and what an activity says of itself:
whatever else a client sends is ignored.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.activities.errors import InvalidModel, InvalidWizardPrice
from concerto_education.activities.school_years import default_span
from concerto_education.authority.money import decimal_of

# What the wizard asks of an activity besides what its model says.
OWN_FIELDS = (
	"activity_name",
	"description",
	"camp_number",
	"camp_place",
	"valid_from",
	"valid_to",
)
TABLES = ("units", "categories", "groups")
SKIPPED = {"Section Break", "Column Break", "Tab Break", "HTML"}
# The position and the words of a model are about the model.
MODEL_ONLY = {"model_name", "active", "position", "description"}


def shared_fields() -> list[str]:
	"""Fields of a model that an activity takes over, tables apart."""
	return [
		field.fieldname
		for field in frappe.get_meta("Activity Model").fields
		if field.fieldtype not in SKIPPED
		and field.fieldtype != "Table"
		and field.fieldname not in MODEL_ONLY
		and not field.read_only
	]


def check(doc) -> None:
	"""Refuse a model that no activity could be made from."""
	if not (doc.description or "").strip():
		frappe.throw(
			_("What It Is For: say in one sentence what the model is for; the wizard shows it"), InvalidModel
		)
	for row in doc.groups:
		if row.site:
			frappe.throw(
				_("Groups, row {0}: a model has no sites; leave the site empty").format(row.idx), InvalidModel
			)


def draft(model: str, answers: dict):
	"""The Activity that the answers describe, not saved. What isn't answered is as in the model."""
	source = frappe.get_doc("Activity Model", model)
	doc = frappe.new_doc("Activity")
	doc.update({"model": source.name, "active": 1, "kind": source.kind})
	for field in shared_fields():
		doc.set(field, answers[field] if field in answers else source.get(field))
	doc.kind = source.kind  # a wizard for a canteen makes a canteen
	for field in OWN_FIELDS:
		doc.set(field, answers.get(field) or None)
	for table in TABLES:
		rows = answers[table] if table in answers else [row.as_dict() for row in source.get(table)]
		for row in rows or ():
			doc.append(table, _row(doc, table, row))
	for row in answers.get("sites") or ():
		doc.append("sites", {"site": row.get("site"), "capacity": row.get("capacity") or 0})
	return doc


def _row(doc, table: str, values: dict) -> dict:
	fields = frappe.get_meta(doc.meta.get_field(table).options).get_valid_columns()
	system = {"name", "owner", "creation", "modified", "modified_by", "docstatus", "idx"}
	return {
		name: value
		for name, value in values.items()
		if name in fields and name not in system and not name.startswith("parent")
	}


def create(model: str, answers: dict):
	"""Make the Activity and the tariffs that the wizard asked for. The caller checked the rights."""
	doc = draft(model, answers).insert()
	for values in tariffs_of(doc, answers):
		frappe.get_doc(values).insert()
	return doc


def tariffs_of(doc, answers: dict) -> list[dict]:
	"""First tariffs, as flat prices: the presence, one that was not booked, a late pick-up."""
	if doc.billing_rule == "Not Billed":
		return []
	start = getdate(answers.get("tariff_from") or doc.valid_from or default_span(getdate()).start)
	return [
		_tariff(doc, start, label, use, amount)
		for field, label, use in (
			("price", "{0}", "Normal"),
			("unbooked_price", _("{0}, presence not booked"), "Presence Not Booked"),
			("late_pickup_price", _("{0}, late pick-up"), "Late Pick-up"),
		)
		if (amount := price_of(answers.get(field))) is not None
	]


def price_of(value) -> Decimal | None:
	"""A price that was typed; an empty field is none, 0 is one."""
	if value in (None, ""):
		return None
	# As a French hand types it: 2,80 or 1 250,00 €.
	typed = value
	if isinstance(value, str):
		typed = "".join(value.replace("€", "").split()).replace(",", ".")
	try:
		amount = decimal_of(typed)
	except ValueError:
		amount = Decimal(-1)
	if amount < 0:
		frappe.throw(_("Price: “{0}” is not an amount in euros").format(value), InvalidWizardPrice)
	return amount


def _tariff(doc, start: date, label: str, use: str, amount: Decimal) -> dict:
	return {
		"doctype": "Tariff",
		"label": label.format(doc.activity_name)[:140],
		"activity": doc.name,
		"use": use,
		"valid_from": start,
		"method": "Flat",
		"price": str(amount),
	}
