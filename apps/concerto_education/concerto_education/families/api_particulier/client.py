"""Sending the question. One request, no second try: a person waits for the answer and may ask again."""

from __future__ import annotations

import requests

from concerto_education.families.api_particulier import answers
from concerto_education.families.api_particulier.answers import Answer
from concerto_education.families.api_particulier.settings import Access

PATH = "/v3/dss/quotient_familial/identite"


def ask(access: Access, parameters: list[tuple[str, str]]) -> Answer:
	"""The answer, also when there is none. Nothing of question or token is logged here."""
	try:
		response = requests.get(
			access.host + PATH,
			params=parameters,
			headers={"Authorization": f"Bearer {access.token}", "Accept": "application/json"},
			timeout=access.timeout,
			# A redirect would carry the token to another host.
			allow_redirects=False,
		)
	except requests.Timeout:
		return Answer(answers.NO_ANSWER, detail="timeout")
	except requests.RequestException:
		return Answer(answers.NO_ANSWER)
	try:
		body = response.json()
	except ValueError:
		body = None
	return answers.read(response.status_code, body, response.headers)
