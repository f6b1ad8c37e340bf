"""What comes back, in plain values. No network, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

FOUND, NOT_FOUND = "Found", "Nobody Found"
REFUSED_PARAMETERS, REFUSED_TOKEN, NO_RIGHT = "Refused Parameters", "Refused Token", "No Right"
CONFLICT, TOO_MANY = "Conflict", "Too Many"
PROVIDER_DOWN, NO_ANSWER, UNKNOWN = "Provider Down", "No Answer", "Unknown Answer"

_OUTCOMES = {
	400: REFUSED_PARAMETERS,
	401: REFUSED_TOKEN,
	403: NO_RIGHT,
	404: NOT_FOUND,
	409: CONFLICT,
	422: REFUSED_PARAMETERS,
	429: TOO_MANY,
	500: PROVIDER_DOWN,
	502: PROVIDER_DOWN,
	503: PROVIDER_DOWN,
	504: PROVIDER_DOWN,
}
SOURCES = {"CNAF": "CDAP (CAF)", "MSA": "MSA"}


@dataclass(frozen=True, slots=True)
class Answer:
	"""What was said. ``detail`` is the provider's own word about an error, ``retry_after`` seconds to wait."""

	outcome: str
	http_status: int = 0
	code: str = ""
	detail: str = ""
	retry_after: int = 0
	source: str = ""
	value: Decimal | None = None
	month: date | None = None


def read(status: int, body: Any, headers: Mapping[str, str]) -> Answer:
	"""One answer of the quotient's endpoint, whatever its status and however odd its body."""
	if status == 200:
		return _quotient(body)
	error = _first_error(body)
	return Answer(
		_OUTCOMES.get(status, UNKNOWN),
		status,
		str(error.get("code") or ""),
		str(error.get("detail") or error.get("title") or "")[:500],
		_seconds(headers, error),
	)


def _quotient(body: Any) -> Answer:
	data = body.get("data") if isinstance(body, dict) else None
	found = data.get("quotient_familial") if isinstance(data, dict) else None
	if not isinstance(found, dict):
		return Answer(UNKNOWN, 200)
	try:
		value = Decimal(str(found["valeur"]))
		month = date(int(found["annee"]), int(found["mois"]), 1)
		source = SOURCES[found["fournisseur"]]
	except (KeyError, TypeError, ValueError, InvalidOperation):
		return Answer(UNKNOWN, 200)
	if not value.is_finite() or value < 0:
		return Answer(UNKNOWN, 200)
	return Answer(FOUND, 200, source=source, value=value, month=month)


def _first_error(body: Any) -> dict:
	errors = body.get("errors") if isinstance(body, dict) else None
	if isinstance(errors, list) and errors and isinstance(errors[0], dict):
		return errors[0]
	return {}


def _seconds(headers: Mapping[str, str], error: dict) -> int:
	meta = error.get("meta")
	for text in (headers.get("Retry-After"), meta.get("retry_in") if isinstance(meta, dict) else None):
		if str(text or "").isdigit():
			return int(text)
	return 0
