"""For whom a person may act: the sources of rights, choosing a party, and asking again before a binding act."""

from portal.auth.representation.acting import Acting, Choice, Offer
from portal.auth.representation.sources import Asking, Representee, Silent, Source

__all__ = ["Acting", "Asking", "Choice", "Offer", "Representee", "Silent", "Source"]
