"""Lint: what callers would suffer from in a hotline that can be used, rule by rule, and what to do about it."""
