"""Whether the CAF and MSA may be asked, and as whom."""

from __future__ import annotations

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import cint
from frappe.utils.password import get_decrypted_password
from stdnum.fr import siret as siret_numbers

from concerto_education.families.errors import LookupIsOff, LookupSettingsIncomplete

DOCTYPE = "API Particulier Settings"
HOSTS = {
	"Staging": "https://staging.particulier.api.gouv.fr",
	"Production": "https://particulier.api.gouv.fr",
}


@dataclass(frozen=True, slots=True)
class Access:
	"""Where to ask and as whom. The token is kept out of every representation."""

	host: str
	token: str
	siret: str
	timeout: int
	environment: str
	purpose: str

	def __repr__(self) -> str:
		return f"Access({self.host})"


def check(doc) -> None:
	"""A wrong SIRET is refused here, not by the CAF; what is missing is told before it is turned on."""
	doc.siret = "".join((doc.siret or "").split()) or None
	if doc.siret and not siret_numbers.is_valid(doc.siret):
		frappe.throw(
			_("SIRET: “{0}” is not a valid number, 14 digits are needed (R39)").format(doc.siret),
			LookupSettingsIncomplete,
		)
	doc.timeout = min(max(cint(doc.timeout), 2), 60)
	if not cint(doc.enabled):
		return
	if not (doc.token or frappe.conf.get("api_particulier_token")):
		frappe.throw(_("Token: enter it before turning this on (R39)"), LookupSettingsIncomplete)
	if not _siret(doc):
		frappe.throw(
			_("SIRET: enter the one of the authority before turning this on (R39)"), LookupSettingsIncomplete
		)


def is_enabled() -> bool:
	return bool(cint(frappe.db.get_single_value(DOCTYPE, "enabled")))


def access() -> Access:
	"""Throws LookupIsOff where nothing may be asked: the only way to a token."""
	doc = frappe.get_cached_doc(DOCTYPE)
	if not cint(doc.enabled):
		frappe.throw(
			_("Asking the CAF and MSA is turned off. An administrator turns it on in the settings (R39)"),
			LookupIsOff,
		)
	token = frappe.conf.get("api_particulier_token") or get_decrypted_password(
		DOCTYPE, DOCTYPE, "token", raise_exception=False
	)
	siret = _siret(doc)
	if not token or not siret:
		frappe.throw(
			_("Token and SIRET: one of them is missing in the settings of API Particulier (R39)"),
			LookupSettingsIncomplete,
		)
	# Only whoever runs the server may send the question elsewhere: to a test server.
	host = frappe.conf.get("api_particulier_url") or HOSTS[doc.environment or "Staging"]
	return Access(host.rstrip("/"), token, siret, cint(doc.timeout) or 15, doc.environment, doc.purpose or "")


def _siret(doc) -> str:
	own = doc.siret or frappe.db.get_single_value("Authority Settings", "siret") or ""
	return "".join(own.split())
