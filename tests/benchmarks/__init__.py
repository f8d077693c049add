"""How fast is it, beside the bare floor? `python -m tests.benchmarks --only NAME --json FILE`."""
