"""What the demo tells about itself: who can sign in, and where each ability is tried."""

from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from complaints.models import Complaint
from consumers.areas import areas
from coupons.models import CouponProgramme, PaperBatch
from crm.models import Campaign
from loyalty.models import Card, MemberImport
from merchants.models import Customer, Merchant, Shop
from portal.home.demo.members import WALK_IN
from portal.home.demo.persons import PARTS, PASSWORD, parts_in_place
from portal.home.demo.pins import PIN


def persons() -> list[dict[str, Any]]:
    """The cast with its logins. Codes sent to these phones appear on the demo's page of sent texts."""
    there = parts_in_place()
    return [
        {
            "role": part.role,
            "name": part.name,
            "login": part.phone,
            "phone": part.phone,
            "password": PASSWORD,
            "pin": PIN if part.role in ("consumer", "visitor-en") else None,
            "does": part.does,
        }
        for part in PARTS
        if part.role in there
    ]


class Ability(NamedTuple):
    """Who of the cast does it, and at which address."""

    who: str
    url: str


def abilities() -> dict[str, Ability]:
    """Each named ability, as it can be tried in this town now."""
    cast = parts_in_place()
    merchant = Merchant.objects.worked_at_by(cast["owner"]).first() if cast else None
    if merchant is None:
        return {}
    shop = Shop.objects.of(merchant).listed().order_by("pk")[0]
    card = Card.objects.of(merchant).filter(customer__user=cast["consumer"]).first()
    offer = CouponProgramme.objects.of(merchant).claimable_at(timezone.now()).order_by("pk").first()
    slug = merchant.slug
    done = MemberImport.objects.of(merchant).order_by("pk").first()
    twin = Customer.objects.of(merchant).with_phone(WALK_IN).first()
    told: dict[str, Any] = {
        "nearby.list": ("visitor", reverse("consumers:nearby")),
        "search.suggest": ("visitor", reverse("consumers:search") + "?q=lifa"),
        "nearby.sort": ("visitor", reverse("consumers:nearby") + "?sort=useful"),
        "area.landing": ("visitor", reverse("consumers:area_category", args=[areas()[0].slug, "hair"])),
        "deals.board": ("visitor", reverse("consumers:deals")),
        "position.share": ("consumer", reverse("consumers:deals")),
        "contact.choices": ("consumer", reverse("messaging:notifications")),
        "contact.silence": ("consumer", reverse("consumers:muting")),
        "contact.log": ("consumer", reverse("messaging:log")),
        "contact.sent": ("owner", reverse("crm:mailings", args=[slug])),
        "birthday.give": ("consumer", reverse("crm:birthday")),
        "greetings.manage": ("owner", reverse("crm:greetings", args=[slug])),
        "segment.manage": ("owner", reverse("crm:segments", args=[slug])),
        "segment.preview": ("owner", reverse("crm:new_segment", args=[slug]) + "?start=regulars"),
        "tag.manage": ("owner", reverse("crm:tags", args=[slug])),
        "roster.export": ("owner", reverse("crm:roster_file", args=[slug])),
        "letter.write": ("owner", reverse("crm:letter", args=[slug])),
        "coupon.results": ("owner", results_of(merchant)),
        "campaign.effect": ("owner", effect_of(merchant)),
        "flash.send": ("owner", reverse("crm:flash", args=[slug])),
        "ranking.explain": ("visitor", reverse("home:ranking")),
        "nearby.geojson": ("visitor", reverse("consumers:nearby_geojson")),
        "storefront.view": ("visitor", reverse("consumers:storefront", args=[shop.slug])),
        "coupon.claim": ("consumer", reverse("coupons:offer", args=[offer.token]) if offer else ""),
        "coupon.wallet": ("consumer", reverse("coupons:mine")),
        "card.wallet": ("consumer", reverse("consumers:cards")),
        "card.show": ("consumer", reverse("consumers:card_code", args=[card.token]) if card else ""),
        "card.pin": ("consumer", reverse("consumers:pin", args=[card.token]) if card else ""),
        "card.pay": ("consumer", reverse("consumers:pay", args=[card.token]) if card else ""),
        "card.rewards": ("consumer", reverse("consumers:rewards", args=[card.token]) if card else ""),
        "pass.mine": ("consumer", reverse("consumers:visit_passes", args=[card.token]) if card else ""),
        "card.top_up": ("consumer", reverse("orders:top_up_online", args=[card.token]) if card else ""),
        "card.refund": ("consumer", reverse("consumers:close_card", args=[card.token]) if card else ""),
        "reward.manage": ("manager", reverse("loyalty:rewards", args=[slug])),
        "pass.buy": ("consumer", reverse("orders:buy_pass", args=[card.token]) if card else ""),
        "pass.manage": ("manager", reverse("loyalty:passes", args=[slug])),
        "stamps.manage": ("manager", reverse("loyalty:stamps", args=[slug])),
        "counter.member": ("cashier", reverse("orders:member", args=[slug, card.token]) if card else ""),
        "pass.sell": (
            "cashier",
            reverse("orders:sell_pass", args=[slug, card.number]) if card else "",
        ),
        "counter.top_up": ("cashier", reverse("orders:top_up", args=[slug, card.number]) if card else ""),
        "counter.take_back": ("manager", reverse("orders:take_back", args=[slug])),
        "refund.pay_out": ("manager", reverse("loyalty:refunds", args=[slug])),
        "liability.view": ("manager", reverse("loyalty:owed", args=[slug])),
        "level.preview": ("owner", reverse("loyalty:levels", args=[slug])),
        "points.rules": ("owner", reverse("loyalty:rules", args=[slug])),
        "card.safeguard": ("manager", reverse("loyalty:safeguard", args=[slug])),
        "counter.ask": ("cashier", reverse("loyalty:ask_approval", args=[slug])),
        "card.design": ("manager", reverse("loyalty:design", args=[slug])),
        "card.print": ("manager", reverse("loyalty:print_batches", args=[slug])),
        "card.link_printed": ("cashier", reverse("loyalty:link", args=[slug])),
        "card.link_own": ("consumer", reverse("consumers:link_card")),
        "card.print_desk": ("admin", reverse("admin:loyalty_printorder_changelist")),
        "card.join": ("consumer", reverse("loyalty:join", args=[shop.slug])),
        "review.read": ("visitor", reverse("consumers:reviews", args=[shop.slug])),
        "review.write": ("consumer", reverse("consumers:write_review", args=[shop.slug])),
        "review.mine": ("consumer", reverse("consumers:my_reviews")),
        "review.answer": ("manager", reverse("consumers:of_merchant", args=[slug])),
        "review.moderate": ("staff", reverse("admin:consumers_review_changelist")),
        "message.write": ("consumer", reverse("consumers:write_message", args=[shop.slug])),
        "message.read": ("consumer", reverse("consumers:my_messages")),
        "message.answer": ("manager", reverse("consumers:shop_messages", args=[slug])),
        "message.moderate": ("staff", reverse("admin:consumers_conversation_changelist")),
        "following.manage": ("consumer", reverse("consumers:following")),
        "complaint.file": ("consumer", reverse("complaints:report", args=[shop.slug])),
        "complaint.misconduct": ("consumer", reverse("complaints:misconduct")),
        "complaint.follow": ("consumer", reverse("complaints:mine")),
        "inbox.read": ("consumer", reverse("messaging:inbox")),
        "counter.earn": ("cashier", reverse("orders:counter", args=[slug])),
        "counter.redeem": ("cashier", reverse("orders:counter", args=[slug])),
        "counter.undo": ("cashier", reverse("orders:counter", args=[slug])),
        "counter.offline": ("manager", reverse("orders:offline", args=[slug])),
        "coupon.publish": ("manager", reverse("coupons:new", args=[slug])),
        "coupon.list": ("manager", reverse("coupons:programmes", args=[slug])),
        "coupon.paper": ("manager", paper_of(merchant)),
        "coupon.print_desk": ("admin", reverse("admin:coupons_paperorder_changelist")),
        "shop.open": ("owner", reverse("merchants:start")),
        "shop.special_days": ("owner", reverse("merchants:shop_days", args=[slug, shop.slug])),
        "shop.notices": ("owner", reverse("merchants:notices", args=[slug, shop.slug])),
        "shop.photos": ("owner", reverse("merchants:shop_photo", args=[slug, shop.slug])),
        "shop.preview": ("owner", reverse("merchants:shop_preview", args=[slug, shop.slug])),
        "team.manage": ("owner", reverse("merchants:team", args=[slug])),
        "today.view": ("owner", reverse("crm:today", args=[slug])),
        "member.list": ("manager", reverse("loyalty:cards", args=[slug])),
        "member.import": ("owner", reverse("loyalty:imports", args=[slug])),
        "member.import_done": ("owner", reverse("loyalty:import", args=[slug, done.token]) if done else ""),
        "member.walk_in": ("cashier", reverse("orders:counter", args=[slug])),
        "member.merge": ("manager", reverse("crm:merge", args=[slug, twin.pk]) if twin else ""),
        "member.grant": ("manager", reverse("crm:roster", args=[slug])),
        "awards.report": ("owner", reverse("crm:awards", args=[slug])),
        "roster.view": ("manager", reverse("crm:roster", args=[slug])),
        "complaint.answer_as_shop": ("manager", reverse("complaints:of_merchant", args=[slug])),
        "complaint.offer": ("manager", offer_in_case_of(merchant)),
        "complaint.by_phone": ("staff", reverse("admin:complaints_complaint_add")),
        "complaint.by_mail": ("staff", reverse("admin:complaints_mail_changelist")),
        "complaint.remedy": ("manager", reverse("complaints:remedies", args=[slug])),
        "complaint.remedies": ("staff", reverse("admin:complaints_remedy_changelist")),
        "complaint.goodwill": ("staff", reverse("admin:complaints_goodwill")),
        "complaint.figures": ("staff", reverse("admin:complaints_complaint_figures")),
        "complaint.causes": ("staff", reverse("admin:complaints_costs")),
        "complaint.reasons": ("admin", reverse("admin:complaints_reason_changelist")),
        "complaint.grade_rules": ("admin", reverse("admin:complaints_graderules_add")),
        "complaint.duties": ("admin", reverse("admin:complaints_duty_changelist")),
        "complaint.import": ("admin", reverse("admin:complaints_caseimport_add")),
        "complaint.answer": ("staff", reverse("admin:complaints_complaint_changelist")),
        "listing.sources": ("visitor", reverse("merchants:about", args=[shop.slug])),
        "listing.correct": ("visitor", reverse("merchants:report", args=[shop.slug])),
        "correction.decide": ("owner", reverse("merchants:corrections", args=[slug])),
        "dispute.answer": ("owner", reverse("merchants:disputes", args=[slug])),
        "correction.desk": ("admin", reverse("admin:merchants_correction_changelist")),
        "duplicate.merge": ("admin", reverse("admin:merchants_duplicatepair_changelist")),
        "merge.undo": ("admin", reverse("admin:merchants_merge_changelist")),
        "shop.suspend": ("admin", reverse("admin:merchants_shop_changelist")),
        "claim.decide": ("admin", reverse("admin:merchants_listingclaim_changelist")),
    }
    return {name: Ability(who, settings.SITE_URL + path) for name, (who, path) in told.items() if path}


