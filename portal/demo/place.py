"""Where the demo lives on this computer: ports, folders, keys, and the settings made of them."""

import json
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from core_bridge.signing import generate_key, public
from portal.crypto import new_key
from portal.demo.mandates import ROLES
from portal.demo.register import INVENTED_CODES
from portal.settings import Settings

SERVERS: Final = ("portal", "GovSSO", "STAR", "SKAIS", "site", "mail", "register")
CORES: Final = ("STAR", "SKAIS")
_SMTP: Final = 25


class NotHere(Exception):
    """The demo cannot start here; the text says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """A first port and a folder."""

    port_base: int
    data: Path

    def port(self, server: str) -> int:
        """Give the port of one of the servers."""
        return self.port_base + SERVERS.index(server)

    def address(self, server: str) -> str:
        """Give a server's address; only the portal has a name, because passkeys refuse bare addresses."""
        host = "localhost" if server == "portal" else "127.0.0.1"
        return f"http://{host}:{self.port(server)}"

    @property
    def smtp_port(self) -> int:
        """Give the port of the mail server itself."""
        return self.port_base + _SMTP

    def check_ports(self) -> None:
        """Raise `NotHere` when something else listens already."""
        for port in (*map(self.port, SERVERS), self.smtp_port):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    raise NotHere(f"port {port} is in use; choose others with --port-base") from None

    def prepare(self, *, reset: bool) -> None:
        """Make the folder and its keys; `reset` deletes what the demo kept before."""
        mark = self.data / "demo.json"
        if reset and self.data.exists():
            if not mark.exists():
                raise NotHere(f"{self.data} was not made by the demo, so it is not deleted")
            shutil.rmtree(self.data)
        self.data.mkdir(parents=True, exist_ok=True)
        if not mark.exists():
            names = ("uks", *CORES)
            keys = {name: generate_key() for name in names}
            ring = f"index:{new_key()},k1:{new_key()}"
            mark.write_text(json.dumps({"ring": ring, "keys": keys}), encoding="utf-8")
            mark.chmod(0o600)
        self._write_cores()
        self._write_population()
        (self.data / "paasuke.toml").write_text(ROLES, encoding="utf-8")
        self._write_sites()

    def has_no_history(self) -> bool:
        """Tell whether the cores have never run here."""
        return not any((self.data / f"{name}.db").exists() for name in CORES)

    def kept(self) -> dict[str, Any]:
        """Read the demo's keys."""
        kept: dict[str, Any] = json.loads((self.data / "demo.json").read_text(encoding="utf-8"))
        return kept

    def settings(self) -> Settings:
        """Give the settings of the demo's portal."""
        return Settings(
            env="demo",
            public_url=self.address("portal"),
            database_url=f"sqlite:///{(self.data / 'uks.db').absolute()}",
            files_url=f"file://{(self.data / 'files').absolute()}",
            keys=self.kept()["ring"],
            govsso_issuer=self.address("GovSSO") + "/",
            smtp_url=f"smtp://127.0.0.1:{self.smtp_port}",
            cores=self.data / "cores.toml",
            population=self.data / "population.toml",
            paasuke_roles=self.data / "paasuke.toml",
            sites=self.data / "sites.toml",
        )

    def _write_cores(self) -> None:
        kept = self.kept()["keys"]
        own = self.data / "uks.key.json"
        own.touch(mode=0o600)
        own.write_text(json.dumps(kept["uks"]), encoding="utf-8")
        lines = ['[portal]\nname = "uks"\nkey = "uks.key.json"\n']
        for name in CORES:
            (self.data / f"{name}.public.json").write_text(json.dumps(public(kept[name])), encoding="utf-8")
            lines.append(
                f'[cores.{name}]\naddress = "{self.address(name)}"\nkey = "{name}.public.json"\ntimeout = 5\n'
            )
        (self.data / "cores.toml").write_text("\n".join(lines), encoding="utf-8")

    def _write_sites(self) -> None:
        # Rakvere's alone: what another municipality has not registered is refused.
        host = self.address("site").removeprefix("http://")
        (self.data / "sites.toml").write_text(f'[rakvere-linn]\nhosts = ["{host}"]\n', encoding="utf-8")

    def _write_population(self) -> None:
        codes = (f"{meaning} = {json.dumps(list(named))}" for meaning, named in INVENTED_CODES.items())
        lines = [
            f'security_server = "{self.address("register")}"',
            'client = "EE/GOV/70000000/uks"',
            "timeout = 4",
            "[codes]",
            *codes,
        ]
        (self.data / "population.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
