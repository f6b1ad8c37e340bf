"""Messages of the system: e-mails made from templates that administrators edit (R45), and the bell of the Desk.

An e-mail that can't leave is no reason to undo what it tells of: `send` says so, and its caller tells the user.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe.permissions import add_permission, update_permission_property

from concerto_education.authority import roles, templates

TEMPLATE = "Email Template"


def seed_template(name: str, subject: str, html: str) -> None:
	"""Make an Email Template once; what an administrator made of it stays. ``html`` is Jinja, in French."""
	if not frappe.db.exists("Email Template", name):
		frappe.get_doc(
			{
				"doctype": "Email Template",
				"name": name,
				"subject": subject,
				"use_html": 1,
				"response_html": html,
			}
		).insert()


def can_send() -> bool:
	"""Whether e-mails may leave: an outgoing account, one of the site's configuration, or a site that only writes them."""
	return bool(frappe.are_emails_muted() or _has_account())


def _has_account() -> bool:
	account = {"enable_outgoing": 1, "default_outgoing": 1}
	return bool(frappe.conf.get("mail_server") or frappe.db.exists("Email Account", account))


def _sender() -> str | None:
	"""None: the account's own. A site that only writes its e-mails (a demo, a test base) may have none."""
	if _has_account() and not frappe.are_emails_muted():
		return None
	return frappe.db.get_single_value("Authority Settings", "email") or "concerto@example.invalid"


def send(
	template: str,
	recipients: Iterable[str],
	context: Mapping[str, Any],
	reference: Any = None,
	attachments: Iterable[dict] = (),
) -> bool:
	"""Queue an e-mail to ``recipients``, who don't see each other, made from an Email Template.

	:param reference: the document it belongs to; it shows in that document's timeline.
	:param attachments: as ``frappe.sendmail`` takes them ({"fname", "fcontent"}).
	:returns: False if there is nobody to write to, or no outgoing account.
	"""
	addresses = sorted({address for address in recipients if address})
	if not addresses or not can_send():
		return False
	# The system writes, whoever caused it: the template is no secret of its readers.
	made = frappe.get_doc("Email Template", template)
	frappe.sendmail(
		recipients=addresses,
		sender=_sender(),
		subject=templates.render_plain(made.subject, context),
		message=templates.render(made.response_, context),
		reference_doctype=reference.doctype if reference else None,
		reference_name=reference.name if reference else None,
		attachments=list(attachments),
	)
	return True


def notify(users: Iterable[str], subject: str, reference: Any = None) -> None:
	"""A line under the bell of each of ``users`` (names of accounts)."""
	for user in sorted(set(users)):
		frappe.get_doc(
			{
				"doctype": "Notification Log",
				"for_user": user,
				"type": "Alert",
				"subject": subject,
				"from_user": frappe.session.user,
				"document_type": reference.doctype if reference else None,
				"document_name": reference.name if reference else None,
			}
		).insert(ignore_permissions=True)  # everybody gets messages, nobody may write those of others


def addresses(users: Iterable[str]) -> list[str]:
	"""E-mail addresses of enabled accounts."""
	wanted = list(users)
	if not wanted:
		return []
	# Who is written to follows from roles and sites, not from what the session user may see of accounts.
	return frappe.get_all(
		"User", filters={"name": ("in", wanted), "enabled": 1}, pluck="email", order_by="email"
	)


def let_administrators_write() -> None:
	"""Administrators change the texts of e-mails (R45); the framework keeps that to System Managers."""
	for role in roles.ADMINISTRATORS:
		if not frappe.db.exists("Custom DocPerm", {"parent": TEMPLATE, "role": role}):
			add_permission(TEMPLATE, role)
			for right in ("write", "create", "report"):
				update_permission_property(TEMPLATE, role, 0, right, 1)


def forget_administrators() -> None:
	"""Before the app is removed: the framework's own rules stay, ours go with our roles."""
	frappe.db.delete("Custom DocPerm", {"parent": TEMPLATE, "role": ("in", roles.ADMINISTRATORS)})
