"""Sites: made, filled, brought up to date."""

from __future__ import annotations

import json
import secrets
import shutil
from pathlib import Path

from config.setup import databases
from config.setup.environment import clean_environment
from config.setup.paths import APP, CONFIG, PYTHON
from config.setup.profiles import Profile, known_sites, secret_file
from config.setup.steps import SetupError, run

BENCH = CONFIG / "bench"
ADMINISTRATOR_FILE = "administrator-password"


def bench(profile: Profile, *words: str, site: str | None = None) -> str:
	"""Run a bench command on a site of this profile, and return its output."""
	env = clean_environment() | {"BENCH_SITES": str(profile.sites)}
	return run([BENCH, "--site", site or profile.site, *words], env=env)


def exists(profile: Profile, site: str) -> bool:
	"""Whether the site was made completely; see `create`."""
	return (profile.sites / site / ".complete").exists()


def create(profile: Profile, site: str, admin_password: str | None = None, settings: dict | None = None) -> None:
	"""Make a site in French with the app, its wizard answered. Without a password a random one is kept in a file.

	The file `.complete` is written last: a site without it was interrupted, and is made anew.
	"""
	folder = profile.sites / site
	if not databases.are_running(profile):
		raise SetupError(f"the databases of the {profile.name} bench do not run", "make up, or make databases")
	if site in known_sites(profile.sites) and not exists(profile, site):
		drop(profile, site)
	password = admin_password or secrets.token_urlsafe(12)
	root_password = databases.admin_password(profile)
	command = [BENCH, "new-site", site, "--db-root-username", databases.ADMIN]
	command += ["--db-root-password", root_password, "--admin-password", password, "--install-app", APP]
	env = clean_environment() | {"BENCH_SITES": str(profile.sites)}
	run(command, env=env, secrets=(root_password, password))
	configure(profile, site, settings or {})
	run([PYTHON, CONFIG / "setup" / "in_site.py", site], cwd=profile.sites, env=clean_environment())
	bench(profile, "enable-scheduler", site=site)
	if admin_password is None:
		secret_file(folder / ADMINISTRATOR_FILE, password + "\n")
	(folder / ".complete").touch()


def configure(profile: Profile, site: str, settings: dict) -> None:
	"""Add settings to a site's own configuration, which holds its database password."""
	path = profile.sites / site / "site_config.json"
	config = json.loads(path.read_text())
	# without an address of its own, mails and PDFs made by a worker have links and styles that lead nowhere
	config |= {"host_name": f"http://{site}:{profile.ports()['web']}"} | settings
	secret_file(path, json.dumps(config, indent=1, sort_keys=True) + "\n")


def migrate(profile: Profile, site: str) -> None:
	"""Bring a site's database up to date with the app's files."""
	bench(profile, "migrate", "--skip-search-index", site=site)


def drop(profile: Profile, site: str) -> None:
	"""Remove a site, its database and its database account."""
	path = profile.sites / site / "site_config.json"
	if path.exists():
		name = json.loads(path.read_text())["db_name"]
		sql = f"DROP DATABASE IF EXISTS `{name}`; DROP USER IF EXISTS '{name}'@'127.0.0.1';"
		databases.execute(profile, sql)
	shutil.rmtree(profile.sites / site, ignore_errors=True)


def administrator_password(profile: Profile, site: str) -> str | None:
	"""The Administrator's password, where set-up chose it."""
	path: Path = profile.sites / site / ADMINISTRATOR_FILE
	return path.read_text().strip() if path.exists() else None
