"""make databases, site, drop-site: what a developer uses beside the demo."""

from __future__ import annotations

from config.setup import site
from config.setup.demo import start_databases
from config.setup.paths import DEMO_SITE
from config.setup.profiles import DEMO, known_sites
from config.setup.steps import SetupError, step


def new_site(name: str = "") -> None:
	"""Make a developer's site beside the demo's, Administrator's password "admin", developer mode on."""
	_require_name(name)
	start_databases()
	if site.exists(DEMO, name):
		raise SetupError(f"the site {name} exists", f"config/bench --site {name} migrate")
	with step(f"Site {name}"):
		site.create(DEMO, name, admin_password="admin", settings={"developer_mode": 1})


def drop_site(name: str = "") -> None:
	"""Remove a developer's site."""
	_require_name(name)
	if name == DEMO_SITE or name not in known_sites(DEMO.sites):
		raise SetupError(
			f"{name} is not a developer's site", f"there are: {', '.join(known_sites(DEMO.sites))}"
		)
	start_databases()
	with step(f"Remove {name}"):
		site.drop(DEMO, name)


def _require_name(name: str) -> None:
	if not name.endswith(".localhost") or "/" in name:
		raise SetupError(f"{name!r} is not a name browsers look for on this machine", "NAME=dev.localhost")
