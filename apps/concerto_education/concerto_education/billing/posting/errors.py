"""One exception class for each rule of posting that refuses."""

from frappe.exceptions import ValidationError


class PostingIsWritten(ValidationError):
	"""Postings and print batches are the proof of what left the house."""


class NothingToPost(ValidationError):
	"""No issued invoice waits to be printed or sent."""


class RunNotIssued(ValidationError):
	"""Drafts are not sent to families: the run is issued first."""


class NoMailAccount(ValidationError):
	"""The site has no account that e-mails leave from."""


class NoAddress(ValidationError):
	"""No e-mail address, or one that can't be right."""


class BatchNotReady(ValidationError):
	"""The print batch is not at the step that this action needs."""


class WrongPostingState(ValidationError):
	"""Only an e-mail that left or waits can come back."""
