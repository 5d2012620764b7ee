"""The environment: safe when unset, refused in one go when something is missing or cannot be read."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from governance.config.env import CHECKOUT, EnvironmentRefused, read
from tests.governance.config.conftest import python

SECRET = "x" * 50
PRODUCTION = {
    "SENIM_MODE": "production",
    "SENIM_SECRET_KEY": SECRET,
    "SENIM_DATABASE_URL": "postgresql://senim_runtime:hidden@db/senim",
    "SENIM_BROKER_URL": "redis://broker/0",
    "SENIM_URL": "https://senim.example.kz/",
}


def test_an_empty_environment_is_a_demo_in_the_checkout():
    found = read({})

    assert (found.mode, found.home, found.url) == ("demo", CHECKOUT / "var", "http://127.0.0.1:8000")
    assert (found.bind, found.port) == ("127.0.0.1", 8000)
    assert found.allowed_hosts == ("127.0.0.1", "localhost", "[::1]")
    assert found.has_embedded_server
    assert found.durable
    assert not found.preload
    assert not found.require_browser


def test_less_than_a_sandbox_has_to_be_allowed_by_name():
    assert read({}).isolation == read(PRODUCTION).isolation == "sandbox"
    assert read({**PRODUCTION, "SENIM_ISOLATION": "process"}).isolation == "process"
    with pytest.raises(EnvironmentRefused, match="SENIM_ISOLATION must be sandbox or process, not 'none'"):
        read({**PRODUCTION, "SENIM_ISOLATION": "none"})


def test_reading_starts_nothing_and_writes_nothing(tmp_path: Path):
    found = read({"SENIM_HOME": str(tmp_path / "home")})

    assert not found.servers.postgres.running()
    assert not (tmp_path / "home").exists()


def test_production_names_everything_that_is_missing_at_once():
    with pytest.raises(EnvironmentRefused) as refused:
        read({"SENIM_MODE": "production"})

    assert str(refused.value) == (
        "SENIM_MODE=production needs SENIM_SECRET_KEY, SENIM_DATABASE_URL, SENIM_BROKER_URL, SENIM_URL"
    )


@pytest.mark.parametrize("name", sorted(set(PRODUCTION) - {"SENIM_MODE"}))
def test_production_without_one_of_its_settings_is_refused(name: str):
    with pytest.raises(EnvironmentRefused, match=f"needs {name}$"):
        read({**PRODUCTION, name: "  "})


def test_production_with_everything_answers_only_to_its_own_name():
    found = read(PRODUCTION)

    assert found.is_production
    assert found.url == "https://senim.example.kz"
    assert found.allowed_hosts == ("senim.example.kz",)
    assert found.secret_key == SECRET
    assert not found.has_embedded_server


@pytest.mark.parametrize(
    ("name", "said", "complaint"),
    [
        ("SENIM_MODE", "prod", "SENIM_MODE must be demo or production, not 'prod'"),
        ("SENIM_PORT", "http", "SENIM_PORT must be a number from 1 to 65535, not 'http'"),
        ("SENIM_PORT", "65536", "SENIM_PORT must be a number from 1 to 65535, not '65536'"),
        ("SENIM_URL", "senim.kz", "SENIM_URL must be like https://senim.example.kz, not 'senim.kz'"),
        ("SENIM_URL", "http://[", "SENIM_URL must be like https://senim.example.kz, not 'http://['"),
        ("SENIM_DURABLE", "perhaps", "SENIM_DURABLE must be yes or no, not 'perhaps'"),
        ("SENIM_SECRET_KEY", "short", "SENIM_SECRET_KEY must have at least 50 characters"),
        ("SENIM_PROXIES", "many", "SENIM_PROXIES must be a number from 0 to 9, not 'many'"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_expected(name: str, said: str, complaint: str):
    with pytest.raises(EnvironmentRefused) as refused:
        read({name: said})

    assert str(refused.value) == complaint


def test_all_complaints_come_together():
    with pytest.raises(EnvironmentRefused) as refused:
        read({"SENIM_MODE": "production", "SENIM_PORT": "x"})

    assert "needs SENIM_SECRET_KEY" in str(refused.value)
    assert "SENIM_PORT" in str(refused.value)


def test_the_port_is_part_of_the_default_url():
    assert read({"SENIM_PORT": "8123"}).url == "http://127.0.0.1:8123"


def test_hosts_are_separated_by_commas_or_spaces():
    assert read({"SENIM_ALLOWED_HOSTS": "a.kz, b.kz c.kz"}).allowed_hosts == ("a.kz", "b.kz", "c.kz")


def test_printing_the_environment_shows_no_secret():
    assert "hidden" not in repr(read(PRODUCTION))
    assert SECRET not in repr(read(PRODUCTION))


def test_a_demo_makes_its_secret_key_once_and_keeps_it_to_itself(tmp_path: Path):
    first = read({"SENIM_HOME": str(tmp_path)}).secret_key

    assert len(first) >= 64
    assert read({"SENIM_HOME": str(tmp_path)}).secret_key == first
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_processes_that_race_for_the_first_secret_key_agree(ground: Path):
    code = "import sys; from governance.config.env import read; print(read({'SENIM_HOME': sys.argv[1]}).secret_key)"
    processes = [python(code, ground) for _ in range(6)]

    assert len({process.communicate()[0] for process in processes}) == 1


def test_a_named_secret_key_leaves_no_file(tmp_path: Path):
    found = replace(read({"SENIM_SECRET_KEY": SECRET}), home=tmp_path)

    assert found.secret_key == SECRET
    assert list(tmp_path.iterdir()) == []


def test_a_secret_may_be_kept_in_a_file(tmp_path: Path):
    kept = tmp_path / "secret"
    kept.write_text(f"{SECRET}\n")
    without = {name: value for name, value in PRODUCTION.items() if name != "SENIM_SECRET_KEY"}

    assert read({**without, "SENIM_SECRET_KEY_FILE": str(kept)}).secret_key == SECRET
    assert (
        read({**without, "SENIM_SECRET_KEY_FILE": str(kept), "SENIM_SECRET_KEY": "y" * 50}).secret_key
        == "y" * 50
    )


def test_a_file_that_cannot_be_read_is_told_without_its_content(tmp_path: Path):
    missing = tmp_path / "missing"
    with pytest.raises(EnvironmentRefused, match="SENIM_METRICS_TOKEN_FILE names a file that cannot be read"):
        read({"SENIM_METRICS_TOKEN_FILE": str(missing)})


def test_production_expects_one_proxy_and_a_demo_none():
    assert (read(PRODUCTION).proxies, read({}).proxies) == (1, 0)
    assert read({**PRODUCTION, "SENIM_PROXIES": "2"}).proxies == 2


def test_an_organisation_runs_two_checks_at_a_time_unless_said_otherwise_and_never_none():
    said = ({}, {"SENIM_RUN_SLOTS": "8"}, {"SENIM_RUN_SLOTS": "0"})
    assert [read(each).run_slots for each in said] == [2, 8, 1]


def test_letters_come_from_the_installation_unless_said_otherwise():
    assert read(PRODUCTION).email_from == "Senim <senim@senim.example.kz>"
    assert read({"SENIM_EMAIL_FROM": "Register <ai@afsa.kz>"}).email_from == "Register <ai@afsa.kz>"


def test_the_largest_upload_is_said_in_megabytes():
    assert read({}).largest_upload == 512
    assert read({"SENIM_LARGEST_UPLOAD": "8000"}).largest_upload == 8000
    assert read({"SENIM_LARGEST_UPLOAD": "0"}).largest_upload == 1
    with pytest.raises(
        EnvironmentRefused, match="SENIM_LARGEST_UPLOAD must be a number from 0 to 102400, not '2 GB'"
    ):
        read({"SENIM_LARGEST_UPLOAD": "2 GB"})
