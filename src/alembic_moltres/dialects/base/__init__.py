"""What databases have in common: comparing, writing and running, each in terms of values."""
