"""The invoice on paper: QR code, days of presence, the print format in use and its settings."""
