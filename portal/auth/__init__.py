"""Who you are: signing in with GovSSO, sessions, and what becomes of a form that met a closed door."""

from portal.auth.govsso.client import GovssoClient, Registration
from portal.auth.govsso.log import GovssoLog
from portal.auth.pages import AuthPages
from portal.auth.retention import forget_old

__all__ = ["AuthPages", "GovssoClient", "GovssoLog", "Registration", "forget_old"]
