"""Passkeys: a second way in, weaker than GovSSO, which works when GovSSO does not (WebAuthn Level 3)."""
