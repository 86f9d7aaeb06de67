"""What innocent families have and do: it looks like a doubt to whoever does not know the law or the village."""
