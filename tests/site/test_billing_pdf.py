"""The printed invoice: its pages break where a reader expects it."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from concerto_education.billing import pdf
from tests import billing_builders as b


@pytest.fixture(autouse=True)
def one_transaction(one_billing_transaction):
	"""Nothing is committed."""


@pytest.fixture
def invoice():
	home = b.household(qf=512)
	b.attend(b.enrol(home, b.canteen()), b.SEPTEMBER[:6])
	return b.invoice_of(b.issue(b.compute()), home.payer)


@pytest.mark.parametrize("count", range(10, 26, 3))
def test_the_total_never_stands_alone_on_a_page(invoice, count):
	invoice.lines = [invoice.lines[0]] * count
	pages = PdfReader(BytesIO(pdf.render([invoice]))).pages
	last = pages[-1].extract_text()
	assert "16,80" in last and "PRESTATION" in last.upper()  # the head of the lines, so at least one of them
