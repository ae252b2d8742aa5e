"""A file of a case as an answer, to those of the case; anybody else is told that there is none, and noted."""

import logging

from django.http import Http404
from django.http.response import HttpResponseBase

from complaints import actions
from complaints.files import served
from complaints.models import Attachment
from portal.kernel.models import User

logger = logging.getLogger(__name__)


def answered_with(found: Attachment, *, by: User) -> HttpResponseBase:
    if not actions.look_at(found, by=by):
        raise Http404
    try:
        return served(found)
    except FileNotFoundError:
        logger.error("the file of attachment %s is gone from the storage", found.pk)
        raise Http404 from None
