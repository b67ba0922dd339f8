"""Who may do what, and the parties that matters belong to."""

from portal.access.policy import POLICY, Action, Refusal, Rule, refusal

__all__ = ["POLICY", "Action", "Refusal", "Rule", "refusal"]
