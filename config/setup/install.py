"""What demo, tests and developers all need: packages, framework, environment, assets."""

from __future__ import annotations

import os

from config.setup import assets, environment, framework, packages, ports
from config.setup.profiles import DEMO
from config.setup.steps import step


def install() -> None:
	"""Install what is missing, from Debian packages to built assets. Seconds when nothing is."""
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
