"""The people of the demo: the state's public test identities, and relatives plainly invented for them.

An invented isikukood carries a serial of 990-999, which no maternity ward has given out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

ID_CARD: Final = "idcard"
MOBILE_ID: Final = "mID"
SMART_ID: Final = "smartid"
EIDAS: Final = "eidas"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to try the portal as; `code` has its country prefix, `home` is an EHAK code."""

    code: str
    given_name: str
    family_name: str
    birthdate: date
    home: str
    story: str
    methods: tuple[str, ...] = (ID_CARD, MOBILE_ID, SMART_ID)
    phone: str = ""
    children: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.given_name} {self.family_name}"

    @property
    def invented(self) -> bool:
        """Tell whether this is nobody's code, not even a test identity of the state."""
        return self.code[9:11] == "99" and self.code not in _STATE_TEST_IDENTITIES


# Their serials end like the invented ones, but the state publishes them for testing.
_STATE_TEST_IDENTITIES: Final = frozenset({"EE60001019906"})

KARL: Final = DemoPerson(
    "EE51005149910", "Karl", "Männik", date(2010, 5, 14), "0663",
    "16-aastane koolipoiss, elab ema Mari-Liisiga. Tal on oma ID-kaart.",
    (ID_CARD,),
)  # fmt: skip
LIISA: Final = DemoPerson(
    "EE61709229922", "Liisa", "Männik", date(2017, 9, 22), "0663",
    "9-aastane tütar. Ise ta veel sisse ei logi.",
    (),
)  # fmt: skip
MARI_LIIS: Final = DemoPerson(
    "EE47101010033", "Mari-Liis", "Männik", date(1971, 1, 1), "0663",
    "Kaotas töö, üür on maksmata. Elab Rakveres poja Karli ja tütre Liisaga, hoolitseb tädi Aino eest.",
    phone="+37268000769", children=("EE51005149910", "EE61709229922"),
)  # fmt: skip
AINO: Final = DemoPerson(
    "EE44405089938", "Aino", "Männik", date(1944, 5, 8), "0663",
    "82-aastane, elab üksi. Vajab kodus abi, kõik paberid ajab korda vennatütar Mari-Liis.",
    (ID_CARD,),
)  # fmt: skip
PEETER: Final = DemoPerson(
    "EE35803039942", "Peeter", "Saar", date(1958, 3, 3), "0663",
    "Naaber, liigub ratastooliga. Juhib Näidise Hooldekodu SA-d ja tegutseb ka selle eest.",
    (ID_CARD, SMART_ID),
)  # fmt: skip
SAARA: Final = DemoPerson(
    "EE61706119949", "Saara", "Jõeorg", date(2017, 6, 11), "0784",
    "9-aastane, vajab koolis tugiisikut. Ise ta veel sisse ei logi.",
    (),
)  # fmt: skip
JAAK_KRISTJAN: Final = DemoPerson(
    "EE38001085718", "Jaak-Kristjan", "Jõeorg", date(1980, 1, 8), "0784",
    "Tallinna isa. Tema tütar Saara vajab tugiisikut.",
    children=("EE61706119949",),
)  # fmt: skip
VALENTINA: Final = DemoPerson(
    "EE44511039956", "Valentina", "Žaikovskaja", date(1945, 11, 3), "0511",
    "81-aastane Igori ema Narvas. Räägib vene keelt.",
    (ID_CARD,),
)  # fmt: skip
SERGEI: Final = DemoPerson(
    "EE37506129981", "Sergei", "Žaikovski", date(1975, 6, 12), "0511",
    "Igori vend, kes vajab eestkostet. Ise ta sisse ei logi.",
    (),
)  # fmt: skip
IGOR: Final = DemoPerson(
    "EE37101010021", "Igor", "Žaikovski", date(1971, 1, 1), "0511",
    "Elab Narvas, kasutab portaali vene keeles. Tegutseb ema Valentina eest, on venna Sergei eestkostja.",
    wards=("EE37506129981",),
)  # fmt: skip
MARY_ANN: Final = DemoPerson(
    "EE60001019906", "Mary Änn", "O’Connež-Šuslik Testnumber", date(2000, 1, 1), "0793",
    "Tudeng Tartus. Tema nimi proovib läbi iga kitsa koha.",
    (MOBILE_ID,), phone="+37200000766",
)  # fmt: skip
LEIDA: Final = DemoPerson(
    "EE45202179962", "Leida", "Saar", date(1952, 2, 17), "0663",
    "Peetri õde. Tema volikiri on lõppenud.",
    (ID_CARD,),
)  # fmt: skip
TIIT: Final = DemoPerson(
    "EE36807199976", "Tiit", "Kask", date(1968, 7, 19), "0663",
    "Rakvere linna sotsiaaltöötaja. Vastab portaali kirjadele.",
    (ID_CARD,),
)  # fmt: skip

PEOPLE: Final[Sequence[DemoPerson]] = (
    MARI_LIIS, JAAK_KRISTJAN, IGOR, MARY_ANN, KARL, AINO, PEETER, LEIDA, VALENTINA, TIIT, LIISA, SAARA,
    SERGEI,
)  # fmt: skip


def person(code: str) -> DemoPerson:
    """Find a demo person by code; raises `KeyError`."""
    return _BY_CODE[code]


_BY_CODE: Final = {one.code: one for one in PEOPLE}
