"""Calling methods as somebody, in this process, and undoing everything: is the caller let in or refused?"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import frappe
from frappe.exceptions import FrappeTypeError
from frappe.utils import get_datetime, getdate

from tests.security.matrix import arguments, inventory
from tests.security.matrix.table import Table
from tests.security.matrix.world import OTHER, OWN, World

REFUSED, LET_IN = "refused", "let in"
YES, OWN_SITES = "yes", "own"


class WrongArguments(AssertionError):
	"""The arguments have a wrong type: arguments.py should say what the parameter is."""


class NoSuchRecord(AssertionError):
	"""The arguments name a record that the world lacks: the question of rights was not reached."""


def methods(world: World) -> Table:
	"""The table of methods, tried out role by role."""
	table = Table("Method", ("Verbs", "Guest"))
	for method in inventory.methods():
		cells = {role: cell(method, world, role) for role in inventory.COLUMNS}
		table.add(method.name, (" ".join(method.verbs), YES if method.guest else "–"), cells)
	return table


def cell(method: inventory.Method, world: World, role: str) -> str:
	account = world.accounts[role]
	if attempt(method, world, account, OWN) == REFUSED:
		return ""
	return OWN_SITES if attempt(method, world, account, OTHER) == REFUSED else YES


def attempt(method: inventory.Method, world: World, account: str, place: str) -> str:
	"""REFUSED when the method throws PermissionError; whatever else happens, the caller was let in."""
	with undone():
		frappe.set_user(account)
		try:
			_call(method, world, place)
		except frappe.PermissionError:
			return REFUSED
		except frappe.DoesNotExistError as error:
			raise NoSuchRecord(f"{method.name}: {error}") from error
		except FrappeTypeError as error:
			raise WrongArguments(f"{method.name}: {error}") from error
		except Exception:  # noqa: BLE001 - let in, and then something else was wrong with the call
			return LET_IN
	return LET_IN


def _call(method: inventory.Method, world: World, place: str) -> None:
	arguments_ = arguments.of(method, world, place)
	if method.doctype:
		doc = frappe.get_doc(method.doctype, world.name(method.doctype, place))
		doc.check_permission("read")  # as the framework does before it runs a method of a document
		getattr(doc, method.function.__name__)(**arguments_)
	else:
		method.function(**_typed(method, arguments_))


def _typed(method: inventory.Method, values: dict) -> dict:
	"""Dates as dates where the method says so: over HTTP the framework makes them of text, here it may refuse text."""
	makers = {"date": getdate, "datetime": get_datetime}
	found = {}
	for name, value in values.items():
		annotation = inspect.signature(method.function).parameters[name].annotation
		kind = getattr(annotation, "__name__", str(annotation)).split("|")[0].strip()
		found[name] = makers[kind](value) if kind in makers and isinstance(value, str) else value
	return found


@contextmanager
def undone() -> Iterator[None]:
	"""What the block writes, commits, enqueues and sends is gone afterwards."""
	database = frappe.db
	rollback = database.rollback
	database.savepoint("attempt")
	nothing = mock.Mock(return_value=None)

	def roll_back(*, save_point=None, chain=False):
		rollback(save_point=save_point or "attempt")

	with (
		mock.patch.object(database, "commit", nothing),
		mock.patch.object(database, "rollback", roll_back),
		mock.patch.object(frappe, "enqueue", nothing),
		mock.patch.object(frappe, "sendmail", nothing),
		mock.patch.object(frappe, "publish_realtime", nothing),
	):
		try:
			yield
		finally:
			frappe.set_user("Administrator")
			rollback(save_point="attempt")
			frappe.clear_messages()
			frappe.local.response = frappe._dict({"docs": []})
			frappe.local.document_cache = {}
