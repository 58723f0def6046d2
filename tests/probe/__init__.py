"""Mirrors ``compat/probe``; without a torch, but with real processes where their fate is the question."""
