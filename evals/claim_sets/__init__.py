"""Claim sets of the project: quotes with honest paraphrases and falsifications; see `evals/falsify.py`."""
