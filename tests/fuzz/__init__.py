"""Damaged files by the thousand, read through the real reading children: `python -m tests.fuzz pdf --count 10000 --seed 1`."""
