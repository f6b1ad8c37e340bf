"""Ports in use are noticed and named (config/setup/ports.py)."""

import os
import socket

import pytest

from config.setup import ports
from config.setup.steps import SetupError


@pytest.fixture
def taken():
	with socket.socket() as server:
		server.bind(("127.0.0.1", 0))
		server.listen()
		yield server.getsockname()[1]


def test_the_environment_decides_then_the_last_choice_then_the_default():
	chosen = ports.wanted({"WEB_PORT": "8010"}, {"web": 8020, "socketio": 9020})
	assert chosen["web"] == 8010
	assert chosen["socketio"] == 9020
	assert chosen["mariadb"] == 13306


@pytest.mark.parametrize("value", ["abc", "80", "70000", "-1"])
def test_what_is_no_port_is_refused_by_name(value):
	with pytest.raises(SetupError, match=f"WEB_PORT={value}") as caught:
		ports.wanted({"WEB_PORT": value}, {})
	assert caught.value.remedy == "WEB_PORT=8000 make up"


def test_a_taken_port_is_named_with_its_holder_and_a_way_out(taken):
	assert not ports.is_free(taken)
	with pytest.raises(SetupError, match=rf"{taken} \(web, held by .+, process {os.getpid()}\)") as caught:
		ports.require_free({"web": taken})
	assert f"WEB_PORT={taken + 10} make up" in caught.value.remedy


def test_free_ports_are_free_and_differ():
	names = tuple(ports.DEMO_PORTS)
	chosen = ports.pick_free(names)
	assert set(chosen) == set(names)
	assert len(set(chosen.values())) == len(names)
	ports.require_free(chosen)
