"""Flags become cases, people decide: tables, publishing, exports, audit."""
