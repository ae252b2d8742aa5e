from portal.kernel.models.allowance import Allowance
from portal.kernel.models.code import Code
from portal.kernel.models.job import Job, JobState
from portal.kernel.models.outbox import Delivery, OutboxEvent
from portal.kernel.models.reveal import Reveal
from portal.kernel.models.user import User

__all__ = ["Allowance", "Code", "Delivery", "Job", "JobState", "OutboxEvent", "Reveal", "User"]
