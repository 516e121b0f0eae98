"""The telephone company, played on this machine: it knows only the wire."""
