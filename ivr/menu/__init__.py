"""The option tree: read, checked, frozen."""
