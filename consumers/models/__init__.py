from consumers.models.asking import Ask
from consumers.models.conversation import (
    LONGEST_LETTER,
    Conversation,
    ConversationReport,
    Harm,
    Letter,
    MessageBox,
    Promptness,
)
from consumers.models.interest import (
    AreaCell,
    AreaConsent,
    AreaPurpose,
    FollowedCategory,
    FollowedShop,
    HereNow,
    Interests,
    LeftOut,
    SearchCell,
)
from consumers.models.moderation import Decision, Report, Rule
from consumers.models.review import Aspect, Held, Kind, Reply, Review, ReviewPhoto, State, Tag
from consumers.models.score import Score

__all__ = [
    "LONGEST_LETTER",
    "AreaCell",
    "AreaConsent",
    "AreaPurpose",
    "Ask",
    "Aspect",
    "Conversation",
    "ConversationReport",
    "Decision",
    "FollowedCategory",
    "FollowedShop",
    "Harm",
    "Held",
    "HereNow",
    "Interests",
    "Kind",
    "LeftOut",
    "Letter",
    "MessageBox",
    "Promptness",
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
