"""The web server's application: Frappe, with its static files, for the sites of the current folder.

Frappe finds the site by the host name of the request. Whoever asks for `127.0.0.1` or `localhost` gets the default
site here, as nginx would do it in production.
"""

import os
from functools import cache

import frappe
from frappe.app import application as _frappe
from werkzeug.middleware.shared_data import SharedDataMiddleware

_default_site = os.environ.get("DEFAULT_SITE") or frappe.get_site_config(sites_path=".").get("default_site")
_hosts: set[str] = set()  # that are known to have a site of their own


@cache
def _with_files(site: str) -> SharedDataMiddleware:
	"""The application with the assets and the public files of one site."""
	folders = {
		"/assets": os.path.abspath("assets"),
		"/files": os.path.abspath(os.path.join(site, "public", "files")),
	}
	return SharedDataMiddleware(_frappe, folders)


def _site_of(host: str) -> str:
	if host not in _hosts and "/" not in host and os.path.isfile(os.path.join(host, "site_config.json")):
		_hosts.add(host)
	return host if host in _hosts else _default_site


def application(environ, start_response):
	asked = environ.get("HTTP_X_FRAPPE_SITE_NAME") or environ.get("HTTP_HOST", "").split(":")[0]
	site = environ["HTTP_X_FRAPPE_SITE_NAME"] = _site_of(asked)
	return _with_files(site)(environ, start_response)
