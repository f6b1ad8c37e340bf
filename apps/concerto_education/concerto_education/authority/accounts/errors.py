"""What is refused when an account is made or changed."""

import frappe


class MissingAnswer(frappe.ValidationError):
	"""An account has a name, an e-mail address and a role (R6–R11)."""


class LoginTaken(frappe.ValidationError):
	"""A login belongs to one account, in whatever case it is typed (R11)."""


class SitesMissing(frappe.ValidationError):
	"""Roles that work at given sites see none without them (R10)."""


class NotYourself(frappe.ValidationError):
	"""Nobody changes or closes the own account here: one wrong click would lock the last administrator out."""


class NoRightToGive(frappe.PermissionError):
	"""Only the IT department makes administrators (R6): else an administrator could give himself everything."""
