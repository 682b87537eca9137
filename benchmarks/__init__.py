"""What the program costs, as numbers. Each module runs alone: `python -m benchmarks.NAME --json`."""
