"""How fast the main jobs are, beside hand-written SQL and bare Python: `python -m benchmarks`."""
