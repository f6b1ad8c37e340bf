"""Where things are. Every folder that set-up makes is git-ignored and can be deleted."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = "concerto_education"

APPS = ROOT / "apps"
CONFIG = ROOT / "config"
SITES = ROOT / "sites"
ENV = ROOT / "env"
VAR = ROOT / "var"
PYTHON = ENV / "bin" / "python"
LOCK_FILE = CONFIG / "requirements" / "lock.txt"
FRAMEWORK = APPS / "frappe"
DEMO_SITE = "concerto.localhost"
TEST_SITE = "test.localhost"

# Where server programs are; a normal user's PATH lacks sbin.
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
