"""A municipality's website as it might be, on another origin: the entries stand on it as a webmaster pastes them.

Its pages imitate what three platforms allow and forbid (content security policies, sandboxes, filtered HTML),
plainly invented where a platform's own settings are not known.
"""

from portal.demo.site.app import create_site

__all__ = ["create_site"]
