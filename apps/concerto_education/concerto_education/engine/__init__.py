"""Pure rules of the product: dates, money, tariffs, charges, invoices. No framework. See README.md."""
