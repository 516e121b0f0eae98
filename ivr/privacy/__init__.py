"""Privacy: what is kept of a person - found, handed over, erased, held, and let go when its time is over."""
