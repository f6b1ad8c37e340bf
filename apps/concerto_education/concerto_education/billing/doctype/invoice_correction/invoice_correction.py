from concerto_education.billing.corrections.immutable import WrittenByCorrections


class InvoiceCorrection(WrittenByCorrections):
	pass
