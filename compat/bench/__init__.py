"""What does the harness itself cost? Ratios of one run, each beside what it must not exceed."""
