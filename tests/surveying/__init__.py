"""How wheels on an index are read without installing them."""
