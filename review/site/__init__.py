"""The reviewers' site."""
