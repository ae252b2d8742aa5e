from django.contrib.admin.apps import AdminConfig


class StaffAdmin(AdminConfig):
    """Django's admin, with the staff's own site as the one that every app registers with."""

    default_site = "portal.home.staff.StaffSite"
