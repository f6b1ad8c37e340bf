"""Billing by itself (R33): from the 15th (setting) the draft is prepared once all sites have closed; until then finance
hears once a day what the month waits for. Nothing is issued without a person.

Safe to run at any hour and many times: whoever prepares holds the lock of all runs, and each message of a day is a
Billing Notice whose name is that day.
"""

from __future__ import annotations

from datetime import date

import frappe
from frappe import _
from frappe.utils import add_months, cint, get_url, get_url_to_form, getdate

from concerto_education.attendance.closing import first_of, month_span
from concerto_education.attendance.closing.reminders import unclosed
from concerto_education.authority import mail, pdf, roles
from concerto_education.authority.transactions import in_fresh_transaction
from concerto_education.billing import preflight
from concerto_education.billing import run as runs
from concerto_education.billing.errors import InvalidDebitDays
from concerto_education.billing.explain import month_text
from concerto_education.engine import debit_days

NOTICE = "Billing Notice"
WAITING, PREPARED, CHECKED = "Waiting", "Prepared", "Checked"
LETTER = "Billing of the Month"

TEXT = """<p>Bonjour,</p>
{% if what == "Prepared" %}<p>Tous les sites ont confirmé {{ month }} : le brouillon de facturation est en préparation. Il reste à le vérifier, puis à émettre les factures.</p>
{% elif what == "Checked" %}<p>{{ who | e }} a terminé le contrôle de cohérence de {{ month }} : la facturation peut commencer.</p>
{% else %}<p>La facturation de {{ month }} n’a pas pu être préparée. Elle attend :</p>
<ul>{% for line in lines %}<li>{{ line | e }}</li>{% endfor %}</ul>{% endif %}
{% if remark %}<p>Remarque : {{ remark | e }}</p>{% endif %}
<p><a href="{{ link }}">Ouvrir</a></p>"""


def seed() -> None:
	mail.seed_template(LETTER, "Facturation de {{ month }} : {{ state }}", TEXT)


def check_settings(doc, method=None) -> None:
	"""Hook of Authority Settings: days that the calendar has."""
	try:
		debit_days.parse(doc.get("debit_days"))
	except ValueError:
		frappe.throw(
			_("Days of Direct Debit: write days of a month, as in 6, 10, 15 (R33)"), InvalidDebitDays
		)


def run(today: date | None = None) -> str | None:
	"""The job of each hour of the working day. Returns what was told, None if there was nothing to do."""
	today = today or getdate()
	settings = frappe.get_cached_doc("Authority Settings")
	if not cint(settings.scheduled_billing) or today.day < (cint(settings.billing_day) or 15):
		return None
	month = first_of(add_months(today, -1))
	with pdf.in_french():
		return in_fresh_transaction(lambda: prepare(month, today))


def prepare(month: date, today: date) -> str | None:
	"""Prepare the draft, or tell what it waits for; nothing if the month has a run that was begun."""
	# The row of the DocType stands for all runs, also when there is none yet: who comes second waits, and sees.
	frappe.db.get_value("DocType", "Billing Run", "name", for_update=True)
	if frappe.db.exists("Billing Run", {"month": month, "status": ("!=", "New")}) or not _has_attendance(
		month
	):
		return None
	lines = waits_for(month)
	if lines:
		return WAITING if tell(WAITING, month, today, lines) else None
	name = frappe.db.get_value("Billing Run", {"month": month, "status": "New"})
	doc = frappe.get_doc("Billing Run", name) if name else frappe.new_doc("Billing Run")
	if not name:
		doc.month = month
		# The system's own run; a person looks at it and issues it.
		doc.insert(ignore_permissions=True)
	runs.start(doc.name)
	tell(PREPARED, month, today, [], get_url_to_form("Billing Run", doc.name))
	return PREPARED


def waits_for(month: date) -> list[str]:
	"""What keeps a month from being billed: sites, open runs, and what the administrators say blocks it."""
	lines = [_("{0} has not confirmed its attendance").format(site) for site in unclosed(month)]
	lines += [
		f"{result.rule.title()} : {result.count}"
		for result in preflight.blocking(month)
		if result.rule.code != "site-not-closed"
	]
	other = frappe.db.get_value(
		"Billing Run", {"status": ("in", runs.OPEN), "month": ("!=", month)}, ["name", "month"], as_dict=True
	)
	if other:
		lines.append(
			_("the billing run {0} of {1} is still open").format(other.name, month_text(other.month))
		)
	if not other and frappe.db.exists("Billing Run", {"status": "Issued", "month": (">", month)}):
		lines.append(_("a later month has been issued already"))
	return lines


def tell(
	what: str, month: date, today: date, lines: list[str], link: str = "", who: str = "", remark: str = ""
) -> bool:
	"""Write to finance, once a day for each kind of message. False if that was done today."""
	name = f"{month}-{what}-{today}"
	if frappe.db.exists(NOTICE, name):
		return False
	users = roles.users_with((roles.FINANCE_CLERK,))
	doc = frappe.new_doc(NOTICE)
	doc.update(
		{
			"month": month,
			"told_on": today,
			"what": what,
			"told_by": frappe.session.user,
			"content": "\n".join([*lines, *filter(None, [remark])]),
			"told_to": ", ".join(users),
		}
	)
	# A trace of the system: nobody writes these by hand.
	doc.insert(ignore_permissions=True)
	subject = {
		WAITING: _("The billing of {0} waits: {1}"),
		PREPARED: _("The draft of {0} is being prepared"),
		CHECKED: _("The coherence check of {0} is done"),
	}[what].format(month_text(month), "; ".join(lines))
	mail.notify(users, subject[:140], doc)
	mail.send(
		LETTER,
		mail.addresses(users),
		{
			"what": what,
			"state": _state(what),
			"month": month_text(month),
			"lines": lines,
			"who": who,
			"remark": remark,
			"link": link or get_url(f"/app/month-board?month={month:%Y-%m}"),
		},
	)
	return True


def _state(what: str) -> str:
	return {WAITING: _("waiting"), PREPARED: _("draft being prepared"), CHECKED: _("check done")}[what]


def _has_attendance(month: date) -> bool:
	span = month_span(month)
	return bool(frappe.db.exists("Attendance", {"attendance_date": ("between", (span.start, span.end))}))
