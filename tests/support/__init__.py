"""What tests share: a site, a web server, a browser."""
