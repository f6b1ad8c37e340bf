"""What families and agents are told about places (R40, R45): an Email Template that an administrator edits."""

from __future__ import annotations

import frappe
from babel.dates import format_date, format_datetime
from frappe import _
from frappe.utils import get_datetime

from concerto_education.authority import mail

OFFER = "Place proposée"
SUBJECT = "Une place est disponible pour {{ child }} – {{ activity }}"
HTML = """<p>Bonjour,</p>
<p>Une place s’est libérée pour <b>{{ child }}</b> : {{ activity }}, {{ site }}{% if group %} ({{ group }}){% endif %}.</p>
<p>{{ days }}</p>
<p>Elle vous est réservée jusqu’au <b>{{ deadline }}</b>. Merci de répondre avant cette date{% if phone %}, par téléphone au
{{ phone }}{% endif %}{% if email %} ou par courriel à {{ email }}{% endif %}. Sans réponse, elle sera proposée à la famille
suivante.</p>
<p>{{ authority }}</p>"""
SHOWN_DAYS = 6


def seed() -> None:
	"""Once; what an administrator made of it stays."""
	mail.seed_template(OFFER, SUBJECT, HTML)


def tell_offer(entry) -> None:
	"""Write to the family; if no e-mail can leave, say so to whoever has just offered the place."""
	settings = frappe.get_cached_doc("Waiting List Settings")
	template = settings.offer_template or OFFER
	sent = bool(frappe.db.exists("Email Template", template)) and mail.send(
		template, _addresses(entry.family), _context(entry), reference=entry
	)
	if not sent:
		frappe.msgprint(
			_("No e-mail could be sent to the family: tell them by telephone"), alert=True, indicator="orange"
		)


def tell_expired(entry) -> None:
	"""A line in the history of the entry: nobody looks at the screen when the scheduler works."""
	entry.add_comment("Info", _("No answer before the deadline: the place goes to the next one"))


def _addresses(family: str) -> list[str]:
	# Who is written to follows from the dossier, whatever the user may read of it.
	found = frappe.get_all(
		"Family Member",
		filters={
			"parent": family,
			"parenttype": "Family",
			"role": ("in", ("Representative 1", "Representative 2")),
			"forbidden": 0,
		},
		pluck="person",
	)
	mails = frappe.get_all("Person", filters={"name": ("in", found or [""])}, pluck="email")
	return [address for address in (*mails, frappe.db.get_value("Family", family, "email")) if address]


def _context(entry) -> dict:
	person = frappe.db.get_value("Person", entry.person, ["first_name", "last_name"], as_dict=True)
	site = frappe.db.get_value("Site", entry.site, ["phone", "email"], as_dict=True) or frappe._dict()
	lang = frappe.db.get_default("lang") or "fr"
	return {
		"child": f"{person.first_name} {person.last_name}",
		"activity": entry.activity,
		"site": entry.site,
		"group": entry.activity_group or "",
		"days": days_text([row.attendance_date for row in entry.days], lang),
		"deadline": format_datetime(
			get_datetime(entry.deadline), "EEEE d MMMM yyyy 'à' HH'h'mm", locale=lang
		),
		"phone": site.phone or "",
		"email": site.email or "",
		"authority": frappe.get_cached_doc("Authority Settings").authority_name or "",
	}


def days_text(days, lang: str) -> str:
	"""« Jours concernés : les 3, 10 et 17 septembre », the first and the last where there are many."""
	known = sorted(set(days))
	if not known:
		return ""
	words = [format_date(day, "d MMMM", locale=lang) for day in known]
	if len(words) > SHOWN_DAYS:
		return _("{0} days, from {1} to {2}").format(len(words), words[0], words[-1])
	return ", ".join(words)
