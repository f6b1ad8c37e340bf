"""The question: who the beneficiary is, in the parameters of API Particulier v3."""

from __future__ import annotations

import re
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import getdate

from concerto_education.families.errors import IncompleteIdentity

FRANCE = "99100"
_TOWN_CODE = re.compile(r"\d[\dAB]\d{3}")
_COUNTRY_CODE = re.compile(r"99\d{3}")
_DEPARTMENT = re.compile(r"\d[\dAB]|97\d")


@dataclass(frozen=True, slots=True)
class Birthplace:
	"""Asked for each look-up and not kept: the CAF needs it, the children's services don't.

	In France ``town_code`` (INSEE), or ``town`` and ``department``; abroad ``country_code`` alone.
	"""

	town_code: str = ""
	town: str = ""
	department: str = ""
	country_code: str = FRANCE


def parameters(person, place: Birthplace, siret: str, month: str | None = None) -> list[tuple[str, str]]:
	"""Query of the look-up. Throws IncompleteIdentity with the field that is missing or wrong."""
	_require(person.last_name, _("Family Name"))
	_require(person.first_name, _("First Name"))
	_require(person.birth_date, _("Birth Date"))
	sex = person.sex or {"Mme": "F", "M.": "M"}.get(person.civility)
	_require(sex, _("Sex"))
	born = getdate(person.birth_date)
	found = [("recipient", siret), ("nomNaissance", person.last_name)]
	if person.usage_name and person.usage_name != person.last_name:
		found.append(("nomUsage", person.usage_name))
	found += [("prenoms[]", name) for name in person.first_name.split()]
	found += [
		("anneeDateNaissance", str(born.year)),
		("moisDateNaissance", str(born.month)),
		("jourDateNaissance", str(born.day)),
		("sexeEtatCivil", sex),
		*_place(place),
	]
	if month:
		day = getdate(month)
		found += [("annee", str(day.year)), ("mois", str(day.month))]
	return found


def _place(place: Birthplace) -> list[tuple[str, str]]:
	country = (place.country_code or FRANCE).strip()
	_require(_COUNTRY_CODE.fullmatch(country), _("INSEE Code of the Country of Birth"))
	found = [("codeCogInseePaysNaissance", country)]
	if country != FRANCE:
		return found
	code = place.town_code.strip().upper()
	if code:
		_require(_TOWN_CODE.fullmatch(code), _("INSEE Code of the Town of Birth"))
		return [*found, ("codeCogInseeCommuneNaissance", code)]
	_require(place.town.strip(), _("Town of Birth"))
	_require(_DEPARTMENT.fullmatch(place.department.strip().upper()), _("Département of Birth"))
	return [
		*found,
		("nomCommuneNaissance", place.town.strip()),
		("codeCogInseeDepartementNaissance", place.department.strip().upper()),
	]


def _require(value, label: str) -> None:
	if not value:
		frappe.throw(
			_("{0}: the CAF needs it, and it is missing or wrong. Complete it first (R39)").format(label),
			IncompleteIdentity,
		)
