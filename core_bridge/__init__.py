"""The contract with the casework cores (STAR, SKAIS); imports nothing of the portal."""
