"""The fictional organisations and people of the demonstration. Everything here is made up and marked as such."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from governance.people import services
from governance.people.acting import viewing
from governance.people.actor import Actor
from governance.people.models import Organisation

REGISTER = Actor.system("demonstration")


@dataclass(frozen=True)
class Part:
    """One person. The address says who they are; `roles` as in rights.py."""

    email: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Firm:
    bin: str
    kind: str
    names: dict[str, str]
    people: tuple[Part, ...]
    is_licensed: bool = False

    def part(self, role: str) -> Part:
        """The first of the firm's people with a role."""
        return self.parts(role)[0]

    def parts(self, role: str) -> tuple[Part, ...]:
        return tuple(part for part in self.people if role in part.roles)


BANK = Firm(
    "240140000011",
    "participant",
    {"kk": "«Алатау» банкі (демо)", "ru": "Банк «Алатау» (демо)", "en": "Alatau Bank (demo)"},
    (
        Part("owner@alatau.demo", "Айгерім Сапарова", ("model_owner",)),
        Part("validator@alatau.demo", "Данияр Омаров", ("validator",)),
        Part("member1@alatau.demo", "Гүлнар Әбенова", ("committee",)),
        Part("member2@alatau.demo", "Ержан Қасымов", ("committee",)),
        Part("member3@alatau.demo", "Ирина Ли", ("committee",)),
        Part("administrator@alatau.demo", "Нұрлан Тілеуов", ("administrator",)),
    ),
)
OTHER_BANK = Firm(
    "240140000021",
    "participant",
    {"kk": "«Есіл» банкі (демо)", "ru": "Банк «Есиль» (демо)", "en": "Esil Bank (demo)"},
    (Part("owner@esil.demo", "Сәуле Мұратова", ("model_owner", "validator", "committee", "administrator")),),
)
SUPERVISOR = Firm(
    "240140000031",
    "supervisor",
    {"kk": "Қадағалау органы (демо)", "ru": "Надзорный орган (демо)", "en": "Supervisor (demo)"},
    (Part("officer@supervisor.demo", "Болат Ахметов", ("officer",)),),
)
BROKER = Firm(
    "240140000041",
    "participant",
    {"kk": "«Тұлпар» брокері (демо)", "ru": "Брокер «Тулпар» (демо)", "en": "Tulpar Brokerage (demo)"},
    (
        Part("owner@tulpar.demo", "Әлия Нұрғалиева", ("model_owner",)),
        Part("validator@tulpar.demo", "Руслан Ким", ("validator",)),
        Part("member1@tulpar.demo", "Бақытжан Сейітов", ("committee",)),
        Part("member2@tulpar.demo", "Мадина Жақсылықова", ("committee",)),
        Part("member3@tulpar.demo", "Виктор Цой", ("committee",)),
        Part("administrator@tulpar.demo", "Асхат Беков", ("administrator",)),
    ),
    is_licensed=True,
)
ASSET_MANAGER = Firm(
    "240140000051",
    "participant",
    {
        "kk": "«Аққу» активтерді басқару (демо)",
        "ru": "Управляющая компания «Акку» (демо)",
        "en": "Aqqu Asset Management (demo)",
    },
    (
        Part("owner@aqqu.demo", "Жанна Оспанова", ("model_owner", "administrator")),
        Part("validator@aqqu.demo", "Тимур Алиев", ("validator",)),
    ),
    is_licensed=True,
)
AUDIT_FIRM = Firm(
    "240140000061",
    "audit_firm",
    {
        "kk": "«Адал» аудиторлық фирмасы (демо)",
        "ru": "Аудиторская фирма «Адал» (демо)",
        "en": "Adal Audit (demo)",
    },
    (Part("auditor@adal.demo", "Светлана Пак", ("auditor",)),),
)
FIRMS = (BANK, OTHER_BANK, SUPERVISOR, BROKER, ASSET_MANAGER, AUDIT_FIRM)
"""Everybody of the demonstration. To add a firm or a person is one entry here."""


@dataclass
class Cast:
    """Ids of the organisations by BIN and of the models by story, and one password for everybody."""

    password: str
    organisations: dict[str, str] = field(default_factory=dict)
    models: dict[str, str] = field(default_factory=dict)
    finished: bool = False

    def keep(self, home: Path) -> None:
        """Remember it beside the data, for the next start. The file is readable by its owner alone."""
        path = home / "demo.json"
        path.touch(mode=0o600, exist_ok=True)
        path.write_text(json.dumps(self.__dict__, ensure_ascii=False, indent=2))

    @classmethod
    def kept(cls, home: Path) -> Cast | None:
        path = home / "demo.json"
        return cls(**json.loads(path.read_text())) if path.exists() else None


def gather(cast: Cast) -> None:
    """Enter the organisations and let everybody in, through the services that an administrator uses."""
    for firm in FIRMS:
        organisation = services.found(
            by=REGISTER,
            kind=firm.kind,
            bin=firm.bin,
            names=firm.names,
            is_licensed=firm.is_licensed,
            is_demo=True,
        )
        cast.organisations[firm.bin] = str(organisation.pk)
        for part in firm.people:
            _let_in(organisation, part, cast.password)


def _let_in(organisation: Organisation, part: Part, password: str) -> None:
    secret = None
    for role in part.roles:
        _membership, invited = services.invite(
            by=REGISTER, organisation=organisation, email=part.email, name=part.name, role=role, language="kk"
        )
        secret = invited or secret
    if secret:
        services.accept(secret=secret, password=password)


def new_password() -> str:
    """Speakable, and different on each installation."""
    return "senim-" + secrets.token_hex(5)


def token_for(cast: Cast, firm: Firm, name: str, scopes: list[str]) -> str:
    """The secret of a token that the firm's own administrator issues."""
    from governance.people import recognition
    from governance.people.models import User

    administrator = firm.part("administrator")
    with viewing(REGISTER):
        user = User.objects.get(email=administrator.email)
        organisation = Organisation.objects.get(pk=UUID(cast.organisations[firm.bin]))
    _token, secret = services.issue_token(
        by=recognition.person(user), organisation=organisation, name=name, scopes=scopes, days=30
    )
    return secret


def holds_only_the_demo() -> bool:
    """Whether every organisation of the register is marked as made up."""
    with viewing(REGISTER):
        return not Organisation.objects.filter(is_demo=False).exists()
