"""One file a format: each form of the report, from a small verdict made by hand."""
