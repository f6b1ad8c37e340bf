"""One exception class for each rule of the dossier that refuses, so that a test says which rule it was."""

from frappe.exceptions import ValidationError


class FamiliesError(ValidationError):
	"""Base of all refusals of this room."""


# ---------------------------------------------------------------- persons (R13)


class InvalidName(FamiliesError):
	"""A name has at least one letter, and no digit."""


class BirthDateInFuture(FamiliesError):
	"""Nobody is born tomorrow."""


# ---------------------------------------------------------------- family and members (R12, R22)


class NoMember(FamiliesError):
	"""A dossier has at least one person."""


class DuplicateMember(FamiliesError):
	"""A person is in a family once."""


class SecondRepresentative(FamiliesError):
	"""There is at most one representative 1 and one representative 2."""


class ForbiddenContact(FamiliesError):
	"""A forbidden contact neither collects the child, nor is called, nor pays (R22)."""


class ForbiddenNotContact(FamiliesError):
	"""Only a contact can be forbidden: a representative who loses the right becomes a contact first."""


class MemberIsPayer(FamiliesError):
	"""A member who is still an active payer can't leave the family."""


# ---------------------------------------------------------------- quotient (R14)


class InvalidQuotient(FamiliesError):
	"""The quotient is a number, zero or more."""


class QuotientEndsBeforeStart(FamiliesError):
	"""The span of a quotient ends before it starts."""


class QuotientIsImmutable(FamiliesError):
	"""A quotient is never changed: a new one is added."""


class QuotientIsKept(FamiliesError):
	"""A quotient is never deleted."""


# ---------------------------------------------------------------- payers (R17–R19, R22)


class PayerNotInFamily(FamiliesError):
	"""A person who pays is a member of the family."""


class PayerIsChild(FamiliesError):
	"""A child doesn't pay."""


class DuplicatePayer(FamiliesError):
	"""A person or organisation is a payer of a family once."""


class IncompleteAddress(FamiliesError):
	"""An own address has a street, a postcode and a town."""


class InvalidPostcode(FamiliesError):
	"""A French postcode has five digits."""


class ConsentInFuture(ValidationError):
	"""The day on which a family chose invoices by e-mail can't be to come."""


class NoEmailForInvoice(FamiliesError):
	"""Invoices by e-mail need an e-mail address."""


class PayerIsFixed(FamiliesError):
	"""Who a payer is doesn't change: its invoices would change hands."""


class StaffLogin(FamiliesError):
	"""The portal login of a payer is no account of the staff."""


# ---------------------------------------------------------------- custody (R19)


class InvalidCustodyCalendar(FamiliesError):
	"""Base of what a custody calendar refuses."""


class SamePayerTwice(InvalidCustodyCalendar):
	"""A custody calendar is between two different payers."""


class PayerOfOtherFamily(InvalidCustodyCalendar):
	"""Both payers are of the family of the calendar."""


class NotAChildOfFamily(InvalidCustodyCalendar):
	"""The calendar is about a child of the family."""


class CustodyEndsBeforeStart(InvalidCustodyCalendar):
	"""A calendar ends before it starts."""


class CustodyCalendarsOverlap(InvalidCustodyCalendar):
	"""Two calendars of one child hold on the same day."""


class NoCustodyDay(InvalidCustodyCalendar):
	"""With weekdays, each payer has at least one."""


class InvalidCustodyException(InvalidCustodyCalendar):
	"""An exception names one of the two payers, once a day, inside the calendar."""


# ---------------------------------------------------------------- duplicates and merging (R12)


class LikelyDuplicates(FamiliesError):
	"""The new record looks like existing ones, and nobody has said that they are different."""


class DecisionIsKept(FamiliesError):
	"""A decision about two records is never changed."""


class MergeLogIsKept(FamiliesError):
	"""The trace of a merge is neither changed nor deleted."""


class MergeRefused(FamiliesError):
	"""Base of what a merge refuses. Nothing has moved then."""


class MergeWithItself(MergeRefused):
	"""A record can't be merged with itself."""


