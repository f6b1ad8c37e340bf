"""make up, down, reset, logins: the demo that a visitor of the project sees."""

from __future__ import annotations

import os
import shutil
import sys
import time
import urllib.error
import urllib.request

from config.setup import databases, fingerprint, ports, processes, site
from config.setup.install import install
from config.setup.paths import DEMO_SITE
from config.setup.profiles import DEMO, known_sites
from config.setup.steps import SetupError, only_one, step

SERVED = DEMO.folder / "served"  # fingerprint of the app and ports that the running servers were started with
PATIENCE = 60


def up() -> None:
	"""Install, make or update the demo, start everything, and say where it is. Again: seconds, nothing lost."""
	started = time.monotonic()
	with only_one(DEMO.folder, "make up"):
		check_ports()
		install()
		start_databases()
		make_site()
		load_demo()
		start_servers()
	print(f"\nReady after {time.monotonic() - started:.0f} s:  http://{DEMO_SITE}:{DEMO.ports()['web']}")
	logins()
	print("\nmake down stops it, the data stays.")


def down() -> None:
	"""Stop the servers, then the databases."""
	with only_one(DEMO.folder, "make down"):
		with step("Stop web server, workers, scheduler, realtime") as remarks:
			remarks.append("" if processes.stop(DEMO, "servers") else "not running")
		with step("Stop MariaDB and Redis") as remarks:
			remarks.append("" if databases.stop(DEMO) else "not running")


def reset() -> None:
	"""Remove the demo's data, after asking, and make it anew. Developers' sites are kept."""
	if os.environ.get("YES") != "1":
		print(f"This removes the site {DEMO_SITE} with all that was entered in it.")
		answer = input("Go on? [yes/no] ") if sys.stdin.isatty() else ""
		if answer.strip().lower() not in ("y", "yes", "o", "oui"):
			raise SetupError("not confirmed; nothing was removed", "answer yes, or run: YES=1 make reset")
	others = [name for name in known_sites(DEMO.sites) if name != DEMO_SITE]
	if others:
		start_databases()
		with step(f"Remove {DEMO_SITE} (kept: {', '.join(others)})"):
			processes.stop(DEMO, "servers")
			site.drop(DEMO, DEMO_SITE)
	else:
		down()
		with step("Remove the demo's site and databases"):
			shutil.rmtree(DEMO.sites / DEMO_SITE, ignore_errors=True)
			shutil.rmtree(DEMO.folder, ignore_errors=True)
	up()


def logins() -> None:
	"""Print the demo's logins, and the Administrator's."""
	password = site.administrator_password(DEMO, DEMO_SITE)
	print(f"Administrator: {password or 'unknown here'}\n")
	print(site.bench(DEMO, "concerto-demo-logins").rstrip())


def check_ports() -> None:
	"""Find a taken port in the first second, not after the installation."""
	wanted = ports.wanted(os.environ, DEMO.ports())
	if len(set(wanted.values())) < len(wanted):
		raise SetupError(f"two servers would get the same port: {wanted}", "choose five different ones")
	ours = DEMO.ports() == wanted
	idle = {} if ours and databases.are_running(DEMO) else dict.fromkeys(processes.DATABASES)
	if not (ours and processes.is_running(DEMO, "servers")):
		idle |= dict.fromkeys(("web", "socketio"))
	moved = {name for name, port in wanted.items() if DEMO.ports().get(name) != port}
	if moved & set(processes.DATABASES) and databases.are_running(DEMO):
		raise SetupError("the databases run on other ports already", "make down, then try again")
	ports.require_free({name: wanted[name] for name in idle if name in moved or not _is_ours(name)})
	DEMO.write_config(wanted)


def start_databases() -> None:
	"""Start MariaDB and Redis of the demo, unless they run."""
	with step("Private MariaDB and Redis") as remarks:
		if databases.are_running(DEMO):
			remarks.append("running")
			return
		wanted = ports.wanted(os.environ, DEMO.ports())
		ports.require_free({name: wanted[name] for name in processes.DATABASES})
		DEMO.write_config(wanted)
		databases.start(DEMO)
		remarks.append(f"MariaDB on port {wanted['mariadb']}")


def make_site() -> None:
	"""Make the demo's site, or bring it up to date where the app has changed since."""
	with step(f"Site {DEMO_SITE}") as remarks:
		now = fingerprint.of_app()
		if not site.exists(DEMO, DEMO_SITE):
			site.create(DEMO, DEMO_SITE)
		elif site.mark(DEMO, DEMO_SITE, "app") != now:
			site.migrate(DEMO, DEMO_SITE)
			remarks.append("brought up to date")
		else:
			remarks.append("up to date")
		site.configure(DEMO, DEMO_SITE)
		site.set_mark(DEMO, DEMO_SITE, "app", now)


def load_demo() -> None:
	"""Fill the site with the fictional authority, once; a month of it is billed."""
	with step("Demo data, one month billed") as remarks:
		if site.mark(DEMO, DEMO_SITE, "demo"):
			remarks.append("there already")
			return
		site.bench(DEMO, "concerto-demo")
		site.set_mark(DEMO, DEMO_SITE, "demo", "loaded")


def start_servers() -> None:
	"""Start web server, workers, scheduler and realtime; start them anew if the app or a port has changed."""
	with step("Web server, workers, scheduler, realtime") as remarks:
		serving = f"{fingerprint.of_app()} {sorted(DEMO.ports().items())}"
		running = processes.is_running(DEMO, "servers")
		if running and SERVED.exists() and SERVED.read_text() == serving:
			remarks.append("running")
		else:
			processes.stop(DEMO, "servers")
			ports.require_free({name: DEMO.ports()[name] for name in ("web", "socketio")})
			processes.start(DEMO, "servers", processes.SERVERS)
			SERVED.write_text(serving)
			remarks.append("started anew" if running else "started")
		wait_until_served()


def wait_until_served() -> None:
	"""Return when the web server answers for the demo's site."""
	request = urllib.request.Request(
		f"http://127.0.0.1:{DEMO.ports()['web']}/api/method/ping", headers={"Host": DEMO_SITE}
	)
	deadline = time.monotonic() + PATIENCE
	while True:
		processes.require_running(DEMO, "servers")
		try:
			urllib.request.urlopen(request, timeout=PATIENCE).close()
			return
		except (urllib.error.URLError, ConnectionError) as error:
			if time.monotonic() > deadline:
				log = DEMO.folder / "logs" / "servers.log"
				raise SetupError(f"the web server does not answer: {error}", f"read {log}") from error
		time.sleep(0.2)


def _is_ours(name: str) -> bool:
	"""Whether the demo's own running processes hold this port."""
	if name in processes.DATABASES:
		return databases.server_pid(DEMO, name) is not None
	return processes.is_running(DEMO, "servers")
