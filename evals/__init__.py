"""Question sets, measures, controls and reports."""
