"""Mandates given in Uks: the represented grants, the representative accepts, either ends it."""
