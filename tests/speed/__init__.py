"""The timing package, without a torch."""
