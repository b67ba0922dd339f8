"""The file of the municipalities' sites, and what may be led back to: hostile addresses lead nowhere."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from embeds.sites import BadSites, Sites, load_sites
from portal.cli import app
from portal.crypto import new_key

RAKVERE = "0663"
OWN = Sites({RAKVERE: ("www.rakvere.ee", "rakvere.ee"), "0793": ("www.tartu.ee",)})


def load(folder: Path, text: str, *, production: bool = True) -> Sites:
    path = folder / "sites.toml"
    path.write_text(text, encoding="utf-8")
    return load_sites(path, production=production)


def test_a_municipality_is_named_by_its_slug_or_its_ehak_code(tmp_path: Path) -> None:
    sites = load(tmp_path, '[rakvere-linn]\nhosts = ["www.rakvere.ee"]\n[0793]\nhosts = ["www.tartu.ee"]')
    assert sites.hosts == {RAKVERE: ("www.rakvere.ee",), "0793": ("www.tartu.ee",)}


def test_outside_production_a_site_may_stand_on_a_port_of_this_computer(tmp_path: Path) -> None:
    sites = load(tmp_path, '[rakvere-linn]\nhosts = ["127.0.0.1:8004"]', production=False)
    assert sites.way_back("http://127.0.0.1:8004/abi", RAKVERE)
    assert sites.ancestors(RAKVERE) == "'self' https://127.0.0.1:8004 http://127.0.0.1:8004"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[", "sites.toml"),
        ("[rakvere]\nhosts = ['www.rakvere.ee']", "neither the name"),
        ("[SKA]\nhosts = ['www.sotsiaalkindlustusamet.ee']", "only municipalities"),
        ("[rakvere-linn]", "hosts"),
        ("[rakvere-linn]\nhosts = []", "hosts"),
        ("[rakvere-linn]\nhost = 'www.rakvere.ee'", "host"),
        ("[rakvere-linn]\nhosts = ['www.rakvere.ee']\n[0663]\nhosts = ['rakvere.ee']", "twice"),
        ("[rakvere-linn]\nhosts = ['https://www.rakvere.ee']", "is no host"),
        ("[rakvere-linn]\nhosts = ['www.rakvere.ee/abi']", "is no host"),
        ("[rakvere-linn]\nhosts = ['*.rakvere.ee']", "is no host"),
        ("[rakvere-linn]\nhosts = ['WWW.rakvere.ee']", "is no host"),
        ("[rakvere-linn]\nhosts = ['www.räkvere.ee']", "xn--"),
        ('[rakvere-linn]\nhosts = ["www.rakvere.ee; script-src *"]', "is no host"),
        ("[rakvere-linn]\nhosts = ['www.rakvere.ee:8443']", "no port"),
        ("[rakvere-linn]\nhosts = ['localhost']", "full name"),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadSites) as wrong:
        load(tmp_path, text)
    assert told in str(wrong.value)


def test_a_wrong_file_is_one_line_of_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sites.toml").write_text("[rakvere]\nhosts = ['www.rakvere.ee']", encoding="utf-8")
    monkeypatch.setenv("UKS_SITES", str(tmp_path / "sites.toml"))
    monkeypatch.setenv("UKS_KEYS", f"index:{new_key()},k1:{new_key()}")
    monkeypatch.setenv("UKS_DATABASE_URL", f"sqlite:///{tmp_path / 'uks.db'}")
    told = CliRunner().invoke(app, ["check"])
    assert told.exit_code == 2
    assert "rakvere: neither the name" in told.output


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("https://www.rakvere.ee", "https://www.rakvere.ee/"),
        ("https://WWW.Rakvere.ee/", "https://www.rakvere.ee/"),
        ("https://rakvere.ee/sotsiaalabi?id=12&page=2#koht", "https://rakvere.ee/sotsiaalabi?id=12&page=2"),
        ("https://www.rakvere.ee/%C3%B5ppetoetus", "https://www.rakvere.ee/%C3%B5ppetoetus"),
        ("https://www.rakvere.ee/@nimi/a:b", "https://www.rakvere.ee/@nimi/a:b"),
        ("https://www.rakvere.ee?q=a", "https://www.rakvere.ee?q=a"),
    ],
)
def test_a_page_of_the_site_is_led_back_to(address: str, leads: str) -> None:
    found = OWN.way_back(address, RAKVERE)
    assert found
    assert found.address == leads
    assert found.host in ("www.rakvere.ee", "rakvere.ee")


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "http://www.rakvere.ee/",
        "//www.rakvere.ee/",
        "https:www.rakvere.ee",
        "https:/www.rakvere.ee",
        "https:///www.rakvere.ee",
        "https://www.rakvere.ee@evil.example/",
        "https://evil.example@www.rakvere.ee/",
        "https://user:pass@www.rakvere.ee/",
        "https://www.rakvere.ee:443/",
        "https://www.rakvere.ee:8443/",
        "https://www.rakvere.ee:/",
        "https://www.rakvere.ee./",
        "https://.www.rakvere.ee/",
        "https://www.rakvere.ee.evil.example/",
        "https://evil.example/www.rakvere.ee",
        "https://evil.example#www.rakvere.ee",
        "https://evil.example?www.rakvere.ee",
        "https://sub.www.rakvere.ee/",
        "https://xrakvere.ee/",
        "https://www.rakvere.ee\\@evil.example/",
        "https:\\\\www.rakvere.ee/",
        "https://evil.example\\.www.rakvere.ee/",
        "https://www。rakvere。ee/",
        "https://www.rаkvere.ee/",
        "https://www.rakvere.ee%2eevil.example/",
        "https://www.rakvere.ee%00.evil.example/",
        "https://www.rakvere.ee\t.evil.example/",
        "https://www.rakvere.ee/\r\nSet-Cookie: a=b",
        "https://www.rakvere.ee/\n",
        " https://www.rakvere.ee/",
        'https://www.rakvere.ee/"><script>',
        "https://www.rakvere.ee/<b>",
        "javascript:alert(1)//https://www.rakvere.ee/",
        "javascript://www.rakvere.ee/%0aalert(1)",
        "data:text/html,https://www.rakvere.ee/",
        "ftp://www.rakvere.ee/",
        "HTTPS://evil.example/",
        "https://[::1]/",
        "https://www.tartu.ee/",
        "https://www.rakvere.ee/" + "a" * 500,
    ],
)
def test_anything_else_is_no_way_back(address: str | None) -> None:
    assert OWN.way_back(address, RAKVERE) is None


@given(st.text(max_size=40), st.text(max_size=10))
def test_whatever_stands_around_a_registered_name_the_host_is_registered(before: str, after: str) -> None:
    found = OWN.way_back(f"https://{before}www.rakvere.ee{after}")
    assert found is None or found.address.startswith(("https://www.rakvere.ee", "https://rakvere.ee"))
    assert found is None or found.address[len("https://" + found.host) :][:1] in ("/", "?")


def test_without_a_municipality_any_registered_site_counts() -> None:
    assert OWN.way_back("https://www.tartu.ee/")
    assert OWN.way_back("https://www.narva.ee/") is None


def test_who_has_no_site_is_framed_by_nobody_else() -> None:
    assert OWN.ancestors("0511") == "'self'"
    assert OWN.ancestors(RAKVERE) == "'self' https://www.rakvere.ee https://rakvere.ee"
