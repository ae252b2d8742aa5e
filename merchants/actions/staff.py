"""Who works for a merchant: invited by phone or e-mail, in a role, until they leave."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from merchants.events import StaffJoined, StaffLeft
from merchants.kinds import INVITED, INVITED_BY_EMAIL, INVITED_BY_SMS
from merchants.models import Invitation, Merchant, Role, StaffMember
from messaging.actions import tell
from messaging.texts import write_to
from portal.kernel.codes import new_code
from portal.kernel.crypto import blind_index, blind_indexes, is_index_of
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused

GOOD_FOR = timedelta(days=7)
MOST_WAITING = 50  # invitations at once: a stolen account shall not become a text message machine


class AlreadyOnTheTeam(Refused):
    sentence = _("%(who)s is already on the team.")


class LastOwner(Refused):
    sentence = _("A merchant needs an owner. Make somebody else the owner first.")


class InvitationOver(Refused):
    sentence = _("This invitation has expired or was withdrawn. Ask for a new one.")


class NotTheInvited(Refused):
    sentence = _("This invitation is for %(told)s. Sign in with that phone or e-mail to accept it.")


class TooManyInvitations(Refused):
    sentence = _("%(most)d invitations are waiting. Withdraw some before you send more.")


def _told(phone: str | None, email: str | None) -> str:
    """How the invited is shown on the team page: enough to recognise, too little to call or write to."""
    if phone:
        return f"…{phone[-4:]}"
    name, _at, domain = (email or "").partition("@")
    return f"{name[:1]}…@{domain}"[:20]


@transaction.atomic
def invite_staff(
    merchant: Merchant, *, role: Role, by: User, phone: str | None = None, email: str | None = None
) -> Invitation:
    """Offer somebody a place on the team; they have seven days to accept.

    The same person invited again while the first offer waits gets no second message; another role
    changes the offer. Give one of ``phone`` (E.164) and ``email``.
    """
    Merchant.objects.select_for_update(no_key=True).get(pk=merchant.pk)
    way = "phone_index" if phone else "email_index"
    who = {f"{way}__in": blind_indexes(phone or email or "")}
    if StaffMember.objects.current().filter(merchant=merchant, **{f"user__{k}": v for k, v in who.items()}):
        raise AlreadyOnTheTeam(who=_told(phone, email))
    now = timezone.now()
    waiting = merchant.invitations.waiting()
    if offer := waiting.filter(**who).first():
        if offer.expires_at > now and offer.role == role:
            return offer
        offer.withdrawn_at = now
        offer.save(update_fields=["withdrawn_at"])
    if waiting.count() >= MOST_WAITING:
        raise TooManyInvitations(most=MOST_WAITING)
    offer = Invitation.objects.create(
        merchant=merchant,
        token=new_code(16),
        role=role,
        told=_told(phone, email),
        by=by,
        expires_at=now + GOOD_FOR,
        **{way: blind_index(phone or email or "")},
    )
    _send(offer, by, phone, email)
    return offer


def _send(offer: Invitation, by: User, phone: str | None, email: str | None) -> None:
    """To the address itself, for it may have no account yet; who has one finds it in the inbox too."""
    says: dict[str, Any] = {"merchant": offer.merchant.name, "by": by.says()}
    people = User.objects.with_phone(phone) if phone else User.objects.with_email(email or "")
    if person := people.first():
        tell(person, INVITED, occurrence=f"invitation:{offer.pk}", url=f"/invite/{offer.token}/", **says)
    link = f"{settings.SITE_URL}/invite/{offer.token}/"
    language = person.language if person else get_language() or settings.LANGUAGE_CODE
    kind, to = (INVITED_BY_SMS, phone) if phone else (INVITED_BY_EMAIL, email)
    write_to(kind, to or "", language, GOOD_FOR, link=link, **says)


@transaction.atomic
def accept_invitation(token: str, *, user: User) -> StaffMember:
    """Join the team. Only who has proven the invited phone or e-mail may; accepting twice joins once."""
    offer = Invitation.objects.select_for_update(of=("self",)).select_related("merchant").get(token=token)
    if not proven(offer, user):
        raise NotTheInvited(told=offer.told)
    present = StaffMember.objects.current().filter(merchant=offer.merchant, user=user).first()
    if offer.taken_at and present:
        return present
    if offer.taken_at or offer.withdrawn_at or offer.expires_at <= timezone.now():
        raise InvitationOver
    offer.taken_at = timezone.now()
    offer.save(update_fields=["taken_at"])
    member = present or StaffMember.objects.create(merchant=offer.merchant, user=user, role=offer.role)
    publish(StaffJoined(merchant_id=offer.merchant_id, user_id=user.pk, role=member.role))
    return member


def proven(offer: Invitation, user: User) -> bool:
    """Whether the person has shown, by a code, that the invited phone or e-mail is theirs."""
    if offer.phone_index is not None:
        same = is_index_of(offer.phone_index, user.phone)
        return same and user.phone_verified_at is not None
    same = is_index_of(offer.email_index, user.email)
    return same and user.emailaddress_set.filter(verified=True).exists()  # type: ignore[attr-defined]


@transaction.atomic
def withdraw_invitation(offer: Invitation) -> None:
    Invitation.objects.waiting().filter(pk=offer.pk).update(withdrawn_at=timezone.now())


def _team(merchant: Merchant) -> list[StaffMember]:
    """The whole current team, locked in pk order: whether an owner remains is a question about all."""
    rows = StaffMember.objects.current().filter(merchant=merchant).order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True))


def _refuse_ownerless(team: list[StaffMember], without: StaffMember) -> None:
    if not any(member.role == Role.OWNER and member.pk != without.pk for member in team):
        raise LastOwner


@transaction.atomic
def change_role(member: StaffMember, role: Role) -> StaffMember:
    """Takes effect at the person's next request."""
    team = _team(member.merchant)
    if role != Role.OWNER:
        _refuse_ownerless(team, member)
    member.role = role
    member.save(update_fields=["role"])
    return member


@transaction.atomic
def remove_staff(member: StaffMember) -> None:
    """End somebody's work here; they are out at their next request. Twice is once."""
    team = _team(member.merchant)
    if member.pk not in {one.pk for one in team}:
        return
    _refuse_ownerless(team, member)
    member.left_at = timezone.now()
    member.save(update_fields=["left_at"])
    merchant_invites = Invitation.objects.waiting().filter(merchant=member.merchant, by=member.user)
    merchant_invites.update(withdrawn_at=member.left_at)  # what a removed person offered is dead
    publish(StaffLeft(merchant_id=member.merchant_id, user_id=member.user_id))
