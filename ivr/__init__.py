"""What a caller hears, and what happens next."""
