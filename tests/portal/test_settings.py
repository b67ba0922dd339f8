"""Settings that are wrong are told in one line that names them; what is secret is never repeated."""

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from portal.cli import app
from portal.settings import Settings, unknown_settings

KEY = "A" * 43 + "="

WRONG = {
    "UKS_ENV": ["prod", ""],
    "UKS_PUBLIC_URL": [
        "",
        "uks.example.ee",
        "ftp://uks.example.ee",
        "https://",
        "https://a.ee/path",
        "http://a:b",
    ],
    "UKS_CONTACT": [
        "abi",
        "abi@",
        "@example.ee",
        "Abi <abi@example.ee>",
        "a@b.ee\nContact: c@d.ee",
        "a@b.ee?x=y",
    ],
    "UKS_DATABASE_URL": ["", "mysql://a/b", "postgresql://host", "sqlite:///", "/var/uks.db", "http://[::1"],
    "UKS_FILES_URL": ["", "/var/files", "s3://bucket", "file://"],
    "UKS_GOVSSO_ISSUER": ["", "govsso.ee", "https://"],
    "UKS_GOVSSO_LOGOUT_FROM": ["riik", "10.0.0.0/33", "10.0.0.1/8"],
    "UKS_GOVSSO_ADDRESS": ["siit", "10.0.0.0/8", "10.0.0.300"],
    "UKS_GOVSSO_LOG_DAYS": ["aasta", "0", "364", "2558"],
    "UKS_MIN_ACR": ["highest", "HIGH", ""],
    "UKS_IDLE_MINUTES": ["pool tundi", "0", "4", "721", "1e9"],
    "UKS_SMTP_URL": ["mail.example.ee", "http://mail", "smtp://", "smtp://mail:port"],
    "UKS_CLAMD_URL": ["localhost:3310", "tcp://", "unix://", "tcp://clamd:99999"],
    "UKS_TRUSTED_PROXIES": ["proxy", "10.0.0.0/8 10.1.0.0/16", "*"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_wrong_setting_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    told = CliRunner().invoke(app, ["migrate"])
    assert told.exit_code == 2
    assert told.stdout == ""
    assert told.stderr.startswith(f"uks: {name}: ")
    assert told.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "ring",
    [
        "",
        "k1",
        f"k1:{KEY}",
        f"index:{KEY}",
        "index:short,k1:short",
        f"index:{KEY},k1:{KEY[:-8]}",
        f"index:{KEY},k1:ei ole base64!",
        f"index:{KEY},k1:{KEY},k1:{KEY}",
        f"index:{KEY},:{KEY}",
        f"index:{KEY},{'k' * 32}:{KEY}",
    ],
)
@pytest.mark.parametrize("command", ["migrate", "serve", "worker"])
def test_a_wrong_key_ring_is_one_line_without_the_keys(
    monkeypatch: pytest.MonkeyPatch, ring: str, command: str
) -> None:
    monkeypatch.setenv("UKS_KEYS", ring)
    told = CliRunner().invoke(app, [command])
    assert told.exit_code == 2
    assert told.stderr.startswith("uks: UKS_KEYS")
    assert told.stderr.count("\n") == 1
    assert "AAAA" not in told.stderr


def test_a_misspelt_setting_is_told_with_what_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UKS_TRUSTED_PROXY", "10.0.0.1")
    assert unknown_settings() == ["UKS_TRUSTED_PROXY: there is no such setting; UKS_TRUSTED_PROXIES?"]
    told = CliRunner().invoke(app, ["check"])
    assert told.exit_code == 2
    assert told.stderr == "uks: UKS_TRUSTED_PROXY: there is no such setting; UKS_TRUSTED_PROXIES?\n"


def test_what_is_secret_is_never_repeated() -> None:
    with pytest.raises(ValidationError) as wrong:
        Settings(smtp_url="smtps://uks:saladus@mail:port", database_url="mysql://uks:saladus@db/uks")
    assert "saladus" not in str(wrong.value)
    secret = dict.fromkeys(("keys", "govsso_client_secret", "metrics_token"), "saladus")
    assert "saladus" not in repr(Settings(**secret))  # type: ignore[arg-type]


def test_networks_may_stand_in_a_row_and_single_addresses_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UKS_TRUSTED_PROXIES", " 10.0.0.0/8, 192.0.2.7 ,2001:db8::/32,")
    assert [str(each) for each in Settings().trusted_proxies] == [
        "10.0.0.0/8",
        "192.0.2.7/32",
        "2001:db8::/32",
    ]
    monkeypatch.setenv("UKS_TRUSTED_PROXIES", "")
    assert Settings().trusted_proxies == ()


def test_an_empty_file_name_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UKS_CORES", "")
    assert Settings().cores is None


def test_the_address_decides_host_and_cookies() -> None:
    plain, real = Settings(public_url="http://localhost:8000/"), Settings(public_url="https://uks.example.ee")
    assert (plain.public_url, plain.host, plain.secure) == ("http://localhost:8000", "localhost:8000", False)
    assert (real.host, real.secure) == ("uks.example.ee", True)


def test_a_start_in_production_lacks_everything_that_only_the_demo_has() -> None:
    lacking = Settings(env="production").lacks()
    for name in (
        "PUBLIC_URL",
        "KEYS",
        "GOVSSO_ISSUER",
        "GOVSSO_CLIENT_ID",
        "GOVSSO_CLIENT_SECRET",
        "CLAMD_URL",
    ):
        assert any(line.startswith(f"UKS_{name}") for line in lacking), name


def test_a_whole_installation_lacks_nothing() -> None:
    whole = Settings(
        env="production",
        public_url="https://uks.example.ee",
        keys=f"index:{KEY},k1:{KEY}",
        govsso_issuer="https://govsso.example.ee/",
        govsso_client_id="uks",
        govsso_client_secret="not-the-demo's",
        clamd_url="tcp://127.0.0.1:3310",
        cores="/etc/uks/cores.toml",
        smtp_url="smtp://mail.example.ee",
        mail_from="Uks <teavitus@example.ee>",
    )
    assert whole.lacks() == []
