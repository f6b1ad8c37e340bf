"""What every screen shows: the label of the environment (R11) and the colour of the authority."""

from __future__ import annotations

import re

import frappe
from frappe.utils import escape_html

from concerto_education.authority import training

DEFAULT_COLOUR = "#0b5fa5"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def appearance() -> dict[str, str]:
	"""Name, label and colour, for the Desk and the web pages. Never fails: it runs on every page."""
	settings = frappe.get_cached_doc("Authority Settings")
	colour = settings.accent_colour or ""
	label = settings.environment_label or ""
	if training.is_training():
		# Whatever was copied from the real base: nobody may take this one for it (R11).
		label, colour = training.LABEL, training.COLOUR
	return {
		"authority_name": settings.authority_name or "",
		"short_name": settings.short_name or settings.authority_name or "",
		"environment_label": label,
		"accent_colour": colour if _COLOUR.fullmatch(colour) else DEFAULT_COLOUR,
	}


def extend_bootinfo(bootinfo) -> None:
	bootinfo.concerto = {**appearance(), "other_base": training.other_base()}


def update_website_context(context) -> dict[str, str]:
	"""Put the label on top of each web page, and the colour into its style sheet."""
	look = appearance()
	banner = f"<style>:root {{ --concerto-accent: {look['accent_colour']}; }}</style>"
	if look["environment_label"]:
		banner += (
			f'<div class="concerto-environment" role="note">{escape_html(look["environment_label"])}</div>'
		)
	return {"banner_html": banner + (context.get("banner_html") or ""), "concerto": look}
