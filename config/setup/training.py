"""make school: the training base, a second site of the same bench that nobody can take for the real one (R11)."""

from __future__ import annotations

from pathlib import Path

from config.setup import backups, site
from config.setup.demo import start_databases
from config.setup.paths import DEMO_SITE
from config.setup.profiles import DEMO, Profile
from config.setup.steps import step

SCHOOL_SITE = "ecole.localhost"
OTHER = "concerto_other_base"
LABELS = {"school": "base école", "real": "base de travail"}


def school(source: str = "") -> None:
	"""Command: make the training base from a backup, or from the demo as it is now; again: with today's data."""
	start_databases()
	make(DEMO, DEMO_SITE, SCHOOL_SITE, Path(source) if source else None)
	print(f"\n{address(DEMO, SCHOOL_SITE)}  (same logins; the user menu leads from one base to the other)")


def make(profile: Profile, real: str, training: str, source: Path | None = None) -> None:
	"""Copy `real`, or a backup of it, into `training`, and cut the copy off from the world."""
	saved = backups.Backup(source) if source else backups.save(profile, real)
	if site.exists(profile, training):
		with step(f"Remove {training} as it was"):
			site.drop(profile, training)
	backups.bring_back(profile, saved, training)
	with step("Banner, no mail, no payment"):
		site.bench(profile, "concerto-training", "--yes", site=training)
		other = {"label": LABELS["real"], "url": address(profile, real)}
		site.configure(profile, training, {OTHER: other})
		other = {"label": LABELS["school"], "url": address(profile, training)}
		site.configure(profile, real, {OTHER: other})
		for name in (real, training):
			site.bench(profile, "clear-cache", site=name)


def address(profile: Profile, name: str) -> str:
	"""Where a browser finds the site."""
	return f"http://{name}:{profile.ports()['web']}"
