"""Who is meant: parties, the person who acted and by what right, authorities, officials."""

from enum import StrEnum

from .values import Line, Moment, PartyCode, Wire


class PartyRef(Wire):
    """A person or a legal entity, by code."""

    code: PartyCode
    name: Line


class Contacts(Wire):
    """How to reach somebody, as they said."""

    email: Line | None = None
    phone: Line | None = None
    address: Line | None = None


class Applicant(PartyRef):
    """The party whose matter it is."""

    contacts: Contacts = Contacts()


class RightRef(Wire):
    """By what right somebody acted, and where that is recorded."""

    kind: Line
    source: Line
    valid_until: Moment | None = None


class SubmittedBy(Wire):
    """The person who acted in the portal, and their right to."""

    person: PartyRef
    right: RightRef


class AuthorityRef(Wire):
    """A municipality (by EHAK) or SKA."""

    code: Line
    name: Line


class Official(Wire):
    """Who deals with a matter in the authority."""

    name: Line
    role: Line | None = None
    email: Line | None = None
    phone: Line | None = None


class AuthorKind(StrEnum):
    """In what quality somebody wrote."""

    CITIZEN = "citizen"
    REPRESENTATIVE = "representative"
    CASEWORKER = "caseworker"


class Author(Wire):
    """Who wrote a message; a citizen and a representative are named by code, with the right by which they write."""

    kind: AuthorKind
    name: Line
    code: PartyCode | None = None
    right: RightRef | None = None
