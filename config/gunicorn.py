"""gunicorn's settings, for the demo and for the tests: the port is the one in the current sites folder."""

import json
from pathlib import Path

_config = json.loads(Path("common_site_config.json").read_text())

bind = f"127.0.0.1:{_config['webserver_port']}"
workers = _config.get("gunicorn_workers", 2)
threads = 4
timeout = 120
# A worker that has served this many requests is replaced: keeps slow leaks from growing.
max_requests = 5000
max_requests_jitter = 500
# No file in the user's home for a console nobody opens.
control_socket_disable = True
