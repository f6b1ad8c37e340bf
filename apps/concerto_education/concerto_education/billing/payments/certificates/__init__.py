"""Certificates of a calendar year (R42): care of children under six for the income tax, and of all payments."""
