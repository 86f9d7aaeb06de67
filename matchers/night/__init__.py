"""The nightly linking: people of the registers, the stages, the province's model, and why a link was made."""
