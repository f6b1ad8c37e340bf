"""The training base (base école, R11): a second site where people learn and try, which nobody can take for the real one.

What makes a site a training base is its configuration, which no role of the app can change. On it every screen bears
a banner and another colour, no e-mail leaves, no payment starts, and no key of another authority's service works.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.installer import update_site_config

CONF = "concerto_training"
OTHER = "concerto_other_base"  # {"label", "url"} of the base that the user menu leads to
LABEL = "Base école – rien de ce qui est saisi ici n’est réel"
COLOUR = "#a4420a"


class NotOnATrainingBase(frappe.ValidationError):
	"""Money and messages to the outside are impossible on a training base (R11)."""


def is_training() -> bool:
	return bool(frappe.conf.get(CONF))


def refuse_on_training(what: str) -> None:
	"""Throw NotOnATrainingBase on a training base; ``what`` is said to the user, in their language."""
	if is_training():
		frappe.throw(_("{0}: not possible on the training base").format(what), NotOnATrainingBase)


def other_base() -> dict[str, str] | None:
	"""Label and address of the base that the user menu leads to; None without one."""
	other = frappe.conf.get(OTHER)
	if not isinstance(other, dict) or not str(other.get("url", "")).startswith(("http://", "https://")):
		return None
	return {"label": str(other.get("label") or other["url"]), "url": other["url"]}


def turn_into_training() -> None:
	"""Make this site a training base: configuration, and nothing left in the data that reaches outside.

	Called by a command of the bench only.
	"""
	update_site_config(CONF, 1)
	update_site_config("mute_emails", 1)
	# What the copied site had: its mail accounts, its waiting messages, its keys, who was signed in.
	frappe.db.set_value(
		"Email Account", {"enable_outgoing": 1}, {"enable_outgoing": 0, "default_outgoing": 0}
	)
	frappe.db.set_value("Email Account", {"enable_incoming": 1}, "enable_incoming", 0)
	frappe.db.delete("Email Queue Recipient")
	frappe.db.delete("Email Queue")
	frappe.db.delete("Sessions")
	for doctype in _settings_with_keys():
		_forget_keys(doctype)
	frappe.clear_cache()


def _settings_with_keys() -> list[str]:
	"""Single DocTypes of the app that hold a password or key of an outside service."""
	modules = frappe.get_all("Module Def", filters={"app_name": "concerto_education"}, pluck="name")
	singles = frappe.get_all("DocType", filters={"issingle": 1, "module": ("in", modules)}, pluck="name")
	return [name for name in singles if frappe.get_meta(name).get("fields", {"fieldtype": "Password"})]


def _forget_keys(doctype: str) -> None:
	"""Keys are dropped and the service is switched off where it has a switch."""
	from frappe.utils.password import remove_encrypted_password

	meta = frappe.get_meta(doctype)
	for field in meta.get("fields", {"fieldtype": "Password"}):
		remove_encrypted_password(doctype, doctype, field.fieldname)
		frappe.db.set_single_value(doctype, field.fieldname, None)
	if meta.has_field("enabled"):
		frappe.db.set_single_value(doctype, "enabled", 0)
