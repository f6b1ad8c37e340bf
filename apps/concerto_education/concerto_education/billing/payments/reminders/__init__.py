"""Reminders in levels (R42): prepared by the scheduler, looked at and sent by finance, kept for ever.

``due.py`` says whom, ``prepare.py`` makes the run, ``send.py`` sends it, ``texts.py`` writes the letters,
``api.py`` is what the buttons call. What is never reminded: held amounts (they claim nothing yet, R35), disputed
invoices, invoices with agreed instalments, amounts under the smallest one of the settings.
"""
