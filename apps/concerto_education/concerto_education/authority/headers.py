"""Names of files that are downloaded: mended where the framework gives a header as bytes.

It does so for PDF, CSV and other files, and newer versions of Werkzeug write such a header as ``b'…'``: a browser then
keeps "repas.csv_'" instead of "repas.csv".
"""

from __future__ import annotations

import ast
import re
import unicodedata
from typing import Any

NAME = "Content-Disposition"


def mend(response: Any = None, request: Any = None) -> None:
	"""Hook ``after_request``: the header as text, in the signs that a header may hold."""
	value = response.headers.get(NAME) if response is not None else None
	if not value or not value.startswith(("b'", 'b"')):
		return
	text = ast.literal_eval(value).decode()
	response.headers[NAME] = plain(text)


def plain(text: str) -> str:
	"""Without accents and other signs that headers and old systems can't hold: “École.pdf” is Ecole.pdf."""
	letters = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "Oe"))
	return letters.encode("ascii", "ignore").decode()


def file_name(*words: str, ending: str) -> str:
	"""“Liste du jour”, “École du Gué” → liste-du-jour-ecole-du-gue.pdf"""
	text = plain(" ".join(words)).lower()
	return f"{re.sub(r'[^a-z0-9]+', '-', text).strip('-')}.{ending}"
