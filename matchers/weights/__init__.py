"""Weighing pairs (Fellegi and Sunter): blocking, comparison levels, learned and frozen weights, term frequencies."""
