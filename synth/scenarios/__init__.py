"""The planted cases: for every rule some households it must find, and lookalikes it must leave alone."""
