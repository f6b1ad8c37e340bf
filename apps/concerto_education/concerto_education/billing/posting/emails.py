"""Invoices by e-mail: each in a transaction of its own that writes the message and the posting together.

A kill in between leaves both or none, so nothing is sent twice and nothing is lost; what waits is sent when the job is
started again. Jobs go in lanes as those of a print batch do.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import formatdate, validate_email_address

from concerto_education.authority import mail
from concerto_education.authority.money import decimal_of, format_money
from concerto_education.billing import pdf
from concerto_education.billing.posting import plan, results
from concerto_education.billing.posting.errors import NoMailAccount, NothingToPost, RunNotIssued

TEMPLATE = "Facture par courriel"
SUBJECT = "{{ title }} {{ number }} – {{ month }}"
BODY = """<p>{{ recipient }},</p>
<p>Veuillez trouver ci-joint votre {{ title | lower }}{% if number %} n° {{ number }}{% endif %} de {{ month }}, d’un montant de
<b>{{ total }}</b>.</p>
{% if due_date %}<p>{% if debit %}Elle sera prélevée à partir du {{ due_date }} : vous n’avez rien à faire.{% else %}À payer avant le
<b>{{ due_date }}</b>. Les moyens de paiement sont indiqués sur la facture.{% endif %}</p>{% endif %}
<p>Vous recevez ce message parce que vous avez choisi la facture par courriel. Pour revenir à l’envoi par la poste,
écrivez-nous{% if email %} à {{ email }}{% endif %}.</p>
<p>{{ authority }}</p>
"""
CHUNK = 20
LANES = ("long", "default")


def checkpoint() -> None:
	"""What is done until here stays. Tests replace it to stay in one transaction."""
	frappe.db.commit()


def seed() -> None:
	"""The text of the message, which administrators change (R45)."""
	mail.seed_template(TEMPLATE, SUBJECT, BODY)


def begin(run: str) -> int:
	"""Plan and start the e-mails of a run. Also goes on after a kill. The caller checked the right, and commits."""
	if frappe.db.get_value("Billing Run", run, "status") != "Issued":
		frappe.throw(
			_("Billing run {0}: issue it first. Drafts are not sent to families").format(run), RunNotIssued
		)
	require_account()
	planned = plan.plan_run(run, plan.EMAIL)
	waiting = frappe.db.count("Posting", {"billing_run": run, "channel": plan.EMAIL, "state": "Waiting"})
	if not waiting:
		frappe.throw(_("No e-mail waits: those who chose it have their invoices already"), NothingToPost)
	for lane in range(len(LANES)):
		enqueue(run, lane, after_commit=bool(planned))
	return waiting


def require_account() -> None:
	if not mail.can_send():
		frappe.throw(
			_("E-mails can’t leave: set up an outgoing account (Email Account) first, or print the batch"),
			NoMailAccount,
		)


def enqueue(run: str, lane: int, after_commit: bool = True) -> None:
	"""A job for a lane. A request that has written nothing is not committed: then it is queued at once."""
	frappe.enqueue(
		"concerto_education.billing.posting.emails.send_some",
		queue=LANES[lane],
		timeout=280,
		job_id=f"mail-{run}-{lane}-{frappe.generate_hash(length=6)}",
		enqueue_after_commit=after_commit,
		run=run,
		lane=lane,
	)


def send_some(run: str, lane: int = 0, limit: int = CHUNK) -> int:
	"""Job: some e-mails of a lane, then the lane is handed on until nothing waits. Returns how many were tried."""
	waiting = _waiting(run)[lane :: len(LANES)][:limit]
	for name in waiting:
		send(name)
	_tell(run)
	if len(waiting) == limit:
		enqueue(run, lane)
		checkpoint()
	return len(waiting)


def send_all(run: str) -> None:
	"""All e-mails of a run in this process: for the demo, for scripts, for tests."""
	for name in _waiting(run):
		send(name)


def _waiting(run: str) -> list[str]:
	# The system's own question: who may send was checked when the job was begun.
	return frappe.get_all(
		"Posting",
		filters={"billing_run": run, "channel": plan.EMAIL, "state": "Waiting"},
		pluck="name",
		order_by="name asc",
	)


def send(name: str) -> bool:
	"""Write the message of one posting and say so, both or none. False if it failed, or was done already."""
	Posting = DocType("Posting")
	found = (
		frappe.qb.from_(Posting)
		.select(
			Posting.name,
			Posting.invoice,
			Posting.channel,
			Posting.copy_number,
			Posting.state,
			Posting.address,
		)
		.where(Posting.name == name)
		.for_update()
	).run(as_dict=True)
	posting = found[0] if found else None
	if not posting or posting.state != "Waiting":
		checkpoint()  # another job has it
		return False
	# An invoice that was cancelled since it was planned stays in the house (R34).
	status = frappe.db.get_value("Invoice", posting.invoice, "status")
	if status not in plan.SENDABLE:
		results.mark([name], "Failed", error=_("The invoice is “{0}” meanwhile").format(_(status)))
		checkpoint()
		return False
	if not validate_email_address(posting.address or ""):
		results.fail(posting, _("E-mail: “{0}” can’t be an address").format(posting.address or ""))
		checkpoint()
		return False
	try:
		queued = _write(posting)
	except Exception as error:  # noqa: BLE001 - one invoice that fails is listed, the others are sent
		frappe.db.rollback()
		frappe.log_error(title=_("Posting {0}").format(name))
		frappe.clear_messages()
		results.fail(posting, str(error) or type(error).__name__)
		checkpoint()
		return False
	if queued:
		results.mark([name], "Queued", email_queue=queued)
	else:
		results.fail(posting, _("The address has asked not to be written to"))
	checkpoint()
	return bool(queued)


def _write(posting: frappe._dict) -> str | None:
	"""Put the message into the framework's queue. None if the queue has not taken it."""
	invoice = frappe.get_doc("Invoice", posting.invoice)
	with pdf.pdf.in_french():
		mail.send(
			TEMPLATE,
			[posting.address],
			context_of(invoice),
			reference=frappe._dict(doctype="Posting", name=posting.name),
			attachments=[{"fname": pdf.file_name(invoice), "fcontent": pdf.render([invoice])}],
		)
	return frappe.db.get_value(
		"Email Queue", {"reference_doctype": "Posting", "reference_name": posting.name}, "name"
	)


