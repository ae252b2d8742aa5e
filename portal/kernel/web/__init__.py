from portal.kernel.web.pages import render_page

__all__ = ["render_page"]
