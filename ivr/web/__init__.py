"""The doors: voice webhooks, desk pages and their HTTP API, on Flask."""
