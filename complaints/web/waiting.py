"""What the link of a first answer shows as long as there is no case behind it yet."""

from django.http import Http404, HttpRequest, HttpResponse

from complaints.models import Mail, MailState
from complaints.numbers import in_groups
from portal.kernel.web import render_page


def shown(request: HttpRequest, token: str) -> HttpResponse:
    """Neither what the mail says nor who sent it: who has the link has the mail."""
    mail = Mail.objects.filter(token=token, acknowledged_at__isnull=False).first()
    if mail is None or request.method == "POST":
        raise Http404
    waits = mail.state == MailState.TO_SORT
    context = {"waits": waits, "number": in_groups(mail.number or ""), "received_at": mail.received_at}
    return render_page(request, "complaints/mail_waits.html", context)
