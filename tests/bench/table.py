"""The table that a run prints."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.bench.measuring import Figure

_PAGES: Final = {"inbox": "GET /et/inbox, 20 lines", "step": "POST of a step"}


def print_ratios(figures: Mapping[str, Figure]) -> None:
    """Print each page beside its ceilings, by rate and by CPU."""
    print(
        "\nOne worker, 16 connections; medians of interleaved rounds; CPU ms of the best round: server + PostgreSQL\n"
    )
    print(f"{'':38}{'per second (lowest–highest)':>30}{'CPU ms':>16}{'of 1':>7}{'of 2':>7}{'CPU of 2':>10}")
    for page, title in _PAGES.items():
        for store in ("PostgreSQL", "SQLite"):
            own = figures[f"{page} {store}"]
            bare, second = figures[f"{page} rendered {store}"], figures[f"{page} looked up {store}"]
            _line(
                f"{title}, {store}",
                own,
                own.rate / bare.rate,
                own.rate / second.rate,
                _cpu(second) / _cpu(own),
            )
            _line("  1: rendered from ready values", bare)
            _line("  2: and session, 20 rows, bare driver", second)
    for store in ("PostgreSQL", "SQLite"):
        entry, plain = figures[f"entry {store}"], figures[f"plain text {store}"]
        _line(f"GET the data of an entry, {store}", entry, entry.rate / plain.rate)
        _line("  1: bare Starlette, plain text", plain)
    inbox, ceiling = figures["inbox PostgreSQL"].rate, figures["inbox looked up PostgreSQL"].rate
    print(
        f"\nAim: inbox on PostgreSQL ≥ 0.60 of ceiling 2: {inbox / ceiling:.2f}{_verdict(inbox / ceiling >= 0.6)}"
    )
    share = figures["entry PostgreSQL"].rate / figures["plain text PostgreSQL"].rate
    print(f"Aim: data of an entry ≥ 0.20 of bare Starlette's plain text: {share:.2f}{_verdict(share >= 0.2)}")


def print_aims(figures: Mapping[str, Figure], memory: float, start: tuple[float, float]) -> None:
    """Print what has an aim of its own."""
    views, applications = figures["views"], figures["applications"]
    print("\nTwo workers on PostgreSQL\n")
    rows = (
        ("inbox views/s", f"{views.rate:.0f}", "≥ 600", views.rate >= 600),
        ("  CPU ms a view (+ PostgreSQL)", _cpu_words(views), "", True),
        ("whole applications/s", f"{applications.rate:.1f}", "≥ 60", applications.rate >= 60),
        ("  CPU ms an application (+ PostgreSQL)", _cpu_words(applications), "≤ 25", applications.cpu <= 25),
        ("PSS of a worker, MiB", f"{memory:.0f}", "≤ 150", memory <= 150),
        ("start to first answer, warm, s (CPU s)", f"{start[0]:.1f} ({start[1]:.1f})", "≤ 3", start[0] <= 3),
    )
    for name, value, aim, reached in rows:
        print(f"{name:42}{value:>18}   {aim:8}{_verdict(reached) if aim else ''}")


def print_machine(busy: float) -> None:
    """Say what the figures were measured on; what else the machine did makes rates and CPU times worse."""
    cores, model = os.cpu_count() or 1, _model()
    print(f"\n{cores} cores, {model}; load before the run: {busy:.1f}")
    if busy > cores / 2:
        print(
            "Others were at work here: the rates say little, and every CPU time is too high. Quote the ratios at most."
        )


def _model() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )


def _line(name: str, figure: Figure, *ratios: float) -> None:
    spread = f"{figure.rate:.0f} ({figure.lowest:.0f}–{figure.highest:.0f})"
    print(f"{name:38}{spread:>30}{_cpu_words(figure):>16}" + "".join(f"{ratio:7.2f}" for ratio in ratios))


def _cpu(figure: Figure) -> float:
    return figure.cpu + figure.database_cpu


def _cpu_words(figure: Figure) -> str:
    return f"{figure.cpu:.2f} + {figure.database_cpu:.2f}"


def _verdict(reached: bool) -> str:
    return "  reached" if reached else "  MISSED"
