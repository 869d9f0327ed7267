"""Benchmarks: one file per figure or group of figures, each printing JSON lines. See README.md."""
