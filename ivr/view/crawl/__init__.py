"""Crawl: every way that a call can take through a tree, walked in thought by the session that answers callers."""
