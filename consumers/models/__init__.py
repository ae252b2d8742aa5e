from consumers.models.asking import Ask
from consumers.models.interest import (
    AreaCell,
    AreaConsent,
    AreaPurpose,
    FollowedCategory,
    FollowedShop,
    Interests,
    LeftOut,
    SearchCell,
)
from consumers.models.moderation import Decision, Report, Rule
from consumers.models.review import Aspect, Held, Kind, Reply, Review, ReviewPhoto, State, Tag
from consumers.models.score import Score

__all__ = [
    "AreaCell",
    "AreaConsent",
    "AreaPurpose",
    "Ask",
    "Aspect",
    "Decision",
    "FollowedCategory",
    "FollowedShop",
    "Held",
    "Interests",
    "Kind",
    "LeftOut",
    "Reply",
    "Report",
    "Review",
    "ReviewPhoto",
    "Rule",
    "Score",
    "SearchCell",
    "State",
    "Tag",
]
