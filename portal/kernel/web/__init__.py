from portal.kernel.web.pages import client_address, render_page

__all__ = ["client_address", "render_page"]
