from concerto_education.billing.corrections.immutable import WrittenByCorrections


class ChargeWaiver(WrittenByCorrections):
	pass
