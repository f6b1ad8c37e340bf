"""make backup, restore: a site saved with its files, and proved to come back.

The saving and the restoring are the bench's own commands. What is added is the proof: each backup is loaded into an
empty database at once, its tables are counted and summed there, and a restored site must give the same numbers.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.setup import databases, site
from config.setup.demo import start_databases
from config.setup.paths import DEMO_SITE, VAR
from config.setup.profiles import DEMO, Profile, known_sites
from config.setup.steps import SetupError, step

FOLDER = VAR / "backups"
MANIFEST = "manifest.json"
# Written by the framework while it restores, or different on every site: no part of what people entered.
NOT_COMPARED = ("__Auth", "tabSingles", "tabScheduled Job Log", "tabScheduled Job Type", "tabSessions")
KEY = "encryption_key"


@dataclass(frozen=True)
class Backup:
	"""The files of one backup, in a folder that only its owner can read."""

	folder: Path

	def find(self, ending: str) -> Path:
		"""The file whose name ends so."""
		found = sorted(self.folder.glob(f"*{ending}"))
		if len(found) != 1:
			raise SetupError(
				f"{self.folder} holds {len(found)} files “*{ending}”", "name the folder of one backup"
			)
		return found[0]

	@property
	def database(self) -> Path:
		return self.find("-database.sql.gz")

	@property
	def config(self) -> Path:
		return self.find("-site_config_backup.json")

	def file_archives(self) -> tuple[Path, Path]:
		"""Archives of the public and of the private files."""
		private = self.find("-private-files.tar")
		public = [path for path in self.folder.glob("*-files.tar") if path != private]
		if len(public) != 1:
			raise SetupError(f"{self.folder} has no public files", "name the folder of one backup")
		return public[0], private

	def manifest(self) -> dict:
		"""{"site", "made", "tables": {name: [rows, checksum]}, "files": {name: sha256}}"""
		return json.loads((self.folder / MANIFEST).read_text())


def backup(name: str = DEMO_SITE) -> None:
	"""Command: save a site below var/backups."""
	start_databases()
	made = save(DEMO, name)
	print(f"\n{made.folder}\nBring it back with: make restore FROM={made.folder} NAME={name}")


def restore(source: str = "", name: str = "") -> None:
	"""Command: make a site from a backup, or put one back into the backup's state."""
	if not source or not name:
		raise SetupError("FROM or NAME is missing", "make restore FROM=var/backups/… NAME=site.localhost")
	start_databases()
	bring_back(DEMO, Backup(Path(source)), name)


