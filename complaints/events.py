"""What complaints tell the apps above."""

from dataclasses import dataclass

from portal.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ComplaintFiled(Event):
    complaint_id: int
    shop_id: int
    merchant_id: int | None
    filed_at: str


@dataclass(frozen=True, kw_only=True)
class ComplaintEscalated(Event):
    complaint_id: int
    level: int
    at: str


@dataclass(frozen=True, kw_only=True)
class ComplaintMoved(Event):
    complaint_id: int
    before: str
    after: str
    at: str


@dataclass(frozen=True, kw_only=True)
class ProposalAccepted(Event):
    """The person said yes: what was proposed is promised from now on."""

    complaint_id: int
