"""The benchmarks: what they compute, and that each of them runs."""
