"""What has happened before the demo starts; played once, on a past clock."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final

from core_bridge.in_process import in_process
from core_bridge.reference_core import casework, correspondence, decisions
from core_bridge.reference_core.app import create_core
from core_bridge.reference_core.database import CoreDatabase
from core_bridge.reference_core.settings import CoreSettings
from core_bridge.signing import Jwk
from core_bridge.vouching import XteeCallers
from core_bridge.wire import CalculationLine, Outcome, Per
from portal.clock import TALLINN, FixedClock, SystemClock
from portal.demo.past import Past
from portal.demo.people import AINO, IGOR, JAAK_KRISTJAN, MARI_LIIS
from portal.parts import build
from portal.parts.cores import Cores
from portal.settings import Settings

_IBAN: Final = "EE382200221020145685"


async def play(settings: Settings, cores: Mapping[str, CoreSettings], key: Jwk) -> None:
    """Play the history into databases that have none yet; nothing else may be running on them."""
    now = SystemClock().now()
    clock = FixedClock(now)
    async with AsyncExitStack() as stack:
        named = {}
        for name, core in cores.items():
            app = create_core(core, clock)
            await stack.enter_async_context(app.router.lifespan_context(app))
            named[name] = in_process(name, app, issuer="uks", key=key, clock=clock)
        parts = build(settings, clock, Cores(named, XteeCallers({})))
        stack.push_async_callback(parts.close)
        star = CoreDatabase(cores["STAR"].database)
        stack.push_async_callback(star.close)
        await _story(Past(parts, star, clock), now)


async def _story(past: Past, now: datetime) -> None:
    month = now.astimezone(TALLINN).replace(day=1)
    await _last_month(past, month)
    await past.at(_days_ago(now, 4, 14, 2))
    rent = {"dwelling_area": "31", "dwelling_rooms": "1", "cost_rent": "180", "iban": _IBAN}
    igor = await past.apply(IGOR, contact_language="ru", **rent)
    await past.register(igor, complete=True)
    await past.at(_days_ago(now, 2, 10, 15))
    await _aino_is_asked(past, now)
    await past.at(_days_ago(now, 1, 19, 30))
    await past.fill(JAAK_KRISTJAN, dwelling_area="48", dwelling_rooms="2", cost_rent="420")
    await past.at(now)


async def _last_month(past: Past, month: datetime) -> None:
    """Mari-Liis was granted a part, Aino the whole; both have opened their decisions."""
    await past.at(_days_ago(month, 9, 14, 2))
    costs = {"cost_rent": "260", "cost_water": "18,40", "cost_electricity": "31,60", "cost_heating": "32"}
    mari_liis = await past.apply(MARI_LIIS, dwelling_area="62", dwelling_rooms="3", iban=_IBAN, **costs)
    aino = await past.apply(AINO, **_AINOS_HOME)
    await past.at(_days_ago(month, 9, 14, 20))
    await past.register(mari_liis, complete=True)
    await past.register(aino, complete=True)
    await past.at(_days_ago(month, 3, 15, 41))
    await past.decide(mari_liis, _in_part(month))
    await past.decide(aino, _in_full(month))
    await past.at(_days_ago(month, 2, 9, 12))
    await past.opens(MARI_LIIS, mari_liis)
    await past.opens(AINO, aino)


_AINOS_HOME: Final = {
    "dwelling_area": "34",
    "dwelling_rooms": "1",
    "cost_rent": "120",
    "cost_heating": "94,20",
    "cost_electricity": "22",
    "iban": _IBAN,
}


async def _aino_is_asked(past: Past, now: datetime) -> None:
    aino = await past.apply(AINO, **_AINOS_HOME)
    await past.at(_days_ago(now, 2, 10, 40))
    await past.register(aino, complete=False)
    await past.at(_days_ago(now, 1, 9, 40))
    async with past.casework(aino) as (act, _, proceeding):
        assert proceeding is not None
        await casework.ask(
            act,
            proceeding,
            title="Lisage pangakonto väljavõte",
            text="Palun lisage oma pangakonto väljavõte eelmise ja selle kuu kohta. Sobib PDF pangast või foto.",
            due_on=(now + timedelta(days=5)).astimezone(TALLINN).date(),
            wanted=("pangakonto väljavõte",),
        )
    await past.at(_days_ago(now, 1, 9, 48))
    async with past.casework(aino) as (act, application, proceeding):
        assert proceeding is not None
        await correspondence.write(
            act,
            party=application.applicant,
            authority=application.authority,
            text="Tere! Küsisin Teilt pangakonto väljavõtet. Üürilepingut ei ole vaja uuesti saata, "
            "see on meil olemas. Kui jääte hätta, kirjutage mulle siia.",
            application_id=aino,
            proceeding_id=proceeding.id,
        )


def _in_part(month: datetime) -> decisions.Ruling:
    return _ruling(
        month,
        Outcome.GRANTED_IN_PART,
        "583.00",
        ("Toimetulekupiir (220 + 264 + 264)", "748.00"),
        ("Eluasemekulud, mida linn arvestas", "300.00"),
        ("Pere sissetulek eelmisel kuul", "-480.00"),
        ("Lisa: kõik teised pereliikmed on alaealised (SHS § 135)", "15.00"),
        reasons="Teie üür on 260 € kuus. Linn võttis sellest arvesse 218 €. Ülejäänud 42 € jäi arvestamata, "
        "sest üürile kehtib linnas piirmäär. (Näidisotsus, piirmäär on välja mõeldud.)",
    )


def _in_full(month: datetime) -> decisions.Ruling:
    return _ruling(
        month,
        Outcome.GRANTED,
        "43.90",
        ("Toimetulekupiir", "220.00"),
        ("Eluasemekulud", "236.20"),
        ("Pension eelmisel kuul", "-412.30"),
        reasons="Teie sissetulek jääb pärast eluaseme kulusid alla toimetulekupiiri. (Näidisotsus.)",
    )


def _ruling(
    month: datetime, outcome: Outcome, amount: str, *lines: tuple[str, str], reasons: str
) -> decisions.Ruling:
    last = month.date() - timedelta(days=1)
    return decisions.Ruling(
        outcome,
        reasons,
        amount=Decimal(amount),
        per=Per.ONCE,
        calculation=tuple(CalculationLine(label=label, amount=Decimal(part)) for label, part in lines),
        first=last.replace(day=1),
        last=last,
        legal_basis=("SHS § 131", "SHS § 133 lg 6"),
    )


def _days_ago(now: datetime, days: int, hour: int, minute: int) -> datetime:
    day = (now.astimezone(TALLINN) - timedelta(days=days)).date()
    return datetime.combine(day, time(hour, minute), TALLINN)
