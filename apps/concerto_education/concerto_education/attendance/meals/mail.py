"""Orders by e-mail to the kitchen: one message for a day, with the page to print (R41)."""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import formatdate, now_datetime

from concerto_education.attendance.meals import printing
from concerto_education.attendance.meals.services import Service
from concerto_education.authority import mail
from concerto_education.authority.pdf import in_french

TEMPLATE = "Commande de repas"
SUBJECT = "{{ title }} – {{ kitchen }} – {{ day }}"
TEXT = """<p>Bonjour,</p>
<p>{{ sentence }}</p>
<ul>{% for line in lines %}<li>{{ line | e }}</li>{% endfor %}</ul>
<p>Le détail par portion et par régime est dans le document joint.</p>"""


def seed_template() -> None:
	"""The text of the message; from then on it belongs to the administrator."""
	mail.seed_template(TEMPLATE, SUBJECT, TEXT)


def send(one: Service, day: date, docs: list) -> bool:
	"""Send orders of one kitchen and day, if it has an address. Whether a message left."""
	if not one.emails or not docs:
		return False
	with in_french():
		corrected = [doc for doc in docs if doc.version]
		context = {
			"title": _("Correction of a Meal Order") if corrected else _("Meal Order"),
			"kitchen": one.kitchen,
			"day": formatdate(day),
			"sentence": (_("Corrected orders for {0}:") if corrected else _("Orders for {0}:")).format(
				formatdate(day)
			),
			"lines": [_line(doc) for doc in docs],
		}
		pdf = printing.day_pdf(one, day)
	sent = mail.send(
		TEMPLATE,
		list(one.emails),
		context,
		reference=docs[0],
		attachments=[{"fname": printing.file_name(one.kitchen, day), "fcontent": pdf}],
	)
	if sent:
		for doc in docs:
			# The order itself stays as it is; that it left is noted on it.
			frappe.db.set_value(
				"Meal Order",
				doc.name,
				{"sent_to": "\n".join(one.emails), "sent_at": now_datetime()},
				update_modified=False,
			)
	return sent


def _line(doc) -> str:
	if not doc.version:
		return _("{0}: {1} meals").format(doc.site, doc.total)
	return _("{0}: {1} meals ({2}), correction {3}").format(
		doc.site, doc.total, f"{doc.difference:+d}", doc.version
	)
