"""Prefect, wiring only: the stages of a run as tasks of one flow."""
