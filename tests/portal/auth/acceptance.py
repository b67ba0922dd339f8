"""What a client of GovSSO must show: RIA's testing rules, the pitfalls met on the way, and our own demands.

A test names the lines it shows with `@pytest.mark.acceptance("…")`; the table is printed after the tests, and
docs/govsso.md tells of each line.
"""

from collections import defaultdict
from typing import Any, Final

LINES: Final = {
    "sign-in": "Signing in leads back to the very page",
    "signature": "A token with a wrong signature is refused",
    "issuer": "A token or an answer of another issuer is refused",
    "audience": "A token for another client is refused",
    "expiry": "An expired token, or one from the future, is refused",
    "low-acr": "A lower level of assurance is refused, and explained",
    "nonce": "A token with another nonce is refused",
    "state": "A forged, foreign or used state is refused",
    "key-rotation": "A new signing key is fetched by itself, once",
    "renewal-by-browser": "The browser asks for renewal two minutes before the token ends",
    "renewal-not-by-server": "The portal never renews by itself, nor after the tab is closed",
    "renewal-retried": "A failed network is tried again until the token ends, and not after",
    "renewal-refused": "An OIDC error at renewal ends the session at once, in all tabs",
    "renewal-500": "A renewal answered 500 may be tried again",
    "renewal-serialized": "Two tabs renewing together spend one single-use refresh token",
    "renewal-scope": "A plain renewal asks for openid alone",
    "token-inactive": "401 token_inactive ends the session",
    "same-person": "A renewed token of another person or session ends the session",
    "end-exact": "The session ends with the token to the second, and GovSSO's with it",
    "inactivity": "Inactivity ends the session however long the token is renewed",
    "longest": "After twelve hours the person signs in again",
    "continued": "A session begun in another service is continued",
    "logout-alone": "Logging out ends our session first, then GovSSO's",
    "logout-with-others": "Logging out with other services linked: all, or ours alone",
    "logout-elsewhere": "Logging out in another service ends the session here, by sid",
    "logout-by-sub": "A logout token with a person alone ends all their sessions",
    "logout-replay": "A logout token is obeyed once, and no other token passes for one",
    "logout-addresses": "Only GovSSO's addresses may send it, also behind a trusted proxy",
    "logout-post": "A token with a list of representees leaves by POST",
    "logout-stolen-cookie": "A stolen cookie is worthless after logging out",
    "user-cancel": "Turning back at GovSSO is no error",
    "tabs": "Several tabs may sign in at once",
    "parallel": "Parallel sessions of one person keep their tokens apart",
    "mixed-up": "Codes and tokens of two sign-ins, mixed up, let nobody in",
    "eidas": "A person whose code is no isikukood comes in, at the right level",
    "languages": "The language is passed on and comes back, in et, en and ru",
    "basic-auth": "Client id and secret are form-encoded before base64",
    "clock": "Half a minute of clock difference is forgiven, no more",
    "discovery": "Addresses come from the discovery document of exactly this issuer",
    "cookies": "Cookies hold no token; Lax, HttpOnly, bound to the host",
    "unavailable": "GovSSO silent: said in words, without a restart afterwards",
    "trust-roots": "Only the named roots are trusted",
    "egress": "Calls leave from the address that RIA has",
    "logging-duty": "What passes is logged, encrypted, apart, without secrets; reading is recorded",
    "logo": "The logo that RIA registers is there",
}


def line_by_line(reports: dict[str, list[Any]]) -> dict[str, tuple[int, int]]:
    """Count by line the tests that passed and all there were; of a test, setting up and cleaning up count too."""
    outcomes: dict[str, dict[str, bool]] = defaultdict(dict)
    for outcome, kind in (("passed", True), ("failed", False), ("error", False), ("skipped", False)):
        for report in reports.get(outcome, []):
            for name, line in getattr(report, "user_properties", []):
                if name == "acceptance":
                    good = outcomes[line].get(report.nodeid, True)
                    outcomes[line][report.nodeid] = good and kind
    return {line: (sum(tests.values()), len(tests)) for line, tests in outcomes.items()}


def print_table(reporter: Any) -> None:
    """Print line after line with its result, if any of its tests ran."""
    counted = line_by_line(reporter.stats)
    if not counted:
        return
    reporter.section("GovSSO acceptance list", sep="=")
    for line, words in LINES.items():
        passed, ran = counted.get(line, (0, 0))
        result = "not run" if not ran else "ok" if passed == ran else "FAILED"
        reporter.write_line(f"{result:<8}{passed:>3}/{ran:<3}  {line:<22} {words}", red=result == "FAILED")
