"""The bench's private MariaDB and Redis: own data, sockets, logs and ports; the machine's own are never touched."""

from __future__ import annotations

import getpass
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import time
from pathlib import Path
from string import Template

from config.setup import processes
from config.setup.paths import CONFIG
from config.setup.profiles import Profile, secret_file, write_if_changed
from config.setup.steps import SetupError, run

ADMIN = "bench_admin"
SOCKET_NAME_LIMIT = 100  # a socket's path may have 107 bytes


def prepare(profile: Profile) -> None:
	"""Make folders, configuration and, the first time, an empty MariaDB with its administrator."""
	folder = profile.folder
	for name in ("logs", "run", "tmp"):
		(folder / name).mkdir(parents=True, exist_ok=True)
	if not profile.password_file.exists():
		secret_file(profile.password_file, secrets.token_urlsafe(24))
	owner = server_user(folder)
	secret_file(folder / "mariadb-init.sql", _init_sql(admin_password(profile)))
	write_if_changed(folder / "mariadb.cnf", mariadb_config(profile, owner))
	for name in ("redis_cache", "redis_queue"):
		write_if_changed(folder / f"{name}.conf", redis_config(profile, name))
	if owner != getpass.getuser():
		_give_to(owner, folder)
	if not (folder / "mariadb" / "mysql").is_dir():
		_install_mariadb(profile, owner)


def mariadb_config(profile: Profile, owner: str) -> str:
	"""The server's whole configuration."""
	test = profile.name == "test"
	return Template((CONFIG / "mariadb.cnf").read_text()).substitute(
		folder=profile.folder,
		socket=socket_path(profile.folder),
		port=profile.ports()["mariadb"],
		# mariadbd refuses to run as root unless told which user to become
		user=f"user = {owner}" if os.geteuid() == 0 else "",
		buffer_pool="256M" if test else "512M",
		# tests need no data to survive a power cut, and are twice as fast without
		flush=0 if test else 1,
	)


def redis_config(profile: Profile, name: str) -> str:
	"""A Redis configuration: the cache may be lost, the queue is saved."""
	keep = 'save ""\nmaxmemory 256mb\nmaxmemory-policy allkeys-lru' if name == "redis_cache" else "save 60 1"
	return Template((CONFIG / "redis.conf").read_text()).substitute(
		port=profile.ports()[name], folder=profile.folder, name=name, keep=keep
	)


def admin_password(profile: Profile) -> str:
	"""Password of the MariaDB account that may create sites' databases."""
	return profile.password_file.read_text().strip()


def socket_path(folder: Path) -> Path:
	"""MariaDB's socket: in the profile's folder, elsewhere where that path is too long for a socket."""
	path = folder / "run" / "mariadb.sock"
	if len(str(path).encode()) <= SOCKET_NAME_LIMIT:
		return path
	return Path("/tmp") / f"concerto-{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}.sock"


def server_user(folder: Path) -> str:
	"""Who MariaDB runs as: this user; for root the account `mysql`, where that one can reach the folder."""
	if os.geteuid() != 0:
		return getpass.getuser()
	try:
		pwd.getpwnam("mysql")
	except KeyError:
		return "root"
	reachable = all(parent.stat().st_mode & stat.S_IXOTH for parent in [folder, *folder.parents])
	return "mysql" if reachable else "root"


def start(profile: Profile) -> None:
	"""Start the three servers under one supervisor, and wait until they answer."""
	prepare(profile)
	processes.start(profile, "databases", processes.DATABASES)
	wait_until_ready(profile)


def stop(profile: Profile, seconds: int = 60) -> bool:
	"""Ask the servers to end, give MariaDB the time to write its data, then end their supervisor."""
	pids = [pid for name in processes.DATABASES if (pid := server_pid(profile, name))]
	for pid in pids:
		os.kill(pid, signal.SIGTERM)
	deadline = time.monotonic() + seconds
	while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < deadline:
		time.sleep(0.1)
	return processes.stop(profile, "databases") or bool(pids)


def wait_until_ready(profile: Profile, seconds: int = 60) -> None:
	"""Return when all three servers take connections."""
	deadline = time.monotonic() + seconds
	for name in processes.DATABASES:
		while not answers(profile.ports()[name]):
			processes.require_running(profile, "databases")
			if time.monotonic() > deadline:
				log = profile.folder / "logs" / f"{name}.log"
				raise SetupError(f"{name} does not answer on its port after {seconds} s", f"read {log}")
			time.sleep(0.1)


def are_running(profile: Profile) -> bool:
	"""Whether all three of this profile's own servers answer."""
	ports = profile.ports()
	return all(
		name in ports and server_pid(profile, name) and answers(ports[name]) for name in processes.DATABASES
	)


def server_pid(profile: Profile, name: str) -> int | None:
	"""Process id of a running server of this profile, from the pid file it wrote itself.

	Its number may belong to another process by now, even to another checkout's server: a server's working
	directory is its data folder, which tells.
	"""
	try:
		pid = int((profile.folder / "run" / f"{name}.pid").read_text())
		directory = Path(os.readlink(f"/proc/{pid}/cwd"))
	except (OSError, ValueError):
		return None
	return pid if directory.is_relative_to(profile.folder) else None


def answers(port: int) -> bool:
	"""Whether something takes connections on this port of the loopback interface."""
	with socket.socket() as probe:
		probe.settimeout(1)
		return probe.connect_ex(("127.0.0.1", port)) == 0


def execute(profile: Profile, sql: str) -> str:
	"""Run SQL as the administrator."""
	return client(profile, "mariadb", "--batch", stdin=sql)


def client(profile: Profile, program: str, *words: str | Path, stdin: str | None = None) -> str:
	"""Run a MariaDB client as the administrator. The password goes in by a file, not where `ps` shows it."""
	options = profile.folder / "client.cnf"
	secret_file(
		options,
		f"[client]\nhost = 127.0.0.1\nport = {profile.ports()['mariadb']}\n"
		f"user = {ADMIN}\npassword = {admin_password(profile)}\n",
	)
	return run([program, f"--defaults-file={options}", *words], stdin=stdin)


def _init_sql(password: str) -> str:
	account = f"'{ADMIN}'@'127.0.0.1'"
	return (
		f"CREATE OR REPLACE USER {account} IDENTIFIED BY '{password}';\n"
		f"GRANT ALL ON *.* TO {account} WITH GRANT OPTION;\n"
	)


def _install_mariadb(profile: Profile, owner: str) -> None:
	data = profile.folder / "mariadb"
	shutil.rmtree(data, ignore_errors=True)  # what an interrupted first run left
	command = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db"]
	command += [f"--user={owner}"] if os.geteuid() == 0 else []
	run(
		command, env=processes.environment(), remedy="install Debian's package mariadb-server, then try again"
	)


def _give_to(owner: str, folder: Path) -> None:
	"""Let MariaDB's own user write where it has to: process id and socket, temporary files, log."""
	account = pwd.getpwnam(owner)
	for path in (folder / "run", folder / "tmp", folder / "logs", folder / "mariadb-init.sql"):
		os.chown(path, account.pw_uid, account.pw_gid)
