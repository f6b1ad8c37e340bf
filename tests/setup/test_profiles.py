"""Demo and tests have folders, configurations and servers of their own (config/setup/profiles.py, databases.py)."""

import json
import os
import stat

import pytest

from config.setup import databases, processes, profiles
from config.setup.paths import ROOT, SITES
from config.setup.profiles import DEMO, TEST, Profile

PORTS = {"web": 1111, "socketio": 2222, "redis_cache": 3333, "redis_queue": 4444, "mariadb": 5555}


@pytest.fixture
def profile(tmp_path, monkeypatch) -> Profile:
	monkeypatch.setattr(profiles, "VAR", tmp_path)
	return Profile("test", "test.localhost", tmp_path / "test" / "sites")


def test_demo_and_tests_share_no_folder():
	assert DEMO.sites == SITES
	assert TEST.folder in TEST.sites.parents
	assert DEMO.folder != TEST.folder


def test_ports_are_read_back_as_written(profile):
	assert profile.ports() == {}
	profile.write_config(PORTS)
	assert profile.ports() == PORTS
	assert json.loads(profile.config_file.read_text())["default_site"] == "test.localhost"


def test_a_setting_of_the_administrator_is_kept(profile):
	profile.write_config(PORTS)
	config = profile.read_config() | {"gunicorn_workers": 8}
	profile.config_file.write_text(json.dumps(config))
	profile.write_config(PORTS | {"web": 1112})
	assert profile.read_config()["gunicorn_workers"] == 8
	assert profile.ports()["web"] == 1112


def test_frappe_finds_apps_assets_and_logs_from_the_tests_sites(profile):
	profile.write_config(PORTS)
	assert (profile.sites / ".." / "apps").resolve() == ROOT / "apps"
	assert (profile.sites / "assets").resolve() == ROOT / "sites" / "assets"
	assert (profile.sites / ".." / "logs").is_dir()


def test_no_secret_is_in_the_common_configuration(profile):
	profile.write_config(PORTS)
	assert "password" not in profile.config_file.read_text()


def test_secrets_are_readable_by_their_owner_only(tmp_path):
	path = tmp_path / "folder" / "password"
	profiles.secret_file(path, "x")
	assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_mariadb_listens_on_this_machine_only_on_its_own_data(profile):
	profile.write_config(PORTS)
	config = databases.mariadb_config(profile, "somebody")
	assert "bind-address = 127.0.0.1" in config
	assert "port = 5555" in config
	assert f"datadir = {profile.folder}/mariadb" in config
	assert "utf8mb4_unicode_ci" in config
	assert ("user = somebody" in config) == (os.geteuid() == 0)


def test_redis_queue_is_saved_and_the_cache_may_be_lost(profile):
	profile.write_config(PORTS)
	assert "save 60 1" in databases.redis_config(profile, "redis_queue")
	cache = databases.redis_config(profile, "redis_cache")
	assert 'save ""' in cache
	assert "bind 127.0.0.1" in cache


def test_a_socket_whose_path_would_be_too_long_goes_elsewhere(tmp_path):
	assert databases.socket_path(tmp_path / "a").parent == tmp_path / "a" / "run"
	deep = tmp_path / ("deep" * 30)
	assert len(str(databases.socket_path(deep))) < databases.SOCKET_NAME_LIMIT
	assert databases.socket_path(deep) == databases.socket_path(deep)


def test_a_process_of_another_checkout_is_not_taken_for_ours(profile):
	run = profile.folder / "run"
	run.mkdir(parents=True)
	assert databases.server_pid(profile, "mariadb") is None
	(run / "mariadb.pid").write_text(f"{os.getpid()}\n")  # its number, after ours had ended
	assert databases.server_pid(profile, "mariadb") is None


def test_the_procfile_has_all_that_is_started():
	lines = (ROOT / "Procfile").read_text().splitlines()
	assert [line.split(":")[0] for line in lines] == [*processes.DATABASES, *processes.SERVERS]
