"""Tensors of a case as Python's text. For Python 3.9, too: a test runs it beside every torch."""
