"""A profile is one private set of servers with its folder of sites: `demo` (make up) or `test` (make test).

The demo uses the bench's own `sites/`. The tests have a `sites` folder of their own below `var/test`, with its own
common_site_config.json: so both run at the same time in one checkout, and no test can reach the demo's data.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from config.setup.paths import APP, APPS, CONFIG, DEMO_SITE, SITES, TEST_SITE, VAR

TEMPLATE = CONFIG / "common_site_config.json"


@dataclass(frozen=True)
class Profile:
	"""Names the folders of one set of servers, and knows its ports."""

	name: str
	site: str
	sites: Path

	@property
	def folder(self) -> Path:
		"""Data, sockets, logs and process ids of this profile's servers."""
		return VAR / self.name

	@property
	def config_file(self) -> Path:
		"""What Frappe reads for every site of this profile: ports, and nothing secret."""
		return self.sites / "common_site_config.json"

	@property
	def password_file(self) -> Path:
		"""Password of the MariaDB administrator."""
		return self.folder / "mariadb-admin-password"

	def read_config(self) -> dict:
		"""The profile's common_site_config.json, empty when there is none yet."""
		return json.loads(self.config_file.read_text()) if self.config_file.exists() else {}

	def ports(self) -> dict[str, int]:
		"""The ports written the last time; a name is missing where none was."""
		config = self.read_config()
		ports = {
			"web": config.get("webserver_port"),
			"socketio": config.get("socketio_port"),
			"redis_cache": _port_of(config.get("redis_cache")),
			"redis_queue": _port_of(config.get("redis_queue")),
			"mariadb": config.get("db_port"),
		}
		return {name: port for name, port in ports.items() if port}

	def write_config(self, ports: dict[str, int]) -> None:
		"""Write the sites folder: common_site_config.json with these ports, apps.txt, and the shared assets."""
		self.sites.mkdir(parents=True, exist_ok=True)
		config = json.loads(TEMPLATE.read_text()) | self.read_config()
		config |= {
			"default_site": self.site,
			"db_port": ports["mariadb"],
			"redis_cache": f"redis://127.0.0.1:{ports['redis_cache']}",
			"redis_queue": f"redis://127.0.0.1:{ports['redis_queue']}",
			"redis_socketio": f"redis://127.0.0.1:{ports['redis_queue']}",
			"webserver_port": ports["web"],
			"socketio_port": ports["socketio"],
		}
		if os.geteuid() == 0:
			config["frappe_user"] = "root"  # else the bench command refuses to run for root
		write_if_changed(self.config_file, json.dumps(config, indent=1, sort_keys=True) + "\n")
		if self.sites != SITES:
			write_if_changed(self.sites / "apps.txt", f"frappe\n{APP}")
			# Frappe looks for the apps in ../apps and writes to ../logs
			_link(self.sites / "assets", SITES / "assets")
			_link(self.folder / "apps", APPS)
			(self.folder / "logs").mkdir(parents=True, exist_ok=True)


DEMO = Profile("demo", DEMO_SITE, SITES)
TEST = Profile("test", TEST_SITE, VAR / "test" / "sites")
PROFILES = {profile.name: profile for profile in (DEMO, TEST)}


def write_if_changed(path: Path, text: str) -> bool:
	"""Write the file unless it already says so; tells whether it wrote."""
	if path.exists() and path.read_text() == text:
		return False
	path.parent.mkdir(parents=True, exist_ok=True)
	path.write_text(text)
	return True


def secret_file(path: Path, text: str) -> None:
	"""Write a file that only its owner can read, never readable by others even for a moment."""
	path.parent.mkdir(parents=True, exist_ok=True)
	descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
	with os.fdopen(descriptor, "w") as file:
		file.write(text)


def known_sites(folder: Path) -> Iterable[str]:
	"""Names of the sites in a sites folder."""
	return sorted(path.parent.name for path in folder.glob("*/site_config.json"))


def _link(path: Path, target: Path) -> None:
	if not path.is_symlink():
		path.symlink_to(os.path.relpath(target, path.parent))


def _port_of(url: str | None) -> int | None:
	return int(url.rsplit(":", 1)[1].split("/")[0]) if url else None
