"""Plan: what callers will notice when one version of a hotline takes the place of another."""
