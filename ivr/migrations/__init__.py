"""The database's schema, step by step: each file in `versions` leads from one to the next."""
