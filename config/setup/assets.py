"""Node packages and the built JavaScript and style sheets (sites/assets)."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from config.setup.environment import clean_environment
from config.setup.paths import APP, APPS, CONFIG, FRAMEWORK, ROOT, SITES
from config.setup.steps import run

NODE_TOOLS = CONFIG / "node"
NETWORK = (
	"check that this machine reaches a registry of Node packages (npm config get registry), then try again"
)
STAMP = SITES / "assets" / ".concerto-stamp"
BUILT = ("*.js", "*.ts", "*.vue", "*.css", "*.scss", "*.html")


def ensure_packages(source: str) -> bool:
	"""Install the Node packages of the tools and the framework; tells whether there was anything to do."""
	changed = ensure_tools()
	if source == "pypi":
		return _npm(FRAMEWORK) or changed
	if _stamped(FRAMEWORK / "package.json", FRAMEWORK / "node_modules" / ".concerto-stamp"):
		return changed
	run(
		[NODE_TOOLS / "node_modules" / ".bin" / "yarn", "install", "--frozen-lockfile", "--check-files"],
		cwd=FRAMEWORK,
		remedy=NETWORK,
	)
	_stamp(FRAMEWORK / "package.json", FRAMEWORK / "node_modules" / ".concerto-stamp")
	return True


def ensure_tools() -> bool:
	"""Install the Node programs that set-up and lint use."""
	return _npm(NODE_TOOLS)


def ensure_built() -> bool:
	"""Build the bundles whose sources changed since the last time; tells whether it built."""
	(SITES / "assets").mkdir(parents=True, exist_ok=True)
	known = STAMP.read_text().split() if STAMP.exists() else ["", ""]
	now = [
		_digest(FRAMEWORK / "frappe" / "public", *FRAMEWORK.glob("*.mjs"), *FRAMEWORK.glob("build/*.mjs")),
		_digest(APPS / APP / APP / "public"),
	]
	if known == now:
		return False
	command = [CONFIG / "bench", "build", "--production"]
	if known[0] == now[0]:
		command += ["--app", APP]
	# CI: without it the framework looks on the internet for bundles built by others
	run(command, cwd=ROOT, env=clean_environment() | {"CI": "1"})
	STAMP.write_text("\n".join(now))
	return True


def _npm(folder: Path) -> bool:
	lock, stamp = folder / "package-lock.json", folder / "node_modules" / ".concerto-stamp"
	if _stamped(lock, stamp):
		return False
	run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder, remedy=NETWORK)
	_stamp(lock, stamp)
	return True


def _stamped(source: Path, stamp: Path) -> bool:
	return stamp.exists() and stamp.read_text() == hashlib.sha256(source.read_bytes()).hexdigest()


def _stamp(source: Path, stamp: Path) -> None:
	stamp.write_text(hashlib.sha256(source.read_bytes()).hexdigest())


def _digest(folder: Path, *more: Path) -> str:
	"""A hash of what the build reads below a folder; dist/ is what it writes."""
	files = [*more, *(path for kind in BUILT for path in folder.rglob(kind))]
	digest = hashlib.sha256()
	for path in sorted(files):
		if "dist" in path.parts or "node_modules" in path.parts:
			continue
		digest.update(os.fsencode(path.relative_to(APPS)))
		digest.update(path.read_bytes())
	return digest.hexdigest()
