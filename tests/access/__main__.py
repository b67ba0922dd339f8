"""Write `docs/access.md` anew: the table of all actions and all kinds of actor, which the tests try at every address."""

from tests.access.document import PATH, document

PATH.write_text(document(), encoding="utf-8")
