"""Call scripts: a transcript, a test and a bug report in one plain text."""
