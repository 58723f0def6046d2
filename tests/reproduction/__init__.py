"""Tests of the scripts that show a finding by itself."""
