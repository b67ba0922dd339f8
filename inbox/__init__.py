"""Minu suhtlus: what came of an application, and everything that passes between a person and an authority."""
