"""Random policies and random clients for the property tests and the benchmarks: texts and typed rows, nothing evaluated here."""
