"""Turns the wheel criscostack 1.0.0 back into Frappe.

That wheel (MIT, as Frappe) is Frappe 15.0.0-dev of 5 August 2023 with its names replaced everywhere. Replacing them
back gives Frappe's own tree; nothing else is changed. The wheel is the only one accepted (SHA-256), so the two facts
this relies on stay true: the wheel holds "crisco" in no other spelling than those below, and "frappe" nowhere.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path, PurePosixPath

REQUIREMENT = "criscostack==1.0.0"
FILE_NAME = "criscostack-1.0.0-py3-none-any.whl"
SHA256 = "dc58aaf29c59b7666edc953596e5b31f77d7286b2ed6b14c6a205b217c210349"
PACKAGE = "criscostack/"

# In this order: the short name is part of none of the long ones, but it would spoil them if it came first.
NAMES = (
	(b"criscostack", b"frappe"),
	(b"CRISCOSTACK", b"FRAPPE"),
	(b"Criscoerp", b"ERPNext"),
	(b"criscoerp", b"erpnext"),
	(b"Crisco", b"Frappe"),
)
LEFT_OVER = b"crisco"
FILES_RENAMED = {"brik_helper.py": "bench_helper.py"}  # only the file was renamed, not what refers to it
FILES_SKIPPED = {".DS_Store"}


class UnexpectedContent(Exception):
	"""The file is not the wheel this module was written for."""


def restore(data: bytes) -> bytes:
	"""Frappe's own names in place of the replaced ones."""
	for replaced, original in NAMES:
		data = data.replace(replaced, original)
	return data


def target_name(name: str) -> str | None:
	"""Path below the package for a wheel member, None for what is not part of Frappe."""
	if not name.startswith(PACKAGE) or name.endswith("/"):
		return None
	path = PurePosixPath(restore(name.encode()).decode())
	if path.name in FILES_SKIPPED:
		return None
	return str(path.with_name(FILES_RENAMED.get(path.name, path.name)).relative_to("frappe"))


def convert(wheel: Path, package: Path, sha256: str = SHA256) -> int:
	"""Write Frappe's Python package from the wheel; return how many files it has."""
	found = hashlib.sha256(wheel.read_bytes()).hexdigest()
	if found != sha256:
		raise UnexpectedContent(f"{wheel.name} has SHA-256 {found}, expected {sha256}")
	shutil.rmtree(package, ignore_errors=True)
	count = 0
	with zipfile.ZipFile(wheel) as archive:
		for member in archive.infolist():
			name = target_name(member.filename)
			if name is None:
				continue
			data = archive.read(member)
			if b"\0" not in data:  # text; images and fonts hold no names
				data = restore(data)
				if LEFT_OVER in data.lower():
					raise UnexpectedContent(f"a replaced name is left in {name}")
			target = package / name
			target.parent.mkdir(parents=True, exist_ok=True)
			target.write_bytes(data)
			count += 1
	return count
