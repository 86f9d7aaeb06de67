"""Airflow reads this file from the folder ``config`` of its home when it starts."""

from dags.warm import load_ahead

load_ahead()
