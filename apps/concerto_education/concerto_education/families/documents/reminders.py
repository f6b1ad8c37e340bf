"""Asking families for what is missing: by e-mail to many, by letter where there is no e-mail, with its history (R24).

A reminder is written down first and then sent, one transaction for each family: a job that was cut goes on where it
stopped, because a family that was reminded a moment ago is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import frappe
from frappe import _
from frappe.utils import add_days, cint, getdate, now_datetime, today

from concerto_education.authority import mail, pdf
from concerto_education.families.documents import errors, facts, missing, texts
from concerto_education.families.documents.missing import Missing
from concerto_education.families.members import REPRESENTATIVES

REMINDER = "Document Reminder"
EMAIL = "E-mail"
LETTER = "Letter"
QUEUED = "Queued"
SENT = "Sent"
FAILED = "Failed"
PRINTED = "Printed"

JOB = "concerto_education.families.documents.reminders.send_all"
_SAVEPOINT = "before_reminder"


# ---------------------------------------------------------------- to whom


def addresses(families: Iterable[str]) -> dict[str, list[str]]:
	"""E-mail addresses of the representatives and of the family itself, each once; contacts are not written to."""
	wanted = list(dict.fromkeys(families))
	found: dict[str, dict[str, str]] = {family: {} for family in wanted}
	if not wanted:
		return {}
	member, person = frappe.qb.DocType("Family Member"), frappe.qb.DocType("Person")
	rows = (
		frappe.qb.from_(member)
		.join(person)
		.on(person.name == member.person)
		.select(member.parent, person.email)
		.where((member.parenttype == "Family") & member.parent.isin(wanted))
		.where(member.role.isin(REPRESENTATIVES) & person.email.isnotnull())
		.orderby(member.role)
	).run()
	# Who is written to follows from the dossier, which the caller may read.
	own = frappe.get_all("Family", filters={"name": ("in", wanted)}, fields=["name", "email"], as_list=True)
	for family, address in (*rows, *own):
		if address:
			found[family].setdefault(address.strip().lower(), address.strip())
	return {family: list(known.values()) for family, known in found.items()}


def lately_reminded(families: Iterable[str], day: date) -> set[str]:
	"""Families that got a reminder less than the days of the settings ago, or still have one on its way."""
	pause = cint(frappe.db.get_single_value("Authority Settings", "reminder_pause_days"))
	since = add_days(day, 1 - pause) if pause else day
	rows = frappe.get_all(
		REMINDER,
		filters={"family": ("in", list(families)), "sent_at": (">=", since), "state": ("!=", FAILED)},
		pluck="family",
	)
	return set(rows) if pause else set()


def last_of(families: Iterable[str]) -> dict[str, frappe._dict]:
	"""The latest reminder of each family, in one query."""
	rows = frappe.get_all(
		REMINDER,
		filters={"family": ("in", list(families))},
		fields=["name", "family", "sent_at", "channel", "state"],
		order_by="sent_at asc, name asc",
	)
	return {row.family: row for row in rows}


# ---------------------------------------------------------------- by e-mail


def send_all(families: list[str]) -> dict[str, int]:
	"""The job behind "send to the chosen families". What can't be sent is written down too, with its problem."""
	day = getdate(today())
	counts: dict[str, int] = defaultdict(int)
	late = lately_reminded(families, day)
	wanted = [family for family in families if family not in late]
	counts["late"] = len(families) - len(wanted)
	for chunk in _chunks(wanted, 100):
		lacking, emails = missing.for_families(chunk, day), addresses(chunk)
		for family in chunk:
			if not lacking.get(family):
				counts["complete"] += 1
			elif not emails[family]:
				counts["no_email"] += 1
			else:
				counts[_send_one(family, lacking[family], emails[family])] += 1
				# One family, one transaction: see the module.
				frappe.db.commit()
	frappe.publish_realtime("document_reminders_done", dict(counts), user=frappe.session.user)
	return dict(counts)


def _chunks(families: list[str], size: int):
	for start in range(0, len(families), size):
		yield families[start : start + size]


