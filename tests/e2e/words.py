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

EN = Words(
    lang="en",
    start="Start the application",
    save="Save and continue",
    yes="Yes",
    no="No",
    lives_there="Do you live at this address",
    language="In which language",
    in_estonian="Estonian",
    first_time="Is this your first application",
    fourth_time="Have you already applied",
    incomes=(
        "Did you have income",
        "Karl Männik",
        "Liisa Männik",
        "Did the family get money",
        "pay maintenance",
        "a bailiff",
    ),
    area="Floor area",
    rooms="Number of rooms",
    rent="Rent",
    electricity="Electricity",
    loan="a housing loan",
    bills="This month's bills",
    statement="Bank statement",
    upload="Upload",
    iban="Bank account",
    own_account="Does the account belong",
    delivery="I get the decision",
    in_portal="here in the portal",
    send="Send the application",
)
RU = Words(
    lang="ru",
    start="Начать заявление",
    save="Сохранить и продолжить",
    yes="Да",
    no="Нет",
    lives_there="Вы сейчас живёте",
    language="На каком языке",
    in_estonian="на эстонском",
    first_time="Вы просите прожиточное пособие",
    fourth_time="В этом году Вы уже просили",
    incomes=(
        "Были ли у Вас",
        "Karl Männik",
        "Liisa Männik",
        "Получала ли семья",
        "Платил ли кто-то",
        "судебный исполнитель",
    ),
    area="Общая площадь",
    rooms="Число комнат",
    rent="Аренда",
    electricity="Электричество",
    loan="жилищный кредит",
    bills="Счета за этот месяц",
    statement="Выписка с банковского счёта",
    upload="Загрузить",
    iban="Банковский счёт",
    own_account="Счёт принадлежит заявителю",
    delivery="Получу решение",
    in_portal="здесь на портале",
    send="Отправить заявление",
)
