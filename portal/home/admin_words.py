"""Sentences of Django's admin that its own Chinese says stiffly; here they get into our words file."""

from django.utils.translation import gettext_noop as _

SAID_ANEW = (
    _("Add %s"),
    _("Add %(name)s"),
    _("Change %s"),
    _("View %s"),
    _("Change"),
    _("View"),
    _("Filter"),
    _(" By %(filter_title)s "),
    _("Clear all filters"),
    _("Action:"),
    _("Recent actions"),
    _("My actions"),
    _("None available"),
    _("%(sel)s of %(cnt)s selected"),
    _("0 of %(cnt)s selected"),
    _("Save and add another"),
    _("Save and continue editing"),
    _("Run the selected action"),
    _("You don’t have permission to view or edit anything."),
)
