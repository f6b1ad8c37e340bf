"""The one order of people on a list: on the screen, on paper and on the tablet.

Who keys in a paper list by its numbers relies on it (R32).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from zlib import crc32

CLASSES = ("TPS", "PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2", "ULIS")


def class_order(school_class: str | None) -> tuple:
	"""Classes from the youngest up, not from A to Z; a class of several levels with its youngest."""
	name = (school_class or "").upper()
	levels = [rank for rank, level in enumerate(CLASSES) if level in name]
	return (levels[0] if levels else len(CLASSES), name)


def in_order(rows: Iterable[Any], school_class: Callable[[Any], str | None]) -> list[Any]:
	"""Rows that are sorted by name already, by class; names stay in order within a class."""
	return sorted(rows, key=lambda row: class_order(school_class(row)))


def check_word(keys: Iterable[str]) -> str:
	"""Four signs that are the same as long as the same people stand in the same order.

	Printed on the paper list and shown on the screen: if they differ, number 12 is not the same child.
	"""
	return f"{crc32('|'.join(keys).encode()) & 0xFFFF:04X}"
