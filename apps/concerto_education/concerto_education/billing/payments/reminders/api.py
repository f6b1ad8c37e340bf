"""What the buttons of reminders call (R42)."""

from __future__ import annotations

import frappe
from frappe import _

from concerto_education.authority import headers, pdf
from concerto_education.authority.money import format_money
from concerto_education.billing.payments.reminders import prepare as preparing
from concerto_education.billing.payments.reminders import send as sending
from concerto_education.billing.payments.reminders import texts
from concerto_education.families.rights import require

RUN = preparing.RUN


@frappe.whitelist(methods=["POST"])
def prepare() -> dict:
	"""Button "Préparer les relances"."""
	require(RUN, "write")
	name = preparing.prepare()
	return {
		"run": name,
		"message": "" if name else _("Nobody is to be reminded today: see the delays in the settings."),
	}


@frappe.whitelist(methods=["POST"])
def discard(run: str) -> None:
	frappe.get_doc(RUN, run).check_permission("write")
	preparing.discard(run)


@frappe.whitelist(methods=["POST"])
def send(run: str) -> None:
	"""Button "Envoyer": confirmed now, sent in the background."""
	frappe.get_doc(RUN, run).check_permission("write")
	sending.confirm(run)
	frappe.enqueue(
		sending.send_all,
		queue="long",
		job_id=f"reminders-{run}",
		deduplicate=True,
		enqueue_after_commit=True,
		name=run,
	)


@frappe.whitelist(methods=["POST"])
def leave_out(reminder: str, reason: str) -> None:
	doc = frappe.get_doc("Reminder", reminder)
	doc.check_permission("read")
	frappe.get_doc(RUN, doc.reminder_run).check_permission("write")
	sending.leave_out(reminder, reason)


@frappe.whitelist(methods=["GET", "POST"])
def run_overview(run: str) -> dict:
	"""Letters of a run, for its form."""
	doc = frappe.get_doc(RUN, run)
	doc.check_permission("read")
	rows = frappe.get_list(
		"Reminder",
		filters={"reminder_run": run},
		fields=["name", "title", "family", "level", "amount", "status", "channel", "left_out_reason"],
		order_by="level desc, title asc",
		limit=0,
	)
	levels: dict[int, list] = {}
	for row in rows:
		levels.setdefault(row.level, []).append(row)
	return {
		"status": doc.status,
		"levels": [
			{
				"level": level,
				"count": len(found),
				"amount": format_money(sum(frappe.utils.flt(row.amount) for row in found)),
			}
			for level, found in sorted(levels.items())
		],
		"rows": [
			{**row, "amount": format_money(row.amount), "status_text": _(row.status)} for row in rows[:500]
		],
		"more": max(0, len(rows) - 500),
		"posted": sum(1 for row in rows if row.channel == "Post" and row.status != "Left Out"),
		"mailed": sum(1 for row in rows if row.channel == "E-mail" and row.status != "Left Out"),
	}


@frappe.whitelist(methods=["GET", "POST"])
def run_pdf(run: str) -> None:
	"""All letters of a run that go by post, in one file, in the order of names."""
	frappe.get_doc(RUN, run).check_permission("print")
	names = frappe.get_list(
		"Reminder",
		filters={"reminder_run": run, "channel": "Post", "status": ("!=", "Left Out")},
		pluck="name",
		order_by="title asc, name asc",
		limit=0,
	)
	if not names:
		frappe.throw(_("No letter of this run goes by post"), frappe.DoesNotExistError)
	pdf.respond(
		texts.render([frappe.get_doc("Reminder", name) for name in names]),
		headers.file_name("relances", run, ending="pdf"),
	)


@frappe.whitelist(methods=["GET", "POST"])
def reminder_pdf(reminder: str) -> None:
	doc = frappe.get_doc("Reminder", reminder)
	doc.check_permission("print")
	pdf.respond(texts.render([doc]), headers.file_name("relance", doc.title or doc.name, ending="pdf"))
