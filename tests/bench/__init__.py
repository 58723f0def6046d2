"""Tests of what measures the harness itself."""
