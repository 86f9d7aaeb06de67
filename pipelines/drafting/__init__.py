"""From a sample file to the draft of a contract, or to the aliases that a known type lacks."""
