"""Transactions for work that must see the latest state and may meet others who write the same rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import uniform
from typing import TypeVar

import frappe

ATTEMPTS = 6
Result = TypeVar("Result")


def in_fresh_transaction(work: Callable[[], Result]) -> Result:
	"""Run ``work`` in a transaction of its own; again if somebody else got in between.

	The caller has written nothing before this in the request, and ``work`` is all or nothing, so that rolling back
	loses nothing.
	"""
	for attempt in range(1, ATTEMPTS + 1):
		frappe.db.rollback()
		try:
			outcome = work()
			frappe.db.commit()
			return outcome
		except (
			frappe.QueryDeadlockError,
			frappe.QueryTimeoutError,
			frappe.UniqueValidationError,
			frappe.DuplicateEntryError,
		):
			frappe.clear_messages()
			if attempt == ATTEMPTS:
				raise
		except Exception as error:
			if not frappe.db.is_duplicate_entry(error) or attempt == ATTEMPTS:
				raise
		time.sleep(uniform(0.02, 0.1) * attempt)
	raise AssertionError("the last attempt returns or raises")
