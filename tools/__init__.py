"""Checks and helpers of the repository itself: run by `make lint` and by the tests, never shipped."""
