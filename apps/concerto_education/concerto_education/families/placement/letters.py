"""Coordinator of the school and directors of the child's sites are told by e-mail (R17)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import formatdate, get_url_to_form

from concerto_education.authority import mail, roles

TEMPLATE = "Placement of a Child"
SETTING = "placement_email_template"
# Who answers for which sites: the coordinator for the school, directors for where the child is enrolled.
AT_SCHOOL = (roles.SCHOOL_COORDINATOR,)
AT_SITES = (roles.SCHOOL_COORDINATOR, roles.LEISURE_DIRECTOR, roles.NURSERY_DIRECTOR)

SUBJECT = "Enfant confié : {{ child }}"
RESPONSE = """<p>Bonjour,</p>
<p>À partir du {{ valid_from }}, <strong>{{ child }}</strong>{% if school %} ({{ school }}){% endif %} est confié(e) à
<strong>{{ host }}</strong>{% if authority %} par {{ authority }}{% endif %}.</p>
<p>{{ host }} reçoit les factures. {% if delegation %}Une délégation écrite de signature est au dossier.{% else %}Les
représentants légaux signent : il n’y a pas de délégation écrite.{% endif %}</p>
<p>Merci de lire la note du dossier avant toute démarche : <a href="{{ url }}">ouvrir le dossier</a>.</p>
"""


def seed() -> None:
	"""The text an administrator may edit, made once, and named in the settings."""
	mail.seed_template(TEMPLATE, SUBJECT, RESPONSE)
	if not frappe.db.get_single_value("Authority Settings", SETTING):
		frappe.db.set_single_value("Authority Settings", SETTING, TEMPLATE)


def recipients(doc) -> list[str]:
	"""E-mail addresses of the coordinators of the school and of the directors of the child's sites."""
	school = frappe.db.get_value("Person", doc.person, "school")
	found = _holders(AT_SCHOOL, [school]) if school else []
	found += _holders(AT_SITES, _sites(doc))
	return list(dict.fromkeys(found))


def _sites(doc) -> list[str]:
	# By table, because the room of enrolments is built on top of this one.
	Enrolment = frappe.qb.DocType("Enrolment")
	return (
		frappe.qb.from_(Enrolment)
		.select(Enrolment.site)
		.distinct()
		.where(Enrolment.person == doc.person)
		.where(Enrolment.status == "Confirmed")
		.where(Enrolment.valid_to >= doc.valid_from)
	).run(pluck=True)


def _holders(wanted: tuple[str, ...], sites: list[str]) -> list[str]:
	"""Accounts with one of these roles that were given one of these sites."""
	if not sites:
		return []
	User, Role = frappe.qb.DocType("User"), frappe.qb.DocType("Has Role")
	Given = frappe.qb.DocType("User Permission")
	return (
		frappe.qb.from_(User)
		.join(Role)
		.on((Role.parent == User.name) & (Role.parenttype == "User"))
		.join(Given)
		.on(Given.user == User.name)
		.select(User.email)
		.distinct()
		.where(User.enabled == 1)
		.where(Role.role.isin(wanted))
		.where((Given.allow == "Site") & Given.for_value.isin(sites))
		.orderby(User.email)
	).run(pluck=True)


def tell(doc) -> str:
	"""Send the letter; returns what the trace says: who was told, or why nobody was."""
	to = recipients(doc)
	if not to:
		text = _("Nobody: no coordinator or director is tied to the sites of the child.")
		frappe.msgprint(text, indicator="orange")
		return text
	# Queued in this transaction: it leaves only if the placement is saved.
	if not mail.send(_template(), to, _values(doc), reference=doc):
		text = _("Not sent, there is no outgoing e-mail account: {0}").format(", ".join(to))
		frappe.msgprint(text, indicator="orange")
		return text
	return ", ".join(to)


def _values(doc) -> dict:
	"""What the template may name. The confidential note is not among it."""
	from concerto_education.families.placement.service import host_name

	child = frappe.db.get_value("Person", doc.person, ["full_name", "school"], as_dict=True)
	return {
		"child": child.full_name,
		"school": child.school,
		"host": host_name(doc),
		"authority": doc.authority
		and frappe.db.get_value("Organisation", doc.authority, "organisation_name"),
		"delegation": doc.delegation,
		"valid_from": formatdate(doc.valid_from),
		"url": get_url_to_form("Family", doc.family),
	}


def _template() -> str:
	"""The one of the settings, unless it was deleted since."""
	chosen = frappe.db.get_single_value("Authority Settings", SETTING)
	if chosen and frappe.db.exists("Email Template", chosen):
		return chosen
	seed()
	return TEMPLATE
