"""How matters stand, in words: states, terms and times; pure."""
