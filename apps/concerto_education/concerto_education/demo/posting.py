"""September left the house: letters handed to the post, e-mails sent, two that came back (R35).

Bulk, as the buttons leave it behind; nothing is rendered and nothing leaves: a demo writes its e-mails only.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import frappe
from frappe.installer import update_site_config
from frappe.query_builder import DocType

from concerto_education.billing.posting import plan, results
from concerto_education.demo import world

HANDED_OVER = date(2026, 10, 16)
CAME_BACK = 2
LOGO = Path(__file__).parent / "data" / "logo.svg"


def mute() -> None:
	"""No e-mail of a demo reaches anybody, whatever account is set up on it later."""
	if not frappe.conf.get("mute_emails"):
		update_site_config("mute_emails", 1)
		frappe.conf.mute_emails = 1


def logo() -> None:
	"""A logo of nobody, on letters and invoices."""
	if frappe.db.get_single_value("Authority Settings", "logo"):
		return
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "logo-val-aubrelle.svg",
			"is_private": 0,
			"content": LOGO.read_bytes(),
		}
	).insert()
	frappe.db.set_single_value("Authority Settings", "logo", file.file_url)


def send_september() -> int:
	"""Post and e-mail of September's run. Returns how many invoices left."""
	run = frappe.db.exists("Billing Run", {"month": world.BILLED_MONTH, "status": "Issued"})
	if not run:
		return 0
	for channel in (plan.POST, plan.EMAIL):
		plan.plan_run(run, channel)
	Posting = DocType("Posting")
	rows = (
		frappe.qb.from_(Posting)
		.select(Posting.name, Posting.invoice, Posting.channel, Posting.copy_number)
		.where((Posting.billing_run == run) & (Posting.state == "Waiting"))
		.orderby(Posting.title, Posting.invoice)
	).run(as_dict=True)
	letters = [row.name for row in rows if row.channel == plan.POST]
	mails = [row for row in rows if row.channel == plan.EMAIL]
	results.mark(letters, "Sent", sent_at=f"{HANDED_OVER} 16:00:00", batch=_batch(run, len(letters)))
	left = [row.name for row in mails[CAME_BACK:]]
	results.mark(left, "Sent", sent_at=f"{HANDED_OVER} 09:00:00")
	results.invoices_sent([*letters, *left])
	for row in mails[:CAME_BACK]:
		results.fail(row, "Le courriel a été refusé : 550 adresse inconnue")
	return len(letters) + len(left)


def _batch(run: str, letters: int) -> str:
	return (
		frappe.get_doc(
			{
				"doctype": "Print Batch",
				"title": f"Septembre 2026, {letters} courriers",
				"billing_run": run,
				"status": "Posted",
				"sort_by": "Postcode",
				"letters": letters,
				"pages": letters,
				"finished_at": f"{HANDED_OVER} 10:00:00",
				"posted_on": HANDED_OVER,
				"posted_by": "Administrator",
			}
		)
		.insert()
		.name
	)
