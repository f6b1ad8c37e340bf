"""Ports: which are wanted, which are free, and who sits on one that is not."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path

from config.setup.steps import SetupError

# Name of the port -> environment variable that changes it for the demo, and the default.
DEMO_PORTS = {
	"web": ("WEB_PORT", 8000),
	"socketio": ("SOCKETIO_PORT", 9000),
	"redis_cache": ("REDIS_CACHE_PORT", 13000),
	"redis_queue": ("REDIS_QUEUE_PORT", 11000),
	"mariadb": ("MARIADB_PORT", 13306),
}


def wanted(environ: Mapping[str, str], chosen_before: Mapping[str, int]) -> dict[str, int]:
	"""The demo's ports: the environment decides, then what was chosen the last time, then the default."""
	ports = {}
	for name, (variable, default) in DEMO_PORTS.items():
		value = environ.get(variable) or chosen_before.get(name) or default
		try:
			ports[name] = int(value)
		except ValueError:
			raise SetupError(
				f"{variable}={value} is not a port number", f"{variable}={default} make up"
			) from None
		if not 1024 <= ports[name] <= 65535:
			raise SetupError(
				f"{variable}={value} is not between 1024 and 65535", f"{variable}={default} make up"
			)
	return ports


def is_free(port: int) -> bool:
	"""Whether a server could listen on this port of the loopback interface now."""
	with socket.socket() as probe:
		probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		try:
			probe.bind(("127.0.0.1", port))
		except OSError:
			return False
	return True


def pick_free(names: tuple[str, ...]) -> dict[str, int]:
	"""A free port for each name. All probes stay open until the end, so no two names get the same one."""
	probes = {name: socket.socket() for name in names}
	try:
		for probe in probes.values():
			probe.bind(("127.0.0.1", 0))
		return {name: probe.getsockname()[1] for name, probe in probes.items()}
	finally:
		for probe in probes.values():
			probe.close()


def require_free(ports: Mapping[str, int]) -> None:
	"""Stop with the name and the holder of every port that is taken."""
	taken = {name: port for name, port in ports.items() if not is_free(port)}
	if not taken:
		return
	said = ", ".join(f"{port} ({name}{holder(port)})" for name, port in taken.items())
	change = " ".join(f"{DEMO_PORTS[name][0]}={port + 10}" for name, port in taken.items())
	raise SetupError(f"in use already: {said}", f"stop that program, or choose other ports: {change} make up")


def holder(port: int) -> str:
	""" ", held by NAME (pid N)" as far as /proc shows it to this user, else nothing."""
	inode = _listening_inode(port)
	if inode is None:
		return ""
	for process in Path("/proc").glob("[0-9]*"):
		try:
			if any(os.readlink(fd) == f"socket:[{inode}]" for fd in (process / "fd").iterdir()):
				name = (process / "comm").read_text().strip()
				return f", held by {name}, process {process.name}"
		except OSError:
			continue  # gone meanwhile, or another user's
	return ""


def _listening_inode(port: int) -> str | None:
	for table in ("/proc/net/tcp", "/proc/net/tcp6"):
		try:
			lines = Path(table).read_text().splitlines()[1:]
		except OSError:
			continue
		for line in lines:
			fields = line.split()
			if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
				return fields[9]
	return None
