from consumers.models.asking import Ask
from consumers.models.moderation import Decision, Report, Rule
from consumers.models.review import Aspect, Held, Kind, Reply, Review, ReviewPhoto, State, Tag
from consumers.models.score import Score

__all__ = [
    "Ask",
    "Aspect",
    "Decision",
    "Held",
    "Kind",
    "Reply",
    "Report",
    "Review",
    "ReviewPhoto",
    "Rule",
    "Score",
    "State",
    "Tag",
]