def _send_one(family: str, items: Iterable[Missing], emails: list[str]) -> str:
	"""Returns the state of the reminder. A problem with one family stops no other."""
	frappe.db.savepoint(_SAVEPOINT)
	try:
		# A problem is kept in the history, in the language of the house: a worker has none of its own.
		with pdf.in_french():
			return send(family, items, emails).state.lower()
	except Exception as problem:  # noqa: BLE001 - written down with its reason; the other families are reminded
		frappe.db.rollback(save_point=_SAVEPOINT)
		frappe.log_error(title=f"Reminder of {family}")
		_write_down(family, items, EMAIL, FAILED, emails, str(problem) or type(problem).__name__)
		return FAILED.lower()


def send(family: str, items: Iterable[Missing], emails: list[str]):
	"""One reminder to one family, queued. Health is named in it: it is the family's own."""
	items = list(items)
	reminder = _write_down(family, items, EMAIL, QUEUED, emails)
	with pdf.in_french():
		words = context(family, items)
	if not mail.send(texts.REMINDER, emails, words, reference=reminder):
		frappe.throw(no_account(), errors.NoOutgoingMail)
	return reminder


def no_account() -> str:
	return _(
		"No e-mail can leave: this site has no outgoing account. Print letters, or ask the IT department for an account"
	)


def context(family: str, items: Iterable[Missing], may_read_health: bool = True) -> dict:
	"""What the texts of reminders may use: ``groups`` of things, by child or payer."""
	settings = frappe.get_cached_doc("Authority Settings")
	types = facts.load_types()
	name = frappe.db.get_value("Family", family, "family_name")
	groups: dict[str, list] = defaultdict(list)
	for item in items:
		kind = types.documents.get(item.code) if item.kind == missing.DOCUMENT else None
		hidden = item.health and not may_read_health
		groups[item.subject or _("Family {0}").format(name)].append(
			{
				"label": missing.label(item, may_read_health),
				"reason": "" if item.reason == missing.MISSING or hidden else missing.reason_text(item),
				"instructions": (kind.instructions or "") if kind and not hidden else "",
			}
		)
	return {
		"family": name,
		"groups": [{"title": title, "rows": rows} for title, rows in groups.items()],
		"authority": settings.authority_name,
		"phone": settings.phone or "",
		"email": settings.email or "",
	}


# ---------------------------------------------------------------- the history


def _write_down(
	family: str,
	items: Iterable[Missing],
	channel: str,
	state: str,
	emails: Iterable[str] = (),
	problem: str | None = None,
):
	"""The history names no document about health: it is read by all who read the dossier."""
	doc = frappe.get_doc(
		{
			"doctype": REMINDER,
			"family": family,
			"sent_at": now_datetime(),
			"channel": channel,
			"state": state,
			"recipients": "\n".join(emails),
			"sent_by": frappe.session.user,
			"problem": problem,
			"items": [
				{
					"person_name": item.subject,
					"label": missing.label(item, may_read_health=False),
					"reason": missing.visible(item, may_read_health=False)["reason"],
				}
				for item in items
			],
		}
	)
	# Nobody writes the history by hand; the right to remind was checked by who asked.
	return doc.insert(ignore_permissions=True)


def note_letter(family: str, items: Iterable[Missing]):
	return _write_down(family, items, LETTER, PRINTED)


def follow() -> int:
	"""Write down what became of queued e-mails: a job of every hour. The queue itself is emptied after a month."""
	queued = frappe.get_all(REMINDER, filters={"state": QUEUED}, pluck="name", limit=5000)
	if not queued:
		return 0
	found = defaultdict(list)
	for row in frappe.get_all(
		"Email Queue",
		filters={"reference_doctype": REMINDER, "reference_name": ("in", queued)},
		fields=["reference_name", "status", "error"],
	):
		found[row.reference_name].append(row)
	changed = 0
	for name, rows in found.items():
		failed = next((row for row in rows if row.status == "Error"), None)
		if failed:
			last_line = (failed.error or "").strip().splitlines()[-1:] or [""]
			values = {"state": FAILED, "problem": last_line[0][:500]}
		elif all(row.status == "Sent" for row in rows):
			values = {"state": SENT}
		else:
			continue
		# A state that the queue knows: nothing else of the history changes.
		frappe.db.set_value(REMINDER, name, values)
		changed += 1
	return changed
