"""The commands of `ivr`, one file each; the only place where both sides of the wire are seen."""
