"""A hotline in which every kind of step occurs, played by the simulated carrier on a virtual clock."""