def save(profile: Profile, name: str, folder: Path = FOLDER) -> Backup:
	"""Save a site, load the dump into an empty database, and write down what came out of it."""
	if name not in known_sites(profile.sites):
		raise SetupError(f"there is no site {name}", f"there are: {', '.join(known_sites(profile.sites))}")
	now = datetime.now().astimezone()
	made = Backup(folder / name / f"{now:%Y-%m-%d-%H%M%S-%f}")
	made.folder.mkdir(parents=True, mode=0o700)
	with step(f"Save {name}"):
		site.bench(profile, "backup", "--with-files", "--backup-path", str(made.folder), site=name)
		for path in made.folder.iterdir():
			path.chmod(0o600)  # the configuration holds passwords, the rest families' data
	with step("Prove that it comes back") as remarks:
		tables = _loaded(profile, made.database)
		files = {path.name: _checksum(path) for path in sorted(made.folder.iterdir())}
		manifest = {"site": name, "made": now.isoformat(timespec="seconds"), "tables": tables, "files": files}
		(made.folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
		remarks.append(f"{len(tables)} tables, {sum(rows for rows, _sum in tables.values())} rows")
	return made


def bring_back(profile: Profile, source: Backup, name: str) -> None:
	"""Restore a backup into a site, made anew if there is none of that name, and compare every table."""
	manifest = source.manifest()
	with step("Read the backup"):
		broken = [
			file
			for file, checksum in manifest["files"].items()
			if _checksum(source.folder / file) != checksum
		]
		if broken:
			raise SetupError(f"these files are damaged: {', '.join(broken)}", "take another backup")
	with step(f"Restore into {name}"):
		_restore(profile, source, name)
	with step("Compare tables with the backup") as remarks:
		now = checksums(profile, _database(profile, name))
		wrong = differences(manifest["tables"], now)
		if wrong:
			raise SetupError(f"these tables are not as saved: {', '.join(wrong)}", "take another backup")
		remarks.append(f"{len(manifest['tables'])} tables are the same")
	with step("Bring it up to date with the app"):
		site.migrate(profile, name)


def checksums(profile: Profile, database: str) -> dict[str, list[int]]:
	"""{table: [rows, checksum]} of a database."""
	listed = databases.execute(
		profile,
		"SELECT table_name FROM information_schema.tables "
		f"WHERE table_schema = '{database}' AND table_type = 'BASE TABLE'",
	).splitlines()[1:]
	if not listed:
		return {}
	names = ", ".join(f"`{database}`.`{name}`" for name in listed)
	sums = dict(_rows(databases.execute(profile, f"CHECKSUM TABLE {names} EXTENDED")))
	counts = " UNION ALL ".join(
		f"SELECT '{database}.{name}', COUNT(*) FROM `{database}`.`{name}`" for name in listed
	)
	rows = dict(_rows(databases.execute(profile, counts)))
	return {name: [int(rows[f"{database}.{name}"]), int(sums[f"{database}.{name}"])] for name in listed}


def differences(before: dict[str, list[int]], now: dict[str, list[int]]) -> list[str]:
	"""Tables that are missing, too many or not the same."""
	return sorted(
		name
		for name in before.keys() | now.keys()
		if name not in NOT_COMPARED and before.get(name) != now.get(name)
	)


def _rows(text: str) -> list[list[str]]:
	return [line.split("\t") for line in text.splitlines()[1:]]


def _loaded(profile: Profile, dump: Path) -> dict[str, list[int]]:
	"""The dump's tables, as an empty database has them after loading it."""
	scratch = f"proof_{hashlib.sha256(str(dump).encode()).hexdigest()[:16]}"
	plain = dump.with_suffix(".proof")
	try:
		with gzip.open(dump, "rb") as packed, plain.open("wb") as file:
			plain.chmod(0o600)
			shutil.copyfileobj(packed, file)
		databases.execute(profile, f"DROP DATABASE IF EXISTS `{scratch}`; CREATE DATABASE `{scratch}`;")
		databases.execute(profile, f"USE `{scratch}`; SOURCE {plain};")
		return checksums(profile, scratch)
	finally:
		plain.unlink(missing_ok=True)
		databases.execute(profile, f"DROP DATABASE IF EXISTS `{scratch}`;")


def _restore(profile: Profile, source: Backup, name: str) -> None:
	if name not in known_sites(profile.sites):
		site.create_empty(profile, name, admin_password=hashlib.sha256(name.encode()).hexdigest())
	public, private = source.file_archives()
	password = databases.admin_password(profile)
	site.bench(
		profile,
		*("restore", str(source.database), "--force"),
		*("--with-public-files", str(public), "--with-private-files", str(private)),
		*("--db-root-username", databases.ADMIN, "--db-root-password", password),
		site=name,
		secrets=(password,),
	)
	# Passwords and keys inside the database can be read with the key of the site that wrote them only.
	saved = json.loads(source.config.read_text())
	site.configure(profile, name, {KEY: saved[KEY]} if KEY in saved else {})
	site.set_mark(profile, name, site.COMPLETE, "yes")


def _database(profile: Profile, name: str) -> str:
	return json.loads((profile.sites / name / "site_config.json").read_text())["db_name"]


def _checksum(path: Path) -> str:
	with path.open("rb") as file:
		return hashlib.file_digest(file, "sha256").hexdigest()
