"""A file a command: its words, what it prints where, its exit code."""
