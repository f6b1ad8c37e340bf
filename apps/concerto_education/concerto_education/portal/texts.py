"""Texts of scripts that run without the Desk: those they name in ``__()``, in the reader's language."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from frappe import _

_CALL = re.compile(r'(?<!\w)__\(\s*"((?:\\.|[^"\\])*)"')


def texts_of(folder: Path) -> dict[str, str]:
	"""Text → translation, for the scripts of a folder."""
	newest = max(path.stat().st_mtime for path in folder.glob("*.js"))
	return {text: _(text) for text in _sources(folder, newest)}


@lru_cache(maxsize=8)
def _sources(folder: Path, newest: float) -> tuple[str, ...]:
	found: dict[str, None] = {}
	for path in sorted(folder.glob("*.js")):
		for text in _CALL.findall(path.read_text(encoding="utf-8")):
			found[text.replace('\\"', '"')] = None
	return tuple(found)
