"""The web server's application: Frappe with its static files.

Frappe finds the site by the host name of the request. A tablet, a test or a curious neighbour that asks for
`127.0.0.1` or `localhost` gets the default site here, as nginx would do it in production.
"""

import os

from frappe.app import application_with_statics

import frappe

_frappe = application_with_statics()
_default_site = os.environ.get("DEFAULT_SITE") or frappe.get_site_config(sites_path=".").get("default_site")


def application(environ, start_response):
	host = environ.get("HTTP_HOST", "").split(":")[0]
	if not os.path.isfile(os.path.join(host, "site_config.json")):
		environ["HTTP_X_FRAPPE_SITE_NAME"] = _default_site
		if environ.get("PATH_INFO", "").startswith("/files/"):  # found by host name only
			environ["HTTP_HOST"] = _default_site
	return _frappe(environ, start_response)
