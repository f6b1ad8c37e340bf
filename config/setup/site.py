"""Sites: made, filled, brought up to date, saved and restored."""

from __future__ import annotations

import json
import secrets
import shutil
from pathlib import Path

from config.setup import databases
from config.setup.environment import clean_environment
from config.setup.paths import APP, CONFIG, PYTHON
from config.setup.profiles import Profile, known_sites, secret_file
from config.setup.steps import run

BENCH = CONFIG / "bench"
ADMINISTRATOR_FILE = "administrator-password"
MARKS_FILE = "setup-marks.json"
COMPLETE = "complete"


def bench(profile: Profile, *words: str, site: str | None = None, secrets: tuple[str, ...] = ()) -> str:
	"""Run a bench command on a site of this profile, and return its output; `secrets` are never shown."""
	return run([BENCH, "--site", site or profile.site, *words], env=_environment(profile), secrets=secrets)


def exists(profile: Profile, site: str) -> bool:
	"""Whether the site was made completely; one that was interrupted is made anew."""
	return mark(profile, site, COMPLETE) is not None


def create(
	profile: Profile, site: str, admin_password: str | None = None, settings: dict | None = None
) -> None:
	"""Make a site in French with the app, its wizard answered. Without a password a random one is kept in a file."""
	create_empty(profile, site, admin_password or secrets.token_urlsafe(12), keep=admin_password is None)
	configure(profile, site, settings or {})
	install_app(profile, site)
	set_mark(profile, site, COMPLETE, "yes")


def create_empty(profile: Profile, site: str, admin_password: str, keep: bool = False) -> None:
	"""Make a site with the framework only, in place of one of that name."""
	if site in known_sites(profile.sites):
		drop(profile, site)
	root_password = databases.admin_password(profile)
	command = [BENCH, "new-site", site, "--db-root-username", databases.ADMIN]
	command += ["--db-root-password", root_password, "--admin-password", admin_password]
	run(command, env=_environment(profile), secrets=(root_password, admin_password))
	if keep:
		secret_file(profile.sites / site / ADMINISTRATOR_FILE, admin_password + "\n")


def install_app(profile: Profile, site: str) -> None:
	"""Install the app and answer the setup wizard."""
	bench(profile, "install-app", APP, site=site)
	run([PYTHON, CONFIG / "setup" / "in_site.py", site], cwd=profile.sites, env=clean_environment())


def configure(profile: Profile, site: str, settings: dict | None = None) -> None:
	"""Add settings to a site's own configuration, which holds its database password."""
	path = profile.sites / site / "site_config.json"
	config = json.loads(path.read_text())
	# without an address of its own, mails and PDFs made by a worker have links and styles that lead nowhere
	config |= {"host_name": f"http://{site}:{profile.ports()['web']}"} | (settings or {})
	secret_file(path, json.dumps(config, indent=1, sort_keys=True) + "\n")


def migrate(profile: Profile, site: str) -> None:
	"""Bring a site's database up to date with the app's files."""
	bench(profile, "migrate", "--skip-search-index", site=site)


def drop(profile: Profile, site: str) -> None:
	"""Remove a site, its database and its database account."""
	if (profile.sites / site / "site_config.json").exists():
		name = _database(profile, site)
		sql = f"DROP DATABASE IF EXISTS `{name}`; DROP USER IF EXISTS '{name}'@'127.0.0.1';"
		databases.execute(profile, sql)
	shutil.rmtree(profile.sites / site, ignore_errors=True)


def dump(profile: Profile, site: str, file: Path) -> None:
	"""Save a site's database as SQL."""
	options = [
		"--single-transaction",
		"--skip-comments",
		"--max-allowed-packet=256M",
		f"--result-file={file}",
	]
	databases.client(profile, "mariadb-dump", *options, _database(profile, site))


def restore(profile: Profile, site: str, file: Path) -> None:
	"""Give a site's database the state of a dump. Its account stays."""
	name = _database(profile, site)
	databases.execute(profile, f"DROP DATABASE IF EXISTS `{name}`; CREATE DATABASE `{name}`;")
	databases.execute(profile, f"USE `{name}`; SOURCE {file};")


def administrator_password(profile: Profile, site: str) -> str | None:
	"""The Administrator's password, where set-up chose it."""
	path = profile.sites / site / ADMINISTRATOR_FILE
	return path.read_text().strip() if path.exists() else None


def mark(profile: Profile, site: str, name: str) -> str | None:
	"""What set-up noted about a site."""
	return _marks(profile, site).get(name)


def set_mark(profile: Profile, site: str, name: str, value: str) -> None:
	"""Note something about a site, in its folder: it goes with the site."""
	marks = _marks(profile, site) | {name: value}
	(profile.sites / site / MARKS_FILE).write_text(json.dumps(marks, indent=1) + "\n")


def _marks(profile: Profile, site: str) -> dict[str, str]:
	path = profile.sites / site / MARKS_FILE
	return json.loads(path.read_text()) if path.exists() else {}


def _database(profile: Profile, site: str) -> str:
	return json.loads((profile.sites / site / "site_config.json").read_text())["db_name"]


def _environment(profile: Profile) -> dict[str, str]:
	return clean_environment() | {"BENCH_SITES": str(profile.sites)}