def paper_of(merchant: Merchant) -> str:
    """The page of the coupons that were printed first."""
    batch = PaperBatch.objects.filter(merchant=merchant).select_related("programme").order_by("pk").first()
    if batch is None:
        return ""
    return reverse("coupons:paper_batch", args=[merchant.slug, batch.programme.token, batch.token])


def offer_in_case_of(merchant: Merchant) -> str:
    """Where the shop offers something in its latest open case."""
    case = Complaint.objects.about(merchant).still_open().order_by("-pk").first()
    return reverse("complaints:offer", args=[merchant.slug, case.number]) if case else ""


def results_of(merchant: Merchant) -> str:
    """How far the offer with the most claims got."""
    offer = CouponProgramme.objects.of(merchant).filter(claimed__gt=0).order_by("-claimed", "pk").first()
    return reverse("crm:funnel", args=[merchant.slug, offer.token]) if offer else ""


def effect_of(merchant: Merchant) -> str:
    """The first campaign that left some people out."""
    told = Campaign.objects.of(merchant).filter(mailing__hold_percent__gt=0).order_by("pk").first()
    return reverse("crm:campaign", args=[merchant.slug, told.token]) if told else ""


def facts() -> dict[str, Any]:
    """What a test at the counter types: the demo consumer's card at the first merchant."""
    consumer = parts_in_place().get("consumer")
    card = Card.objects.filter(customer__user=consumer).order_by("merchant", "pk").first()
    return {"card_number": card.number, "card_token": card.token} if consumer and card else {}
