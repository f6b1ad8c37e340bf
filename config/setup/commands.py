"""What the Makefile calls, one function each."""

from __future__ import annotations

import os
import time
from pathlib import Path

from config.setup import assets, databases, environment, framework, packages, ports, processes, site
from config.setup.paths import DEMO_SITE, ROOT
from config.setup.profiles import DEMO, Profile, known_sites
from config.setup.steps import SetupError, step


def install() -> None:
	"""Everything that is the same for demo and tests: packages, framework, environment, assets."""
	with step("Debian packages") as remarks:
		remarks.append(", ".join(packages.ensure()) or "nothing missing")
	with step("Framework (apps/frappe)") as remarks:
		source = framework.ensure()
		remarks.append(source)
	print(f"    {framework.describe(source)}")
	with step("Python environment (env)") as remarks:
		remarks.append("" if environment.ensure(source) else "up to date")
	with step("Node packages") as remarks:
		remarks.append("" if assets.ensure_packages(source) else "up to date")
	if not DEMO.config_file.exists():
		DEMO.write_config(ports.wanted(os.environ, {}))  # the build reads it
	with step("Assets (sites/assets)") as remarks:
		remarks.append("" if assets.ensure_built() else "up to date")


def start_databases(profile: Profile = DEMO) -> None:
	"""Start MariaDB and Redis of the demo on their own ports, unless they run."""
	with step("Private MariaDB and Redis") as remarks:
		if databases.are_running(profile):
			remarks.append("running")
			return
		wanted = ports.wanted(os.environ, profile.ports())
		ports.require_free({name: wanted[name] for name in processes.DATABASES})
		profile.write_config(wanted)
		databases.prepare(profile)
		processes.start(profile, "databases", processes.DATABASES)
		databases.wait_until_ready(profile)
		remarks.append(f"MariaDB on {wanted['mariadb']}")


def new_site(name: str) -> None:
	"""Make a developer's site beside the demo's, Administrator's password "admin", developer mode on."""
	start_databases()
	if site.exists(DEMO, name):
		raise SetupError(f"the site {name} exists", f"config/bench --site {name} migrate")
	with step(f"Site {name}"):
		site.create(DEMO, name, admin_password="admin", settings={"developer_mode": 1})


def drop_site(name: str) -> None:
	"""Remove a developer's site."""
	if name == DEMO_SITE or name not in known_sites(DEMO.sites):
		raise SetupError(f"{name} is not a developer's site", f"there are: {', '.join(known_sites(DEMO.sites))}")
	with step(f"Remove {name}"):
		site.drop(DEMO, name)
