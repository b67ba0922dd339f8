"""The words by which tests find things on a page, in each language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """A language's words."""

    lang: str
    start: str
    save: str
    yes: str
    no: str
    lives_there: str
    language: str
    in_estonian: str
    first_time: str
    fourth_time: str
    incomes: tuple[str, ...]
    area: str
    rooms: str
    rent: str
    electricity: str
    loan: str
    bills: str
    statement: str
    upload: str
    iban: str
    own_account: str
    delivery: str
    in_portal: str
    send: str


ET = Words(
    lang="et",
    start="Alusta taotlust",
    save="Salvesta ja jätka",
    yes="Jah",
    no="Ei",
    lives_there="Kas elate praegu",
    language="Mis keeles",
    in_estonian="eesti keeles",
    first_time="Kas taotlete toimetulekutoetust",
    fourth_time="Kas olete sel aastal",
    incomes=("Kas saite", "Karl Männik", "Liisa Männik", "Kas pere sai", "elatist", "kohtutäitur"),
    area="Üldpind",
    rooms="Tubade arv",
    rent="Üür",
    electricity="Elekter",
    loan="eluasemelaenu",
    bills="Selle kuu arved",
    statement="Pangakonto väljavõte",
    upload="Laadi üles",
    iban="Arvelduskonto",
    own_account="Kas konto omanik",
    delivery="Otsuse saan",
    in_portal="siin portaalis",
    send="Saada taotlus",
)
