"""Starts lines of the Procfile in the background and stops them again, by the process ids kept in var/."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from config.setup.environment import clean_environment
from config.setup.paths import ENV, ROOT, SYSTEM_PATH
from config.setup.profiles import DEMO, Profile, write_if_changed
from config.setup.steps import SetupError

DATABASES = ("mariadb", "redis_cache", "redis_queue")
SERVERS = ("web", "worker", "worker_long", "schedule", "socketio")


def environment() -> dict[str, str]:
	"""What the programs of the Procfile get: the bench's Python first, the servers' folders too."""
	return clean_environment() | {"PATH": f"{ENV / 'bin'}:{os.environ.get('PATH', '')}:{SYSTEM_PATH}"}


def start(profile: Profile, group: str, names: tuple[str, ...]) -> None:
	"""Start some lines of the Procfile under one supervisor that ends all of them if one of them ends."""
	if is_running(profile, group):
		return
	log = profile.folder / "logs" / f"{group}.log"
	log.parent.mkdir(parents=True, exist_ok=True)
	command = [ENV / "bin" / "honcho", "--no-colour", "-f", _procfile(profile), "-d", ROOT, "start", *names]
	with log.open("ab") as output:
		supervisor = subprocess.Popen(
			[str(word) for word in command],
			cwd=ROOT,
			env=environment(),
			stdin=subprocess.DEVNULL,
			stdout=output,
			stderr=output,
			start_new_session=True,  # outlives this terminal, and is stopped as one group
		)
	_pid_file(profile, group).write_text(f"{supervisor.pid} {_started_at(supervisor.pid)}\n")


def is_running(profile: Profile, group: str) -> bool:
	"""Whether the supervisor of this group lives."""
	return _supervisor(profile, group) is not None


def stop(profile: Profile, group: str, seconds: int = 30) -> bool:
	"""Stop a group: politely first, and what is left after a while by force. Tells whether there was one."""
	pid = _supervisor(profile, group)
	if pid is None:
		_pid_file(profile, group).unlink(missing_ok=True)
		return False
	os.kill(pid, signal.SIGTERM)
	deadline = time.monotonic() + seconds
	while _supervisor(profile, group) is not None:
		if time.monotonic() > deadline:
			os.killpg(pid, signal.SIGKILL)
			break
		_reap(pid)
		time.sleep(0.1)
	_pid_file(profile, group).unlink(missing_ok=True)
	return True


def require_running(profile: Profile, group: str) -> None:
	"""Stop with the end of the log if the supervisor has ended."""
	if is_running(profile, group):
		return
	log = profile.folder / "logs" / f"{group}.log"
	tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
	raise SetupError(f"the {group} did not stay up:\n{tail}", f"the whole log is in {log}")


def _procfile(profile: Profile) -> Path:
	"""The Procfile is the demo's; another profile gets a copy that names its own folder."""
	procfile = ROOT / "Procfile"
	if profile is DEMO:
		return procfile
	copy = profile.folder / "Procfile"
	write_if_changed(copy, procfile.read_text().replace(f"var/{DEMO.name}/", f"var/{profile.name}/"))
	return copy


def _pid_file(profile: Profile, group: str) -> Path:
	return profile.folder / f"{group}.pid"


def _supervisor(profile: Profile, group: str) -> int | None:
	"""Its process id; None if it ended, also when its number was given to another process since."""
	try:
		pid, started = _pid_file(profile, group).read_text().split()
	except (OSError, ValueError):
		return None
	_reap(int(pid))
	return int(pid) if _started_at(int(pid)) == started else None


def _started_at(pid: int) -> str | None:
	"""When a process started, in the kernel's ticks: with the id it names one process for ever."""
	try:
		fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
	except OSError:
		return None
	return None if fields[0] == "Z" else fields[19]


def _reap(pid: int) -> None:
	try:
		os.waitpid(pid, os.WNOHANG)
	except ChildProcessError:
		return  # started by an earlier command: its parent is init
