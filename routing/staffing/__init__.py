"""Staffing: what would happen if - whole days on a virtual clock, and the formulas that they must agree with."""
