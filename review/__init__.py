"""Flags become cases, people decide: tables, publishing, exports, audit.

Importing this package costs nothing. Call ``review.configure.configure(database_url)`` before importing
``review.models`` or anything built on it.
"""
