"""Breaks one rule of ours at a time and names the test that notices: `python -m tests.mutants`."""
