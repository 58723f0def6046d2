"""A finding as a script of its own, that needs only torch: for a bug report, and for whoever doubts ours."""
