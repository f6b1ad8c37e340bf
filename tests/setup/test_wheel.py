"""The PyPI copy is turned back into Frappe (config/framework/wheel.py)."""

import hashlib
import zipfile

import pytest

from config.framework.wheel import UnexpectedContent, convert, restore, target_name


@pytest.fixture
def make_wheel(tmp_path):
	def make(**members: bytes):
		path = tmp_path / "copy.whl"
		with zipfile.ZipFile(path, "w") as archive:
			for name, data in members.items():
				archive.writestr(name.replace("__", "/"), data)
		return path, hashlib.sha256(path.read_bytes()).hexdigest()

	return make


@pytest.mark.parametrize(
	("replaced", "original"),
	[
		(b"import criscostack", b"import frappe"),
		(b"CRISCOSTACK_REDIS", b"FRAPPE_REDIS"),
		(b"Crisco Technologies", b"Frappe Technologies"),
		(b"test@criscoerp.com Criscoerp", b"test@erpnext.com ERPNext"),
		(b"a brick, a brik", b"a brick, a brik"),
	],
)
def test_names_are_frappes_own_again(replaced, original):
	assert restore(replaced) == original


@pytest.mark.parametrize(
	("member", "target"),
	[
		("criscostack/app.py", "app.py"),
		("criscostack/public/js/criscostack/desk.js", "public/js/frappe/desk.js"),
		("criscostack/utils/brik_helper.py", "utils/bench_helper.py"),
		("criscostack/utils/", None),
		("criscostack/public/.DS_Store", None),
		("criscostack-1.0.0.dist-info/METADATA", None),
	],
)
def test_files_go_where_frappe_has_them(member, target):
	assert target_name(member) == target


def test_text_is_restored_and_images_are_not_touched(make_wheel, tmp_path):
	wheel, sha256 = make_wheel(
		**{"criscostack__hooks.py": b'app = "criscostack"', "criscostack__logo.png": b"\0criscostack"}
	)
	package = tmp_path / "frappe"
	package.mkdir()
	(package / "left_behind.py").touch()
	assert convert(wheel, package, sha256) == 2
	assert (package / "hooks.py").read_text() == 'app = "frappe"'
	assert (package / "logo.png").read_bytes() == b"\0criscostack"
	assert not (package / "left_behind.py").exists()


def test_another_file_than_the_pinned_one_is_refused(make_wheel, tmp_path):
	wheel, sha256 = make_wheel(**{"criscostack__hooks.py": b""})
	with pytest.raises(UnexpectedContent, match=sha256):
		convert(wheel, tmp_path / "frappe")
	assert not (tmp_path / "frappe").exists()


def test_a_name_nobody_knew_of_stops_the_conversion(make_wheel, tmp_path):
	wheel, sha256 = make_wheel(**{"criscostack__hooks.py": b"CrIsCo"})
	with pytest.raises(UnexpectedContent, match=r"hooks\.py"):
		convert(wheel, tmp_path / "frappe", sha256)
