"""One file a rule: each decision of each claim, from records made by hand."""
