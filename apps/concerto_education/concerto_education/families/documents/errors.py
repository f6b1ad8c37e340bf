"""One exception class for each rule of documents, authorisations and reminders that refuses (R7, R17, R24)."""

from concerto_education.families.errors import FamiliesError


class InvalidDocumentType(FamiliesError):
	"""A type says how long its documents hold, and keeps its subject once there are some."""


class DocumentError(FamiliesError):
	"""Base of what a document refuses."""


class DocumentOfOtherFamily(DocumentError):
	"""The child or the payer is of the family of the document."""


class NotAChild(DocumentError):
	"""A document or an authorisation of a child names a child of the family."""


class DocumentEndsBeforeStart(DocumentError):
	"""The validity ends before it starts."""


class ReceivedInFuture(DocumentError):
	"""Nothing was received tomorrow."""


class NotReceived(DocumentError):
	"""Only what was received is accepted or refused."""


class DateNeeded(DocumentError):
	"""Some documents carry the date on which they end: without it nobody knows when to ask again."""


class RefusalNeedsReason(DocumentError):
	"""The family is told why a document was refused."""


class FileNotReadable(DocumentError):
	"""A file that the user may not read is not attached by naming its address."""


class AuthorisationError(FamiliesError):
	"""Base of what an authorisation refuses."""


class NotARepresentative(AuthorisationError):
	"""Representatives sign, unless a written delegation is attached (R17)."""


class AnswerIsKept(AuthorisationError):
	"""An answer is replaced by a later one, never changed."""


class AuthorisationEndsBeforeStart(AuthorisationError):
	"""The validity ends before it starts."""


class SignedInFuture(AuthorisationError):
	"""Nobody has signed tomorrow."""


class NoOutgoingMail(FamiliesError):
	"""The site has no outgoing e-mail account."""


class NothingToRemind(FamiliesError):
	"""None of the chosen families misses anything, or all were reminded just now."""
