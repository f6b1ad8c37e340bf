"""The web server that tests and demo run (config/wsgi.py)."""


def test_visitor_sees_the_login_page_under_any_host_name(client):
	response = client.get("/login", headers={"Accept": "text/html"})
	assert response.status_code == 200
	assert "login" in response.text


def test_user_logs_in_and_is_known(login):
	session = login("Administrator")
	assert session.get("/api/method/frappe.auth.get_logged_user").json() == {"message": "Administrator"}


def test_assets_are_served(client):
	assert client.get("/assets/assets.json").json()["desk.bundle.js"].startswith("/assets/frappe/dist/")
