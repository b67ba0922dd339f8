"""Who may do what, and the parties that matters belong to."""

from portal.access.policy import POLICY, Action, Rule, permits

__all__ = ["POLICY", "Action", "Rule", "permits"]
