"""To whom a general letter may go: every municipality, and the Social Insurance Board."""

from collections.abc import Sequence

from portal.authorities import SKA, Authority, authority, municipalities


def recipient(code: str) -> Authority | None:
    """Find the authority of a code that came with a form; None when there is none."""
    try:
        return authority(code)
    except KeyError:
        return None


def core_of(to: Authority) -> str:
    """Name the core that brings the letters of an authority to its officials."""
    return "SKAIS" if to.code == SKA.code else "STAR"


def known_first(codes: Sequence[str]) -> tuple[Sequence[Authority], Sequence[Authority]]:
    """Give the authorities of earlier matters, in their order, and all the others."""
    known = [found for code in codes if (found := recipient(code)) is not None]
    return known, [each for each in (SKA, *municipalities()) if each not in known]