def context_of(invoice) -> dict:
	"""What an administrator's text of the message may name."""
	letter = invoice.letter()
	return {
		"title": letter.title,
		"number": letter.number,
		"month": letter.month,
		"total": letter.payment.open if letter.is_due else format_money(decimal_of(invoice.total)),
		"due_date": formatdate(invoice.due_date) if letter.is_due and invoice.due_date else "",
		"debit": letter.payment.debit,
		"recipient": letter.recipient[0] if letter.recipient else "",
		"authority": letter.authority.name,
		"email": letter.authority.email,
	}


def send_chosen(invoices: Iterable[str]) -> int:
	"""Send those of the chosen invoices whose payers chose e-mail: credit notes, what replaces a cancelled invoice."""
	require_account()
	# The caller checked the right to each.
	rows = frappe.get_all(
		"Invoice", filters={"name": ("in", list(invoices))}, fields=["name", "payer"], order_by="number asc"
	)
	choose = frappe.get_all(
		"Payer",
		filters={"name": ("in", [row.payer for row in rows]), "invoice_by": plan.EMAIL},
		pluck="name",
	)
	return send_copies([row.name for row in rows if row.payer in choose])


def send_copies(invoices: Iterable[str], address: str | None = None) -> int:
	"""Send chosen invoices now, in this request: a few. The caller checked the right to send each."""
	require_account()
	sent = 0
	for name in plan.plan_copies(list(invoices), plan.EMAIL, address):
		sent += send(name)
	return sent


def _tell(run: str) -> None:
	frappe.publish_realtime("concerto_mail_progress", {"run": run}, doctype="Billing Run", docname=run)
