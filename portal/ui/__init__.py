"""Pages: how a request becomes a visit, a visit a page, and a fault a page in plain words."""

from portal.ui.errors import NotFound, Problem
from portal.ui.forms import PortalForm
from portal.ui.frame import Door, Frame
from portal.ui.routing import BarePage, Page
from portal.ui.visit import Visit

__all__ = ["BarePage", "Door", "Frame", "NotFound", "Page", "PortalForm", "Problem", "Visit"]