class NothingToMerge(MergeRefused):
	"""One of the two records is not there: merged or deleted meanwhile."""


class DifferentBirthDates(MergeRefused):
	"""Two persons born on different days are two persons."""


class DifferentSexes(MergeRefused):
	"""A girl and a boy are two persons."""


class TwoMembersOfOneFamily(MergeRefused):
	"""One is a child of the family in which the other is an adult."""


class TwoLogins(MergeRefused):
	"""Both persons have a login of the portal."""


class ForbiddenInOneOnly(MergeRefused):
	"""The person is forbidden in one dossier, and representative or payer in the other."""


class EnrolmentsCollide(MergeRefused):
	"""Both persons are enrolled in the same activity at the same time."""


class CustodyCollides(MergeRefused):
	"""Two custody calendars of one child would hold on the same days."""


class PlacementsCollide(MergeRefused):
	"""Two placements of one child would hold on the same days."""


class PayersCollide(MergeRefused):
	"""One enrolment or calendar names both payers that would become one."""


class MandatesCollide(MergeRefused):
	"""Both payers that would become one have a mandate that isn't ended (R20)."""


class WouldBreakUniqueness(MergeRefused):
	"""Two records that must differ would become alike."""


class MergeMustWait(MergeRefused):
	"""Another room works on these dossiers right now."""


# ---------------------------------------------------------------- opening notes (R17)


class EmptyNote(FamiliesError):
	"""A note says something."""


class NoteIsGone(FamiliesError):
	"""A note is acknowledged while it is shown."""


class AcknowledgementIsKept(FamiliesError):
	"""Who has read a note is never changed."""


# ---------------------------------------------------------------- placed children (R17, R18)


class InvalidPlacement(FamiliesError):
	"""Base of what a placement refuses."""


class PlacedPersonIsNoChild(InvalidPlacement):
	"""Who is placed is a child of the family."""


class NobodyTakesIn(InvalidPlacement):
	"""A foster carer or a home is named."""


class HostIsRepresentative(InvalidPlacement):
	"""A representative or child of the family doesn't take the child in."""


class PlacementEndsBeforeStart(InvalidPlacement):
	"""A placement ends before it starts."""


class PlacementsOverlap(InvalidPlacement):
	"""A child is in one place at a time."""


class HostWithoutAddress(InvalidPlacement):
	"""Invoices never go to the representatives' address: the carer's is needed."""


class InvoicedMeanwhile(InvalidPlacement):
	"""What was invoiced to the representatives after the end of a placement stays theirs."""


# ---------------------------------------------------------------- lists of quotients (R39)


class UnreadableImport(FamiliesError):
	"""A list is a CSV file that is there."""


class ImportNotPreviewed(FamiliesError):
	"""Lines are looked at before they are added."""


class ImportIsApplied(FamiliesError):
	"""A list that was applied stays as it is."""


# ---------------------------------------------------------------- resources for nurseries (R36)


class InvalidResources(FamiliesError):
	"""Resources, numbers of children or dates that make no sense."""


class ResourcesAreImmutable(FamiliesError):
	"""Recorded resources are never changed: past prices were computed with them."""


class ResourcesAreKept(FamiliesError):
	"""Recorded resources are never deleted."""


# ---------------------------------------------------------------- asking the CAF and MSA (R39)


class LookupIsOff(FamiliesError):
	"""Nothing is asked unless an administrator turned it on."""


class LookupSettingsIncomplete(FamiliesError):
	"""A token and a valid SIRET are needed."""


class IncompleteIdentity(FamiliesError):
	"""The CAF finds nobody without name, birth and sex."""


class PersonNotAsked(FamiliesError):
	"""Only representatives of the family are asked about."""


class LookupNotUsable(FamiliesError):
	"""A quotient is added from one's own look-up that found one, once."""


class LookupLogIsKept(FamiliesError):
	"""Who asked about whom is kept as it was written."""


class ProofNotExpected(FamiliesError):
	"""A quotient whose proof has come is proven already, or is no longer the one that holds."""
