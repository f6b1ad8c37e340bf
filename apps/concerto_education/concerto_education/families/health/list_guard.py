"""Lists show that there is a health record, and nothing of it: a reading that names nobody can't be recorded.

Lists, reports and the API ask `permission_query_conditions` before they read; there we look at what was asked for.
A field of health in the columns, the filters or the order is refused, whoever asks.
"""

from __future__ import annotations

import re
from typing import Any

import frappe
from frappe import _

from concerto_education.families.health.errors import HealthInLists
from concerto_education.families.health.service import RECORD, TABLES

_ASKED = ("fields", "fieldname", "filters", "or_filters", "order_by", "group_by", "expand", "expand_links")
_WORD = re.compile(r"\w+")


def check_request() -> None:
	"""Refuse a list that asks for more than whose records there are."""
	if not getattr(frappe.local, "request", None):
		return
	asked = " ".join(_text(frappe.form_dict.get(key)) for key in _ASKED)
	names_a_table = any(table in asked for table in TABLES.values())
	if names_a_table or set(_WORD.findall(asked)) & _hidden() or "*" in asked:
		frappe.throw(
			_("Health is read in the record of the person, where each reading is recorded, not in lists"),
			HealthInLists,
		)


def deny(user: str | None = None) -> str:
	"""Rows of the tables of a record are read with the record, and not by themselves."""
	check_request()
	return "1=0"


def _hidden() -> set[str]:
	return {field.fieldname for field in frappe.get_meta(RECORD).fields if field.permlevel}


def _text(value: Any) -> str:
	return value if isinstance(value, str) else frappe.as_json(value) if value else ""
