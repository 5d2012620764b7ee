"""What is shipped to run Senim in production fits what Senim reads: names, commands, roles, nothing of this machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from governance.config import env
from governance.config.embedded import roles
from governance.config.processes import programs
from governance.management.commands import heard
from tests.ground import CHECKOUT

UNITS = sorted((CHECKOUT / "docs" / "systemd").glob("*.service"))
SHIPPED = [
    CHECKOUT / "compose.yaml",
    CHECKOUT / "Dockerfile",
    *(CHECKOUT / "docs" / "compose").glob("*.*"),
    *(CHECKOUT / "docs" / "systemd").iterdir(),
    CHECKOUT / "docs" / "operations.md",
]
OURS = ("migrate", "web", "worker-default", "worker-checks", "worker-outside", "beat", "backup")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((CHECKOUT / "compose.yaml").read_text())
    return found


def known() -> set[str]:
    names = set(re.findall(r"SENIM_[A-Z_]+", env.__doc__ or ""))
    return names | {f"{name}_FILE" for name in names}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_only_names_are_used_that_the_environment_knows(path: Path):
    assert set(re.findall(r"\bSENIM_[A-Z_]*[A-Z]", path.read_text())) - known() == set()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_no_registry_and_no_path_of_this_machine_is_named(path: Path):
    text = path.read_text()
    assert not re.search(r"index-url|extra-index|https?://[^ ]*(pypi|simple|artifactory|mirror)", text)
    assert str(CHECKOUT) not in text and str(Path.home()) + "/" not in text


def test_production_has_all_it_demands(compose):
    for name in OURS:
        given = {key.removesuffix("_FILE") for key in compose["services"][name]["environment"]}
        assert set(env.REQUIRED_IN_PRODUCTION) <= given | {"SENIM_MODE"}, name
        assert compose["services"][name]["environment"]["SENIM_MODE"] == "production"


def test_every_secret_is_a_file_that_its_service_is_given(compose):
    for name, service in compose["services"].items():
        given = set(service.get("secrets", []))
        asked = set(re.findall(r"/run/secrets/([a-z_]+)", str(service)))
        assert asked <= given <= set(compose["secrets"]), name
    words = (CHECKOUT / "compose.yaml").read_text()
    assert not re.search(r"(PASSWORD|SECRET_KEY|TOKEN): *[^ /$]", words)


def test_only_the_migration_knows_the_owner_and_only_the_backup_the_backup_role(compose):
    holders = {
        secret: {
            name for name, service in compose["services"].items() if secret in service.get("secrets", [])
        }
        for secret in ("owner_database_url", "backup_database_url")
    }
    assert holders == {"owner_database_url": {"migrate"}, "backup_database_url": {"backup"}}
    for unit in UNITS:
        assert ("owner.env" in unit.read_text()) == (unit.stem == "senim-migrate")
        assert ("backup.env" in unit.read_text()) == (unit.stem == "senim-backup")


def test_containers_of_ours_run_closed_and_say_whether_they_live(compose):
    for name in OURS:
        service = compose["services"][name]
        assert service["read_only"] and service["cap_drop"] == ["ALL"] and service["user"] != "0", name
        assert "no-new-privileges:true" in service["security_opt"]
        assert ("healthcheck" in service) == (service["restart"] != "no"), name
    assert all("healthcheck" in compose["services"][name] for name in ("postgres", "valkey"))
    assert compose["services"]["web"]["ports"] == ["127.0.0.1:8000:8000"]


def said_by(words: list[str]) -> str:
    """A command without its program and without what differs between places."""
    plain = " ".join(words).replace("--loglevel INFO", "").replace("%%", "%")
    return re.sub(r"^.*?(celery|gunicorn) ", "", re.sub(r"--schedule \S+", "", plain)).split("  ")[0].strip()


def test_the_processes_are_those_of_up(compose):
    of_up = {each.name: said_by(list(each.command)) for each in programs(home=Path("/home"), port=1)}
    services = {
        "default": "worker-default",
        "checks": "worker-checks",
        "outside": "worker-outside",
        "beat": "beat",
    }
    for name, service in services.items():
        unit = (CHECKOUT / "docs" / "systemd" / f"senim-{service}.service").read_text()
        started = next(line for line in unit.splitlines() if line.startswith("ExecStart="))
        assert said_by(compose["services"][service]["command"]) == of_up[name]
        assert said_by(started.split()) == of_up[name]
    assert of_up["web"] in " ".join((CHECKOUT / "docs/systemd/senim-web.service").read_text().split())


def test_health_checks_ask_for_parts_that_exist(compose):
    parser = heard.Command().create_parser("manage.py", "heard")
    for name in ("worker-default", "worker-checks", "worker-outside", "beat"):
        assert parser.parse_args([compose["services"][name]["healthcheck"]["test"][-1]])


def test_the_shipped_roles_are_those_of_the_code():
    assert (CHECKOUT / "docs" / "compose" / "roles.sql").read_text() == roles.script()


def test_units_are_closed():
    for unit in UNITS:
        text = unit.read_text()
        assert all(
            f"{line}=yes" in text
            for line in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices")
        )
        assert "User=senim" in text and "ProtectSystem=strict" in text and "CapabilityBoundingSet=\n" in text


def test_secrets_are_made_once_and_closed(tmp_path: Path):
    script = tmp_path / "make-secrets.sh"
    script.write_text((CHECKOUT / "docs" / "compose" / "make-secrets.sh").read_text())

    def made() -> dict[str, str]:
        subprocess.run(["sh", script], check=True)
        return {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}

    first = made()

    assert first == made() and len(set(first.values())) == len(first)
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    assert set(first) == set(yaml.safe_load((CHECKOUT / "compose.yaml").read_text())["secrets"])
    database = env.database_settings(first["database_url"])
    assert (database["USER"], database["PASSWORD"]) == ("senim_runtime", first["runtime_password"])
    assert len(first["secret_key"]) >= env.SHORTEST_SECRET


DEPLOYED = {
    "SENIM_MODE": "production",
    "SENIM_SECRET_KEY": "a-long-and-various-secret-key-of-0123456789-and-more",
    "SENIM_DATABASE_URL": "postgresql://senim_runtime:hidden@db/senim",
    "SENIM_BROKER_URL": "redis://broker/0",
    "SENIM_URL": "https://senim.example.kz",
}


@pytest.mark.slow
def test_djangos_own_check_has_nothing_to_say_about_production(tmp_path: Path):
    surroundings = {"PATH": "/usr/bin", "SENIM_HOME": str(tmp_path), **DEPLOYED}
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=CHECKOUT,
        env=surroundings,
        capture_output=True,
        text=True,
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "no issues (0 silenced)" in checked.stdout


LOOK = """
import django; django.setup()
from django.conf import settings
from django.test import Client
secure = Client(headers={"Host": "senim.example.kz", "X-Forwarded-Proto": "https"})
plain = Client(headers={"Host": "senim.example.kz"})
page = secure.get("/language/ru/")
print(page.status_code, sorted(page.headers.items()), page.cookies.output())
print("PLAIN", plain.get("/language/ru/").headers.get("Location"))
print("OTHER", Client(headers={"Host": "evil.example", "X-Forwarded-Proto": "https"}).get("/language/ru/").status_code)
print("COOKIES", settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.CSRF_COOKIE_SECURE)
"""


@pytest.mark.slow
def test_production_speaks_https_to_its_own_name_alone(tmp_path: Path):
    surroundings = {"PATH": "/usr/bin", "SENIM_HOME": str(tmp_path), **DEPLOYED}
    surroundings["DJANGO_SETTINGS_MODULE"] = "governance.config.settings"
    ran = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=CHECKOUT, env=surroundings, capture_output=True, text=True
    )
    said = ran.stdout
    assert "('Strict-Transport-Security', 'max-age=31536000; includeSubDomains; preload')" in said, ran.stderr
    assert "('X-Content-Type-Options', 'nosniff')" in said and "('X-Frame-Options', 'DENY')" in said
    assert "('Referrer-Policy', 'same-origin')" in said and "default-src 'none'" in said
    assert "django_language=ru" in said and "Secure" in said
    assert "PLAIN https://senim.example.kz/language/ru/" in said and "OTHER 400" in said
    assert "COOKIES True True True" in said
