"""What a person can do about a decision: the cheapest changes, the first day by waiting, and both together."""

from asnmerit.advice.mapping import roadmap
from asnmerit.advice.plans import Change, Plan, Reason, RoadMap

__all__ = ["Change", "Plan", "Reason", "RoadMap", "roadmap"]
