"""Who sees which site (R6–R10). One criterion per DocType, read by lists and by documents alike.

A criterion is data, "this field holds one of these sites", so that `permission_query_conditions` can write
it as SQL and `has_permission` can ask it of a document: the two can't disagree.

Frappe's own User Permissions on Site already narrow people who have some. What is decided here is what
Frappe leaves open: an agent to whom nobody gave a site sees none, not all.
"""

from __future__ import annotations

from dataclasses import dataclass

import frappe

from concerto_education.authority import roles

# The field that says at which site a record belongs.
SITE_FIELD = {
	"Site": "name",
	"Enrolment": "site",
	"Nursery Contract": "site",
	"Attendance": "site",
	"Attendance Event": "site",
	"Attendance Task": "site",
	"Late Pickup": "site",
	"Meal Order": "site",
	"Meal Adults": "site",
	"List Export": "site",
	"Monthly Close": "site",
	"Funding": "site",
	"Waiting List Entry": "site",
	"Incomplete Week": "site",
	"Capacity Period": "site",
	"Capacity Override": "site",
	"Closed Month Change": "site",
	"Coherence Count": "site",
}

# A second field that gives the same right: a kitchen sees what is ordered from it, a school what it ordered.
OTHER_FIELD = {"Meal Order": "kitchen"}

# These see every site, whatever other role they have besides.
EVERY_SITE = frozenset({*roles.ADMINISTRATORS, roles.FINANCE_CLERK, "System Manager", "Administrator"})
# These work across sites (town hall, headquarters); sites given to them narrow what they see.
EVERY_SITE_UNLESS_GIVEN = frozenset({roles.SERVICE_REFERENT, roles.AREA_MANAGER, roles.SEASONAL_CLERK})
# All other staff (agents, coordinators, directors, kitchen) sees the sites it was given, and no other.

# Frappe takes an empty condition for "no restriction".
DENY = "1=0"
# Writing checks the stored record too: else a record is taken over by writing one's own site into it.
_READING = frozenset({"read", "select", "print", "email", "report", "export", "share"})

_CHANGING = frozenset({"write", "delete", "submit", "cancel", "amend"})


@dataclass(frozen=True)
class Criterion:
	"""``field``, or ``other`` where there is one, must hold one of ``values``. No values: nobody."""

	field: str
	values: frozenset[str]
	other: str | None = None

	@property
	def fields(self) -> tuple[str, ...]:
		return (self.field, self.other) if self.other else (self.field,)

	def as_sql(self, doctype: str) -> str:
		if not self.values:
			return DENY
		# Names of sites are typed by people: each is escaped.
		values = ", ".join(frappe.db.escape(value) for value in sorted(self.values))
		found = [f"`tab{doctype}`.`{field}` in ({values})" for field in self.fields]
		return found[0] if len(found) == 1 else f"({' or '.join(found)})"

	def holds(self, value: str | None) -> bool:
		return value in self.values


def criterion(doctype: str, user: str | None = None) -> Criterion | None:
	"""What ``user`` may see of ``doctype``; None is everything that the role permissions allow."""
	user = user or frappe.session.user
	if user == "Administrator":
		return None
	held = set(frappe.get_roles(user))
	if held & EVERY_SITE:
		return None
	sites = sites_of(user)
	if held & EVERY_SITE_UNLESS_GIVEN and not sites:
		return None
	return Criterion(SITE_FIELD[doctype], sites, OTHER_FIELD.get(doctype))


def sites_of(user: str | None = None) -> frozenset[str]:
	"""Sites given to an account by User Permissions."""
	given = frappe.permissions.get_user_permissions(user or frappe.session.user)
	return frozenset(entry["doc"] for entry in given.get("Site") or ())


def conditions(doctype: str, user: str | None = None) -> str:
	rule = criterion(doctype, user)
	return rule.as_sql(doctype) if rule else ""


def site_conditions(user: str | None = None) -> str:
	return conditions("Site", user)


def enrolment_conditions(user: str | None = None) -> str:
	return conditions("Enrolment", user)


def nursery_contract_conditions(user: str | None = None) -> str:
	return conditions("Nursery Contract", user)


def attendance_conditions(user: str | None = None) -> str:
	return conditions("Attendance", user)


def attendance_event_conditions(user: str | None = None) -> str:
	return conditions("Attendance Event", user)


def late_pickup_conditions(user: str | None = None) -> str:
	return conditions("Late Pickup", user)


def attendance_task_conditions(user: str | None = None) -> str:
	return conditions("Attendance Task", user)


def funding_conditions(user: str | None = None) -> str:
	return conditions("Funding", user)


def waiting_list_entry_conditions(user: str | None = None) -> str:
	return conditions("Waiting List Entry", user)


def incomplete_week_conditions(user: str | None = None) -> str:
	return conditions("Incomplete Week", user)


def capacity_period_conditions(user: str | None = None) -> str:
	return conditions("Capacity Period", user)


def capacity_override_conditions(user: str | None = None) -> str:
	return conditions("Capacity Override", user)


def monthly_close_conditions(user: str | None = None) -> str:
	return conditions("Monthly Close", user)


def closed_month_change_conditions(user: str | None = None) -> str:
	return conditions("Closed Month Change", user)


def coherence_count_conditions(user: str | None = None) -> str:
	return conditions("Coherence Count", user)


def meal_order_conditions(user: str | None = None) -> str:
	return conditions("Meal Order", user)


def meal_adults_conditions(user: str | None = None) -> str:
	return conditions("Meal Adults", user)


def list_export_conditions(user: str | None = None) -> str:
	return conditions("List Export", user)


def has_permission(doc, ptype: str | None = None, user: str | None = None) -> bool:
	"""The same criterion, asked of one document. Always a bool: None means "yes" to some versions of Frappe."""
	rule = criterion(doc.doctype, user)
	if rule is None:
		return True
	if ptype == "create" and not doc.get(rule.field):
		return True  # a form that is still empty: "New" asks before there is a site
	if not any(rule.holds(doc.get(field)) for field in rule.fields):
		return False
	if ptype in _READING or not doc.name or doc.get("__islocal") or rule.field == "name":
		return True
	# Asks the table itself, below permissions: only to refuse more.
	stored = frappe.db.get_value(doc.doctype, doc.name, rule.field)
	return stored is None or rule.holds(stored)


def quotient_permission(doc, ptype: str | None = None, user: str | None = None) -> bool:
	"""A recorded quotient is read, never written nor deleted (R14).

	The Desk opens a new form only for who may write, so the DocType grants it; here it is taken back.
	"""
	return ptype not in _CHANGING or bool(doc.is_new())  # is_new may be None, which is no "no"
