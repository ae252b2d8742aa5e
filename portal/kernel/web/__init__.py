from portal.kernel.web.pages import Page, client_address, page_of, render_page

__all__ = ["Page", "client_address", "page_of", "render_page"]
