"""`make backup` and `make restore`: what comes back is what was there, table by table and file by file (R43)."""

import json

import frappe
import pytest

from config.setup import backups, databases, site
from config.setup.steps import SetupError
from tests import builders as make

RESTORED = "restored.localhost"
TEXT = "Rapport d'essai : garder tel quel, accents compris."


@pytest.fixture
def entered(committed):
	"""A family and a private file, committed, and taken away again."""
	home = make.family()
	file = frappe.get_doc(
		{"doctype": "File", "file_name": "rapport.txt", "content": TEXT, "is_private": 1}
	).insert()
	frappe.db.commit()
	yield home, file
	frappe.delete_doc("File", file.name)
	frappe.db.commit()


@pytest.fixture
def saved(profile, site_name, entered, tmp_path):
	return backups.save(profile, site_name, tmp_path)


@pytest.fixture
def restored(profile):
	yield RESTORED
	site.drop(profile, RESTORED)


def database(profile, name):
	return json.loads((profile.sites / name / "site_config.json").read_text())["db_name"]


def test_a_restored_site_has_the_same_rows_and_files(profile, site_name, entered, saved, restored):
	home, file = entered
	live = backups.checksums(profile, database(profile, site_name))
	backups.bring_back(profile, saved, restored)
	now = backups.checksums(profile, database(profile, restored))
	# The proof of the backup is independent of the site that is still there: both must agree with what came back.
	for table in ("tabFamily", "tabFamily Member", "tabPerson", "tabFile", "tabUser"):
		assert live[table] == saved.manifest()["tables"][table] == now[table], table
	query = f"SELECT name FROM `{database(profile, restored)}`.`tabFamily` WHERE name = '{home.name}'"
	assert home.name in databases.execute(profile, query)
	copy = profile.sites / restored / "private" / "files" / file.file_url.rsplit("/", 1)[1]
	assert copy.read_text() == TEXT


def test_a_damaged_backup_is_refused_before_anything_is_touched(profile, saved):
	saved.database.write_bytes(saved.database.read_bytes()[:-20])
	with pytest.raises(SetupError, match="damaged"):
		backups.bring_back(profile, saved, RESTORED)
	assert not (profile.sites / RESTORED).exists()


def test_a_table_that_lost_a_row_is_noticed():
	before = {"tabFamily": [3, 17], "tabPerson": [5, 12], "tabSessions": [1, 1]}
	assert backups.differences(
		before, {"tabFamily": [3, 17], "tabPerson": [4, 9], "tabSessions": [2, 2]}
	) == ["tabPerson"]
	assert backups.differences(before, {"tabFamily": [3, 17]}) == ["tabPerson"]


def test_only_its_owner_reads_a_backup(saved):
	assert saved.folder.stat().st_mode & 0o077 == 0
	assert all(
		path.stat().st_mode & 0o077 == 0 for path in saved.folder.iterdir() if path.name != backups.MANIFEST
	)
