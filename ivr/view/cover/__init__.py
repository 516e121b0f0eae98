"""Cover: which of all that can happen to a caller of a hotline is tried by its call scripts."""
