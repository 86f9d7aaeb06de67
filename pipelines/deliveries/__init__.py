"""What was delivered: receipts, which rows are in use as of a day, and which are superseded."""
