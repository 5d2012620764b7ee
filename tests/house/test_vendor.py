"""What browsers run from others is exactly what was reviewed: listed, checksummed, licensed, and calling nobody."""

from __future__ import annotations

import io
import re
import tarfile

import pytest
from django.core.management import CommandError

from governance.management.commands import vendor
from governance.management.commands.vendor import FOLDER, MANIFEST, Kept, Package, as_kept, packages, problems

CALLS_HOME = re.compile(r"@import|url\(\s*['\"]?(?:https?:)?//|sourceMappingURL=")


def test_every_vendored_file_is_listed_and_has_the_listed_checksum():
    assert problems() == []


def test_a_changed_file_a_missing_file_and_a_stranger_are_noticed(tmp_path):
    (tmp_path / "htmx-2.0.11").mkdir()
    (tmp_path / "htmx-2.0.11" / "htmx.min.js").write_text("changed")
    (tmp_path / "stranger.js").write_text("")

    found = problems(tmp_path)

    assert "htmx-2.0.11/htmx.min.js is not the file that was listed" in found
    assert "htmx-2.0.11/LICENSE is missing" in found
    assert "stranger.js is not on the list" in found


@pytest.mark.parametrize("package", packages(), ids=lambda package: package.npm)
def test_each_package_names_its_licence_and_the_digest_of_its_tarball(package):
    licence = (FOLDER / package.folder / "LICENSE").read_text()

    assert package.licence in {"MIT", "0BSD", "Apache-2.0"}
    assert re.search(r"permission|license", licence, re.IGNORECASE)
    assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", package.integrity)
    assert package.folder.endswith(package.version)


def test_no_vendored_style_sheet_or_script_names_another_server_or_a_source_map():
    sheets = [path for path in FOLDER.rglob("*") if path.suffix in {".css", ".js"}]

    assert {path.name: CALLS_HOME.findall(path.read_text()) for path in sheets if path.suffix == ".css"} == {
        "tabler.min.css": []
    }
    assert [path.name for path in sheets if "\n//# sourceMappingURL=" in path.read_text()] == []


def test_the_list_names_no_registry():
    assert "http" not in MANIFEST.read_text()


def test_only_the_pointer_to_the_source_map_is_taken_out_of_a_published_file():
    assert as_kept(b"run();\n//# sourceMappingURL=run.js.map\n") == b"run();\n"
    assert as_kept(b"a{}\n/*# sourceMappingURL=a.css.map */") == b"a{}\n"
    assert as_kept(b'x = "sourceMappingURL=";\n') == b'x = "sourceMappingURL=";\n'


def test_a_file_that_differs_from_the_list_is_not_unpacked(tmp_path):
    tarball = tmp_path / "thing.tgz"
    with tarfile.open(tarball, "w:gz") as archive:
        entry = tarfile.TarInfo("package/thing.js")
        entry.size = 4
        archive.addfile(entry, io.BytesIO(b"evil"))
    package = Package("thing", "1", "MIT", "sha512-", "thing-1", (Kept("thing.js", "thing.js", "0" * 64),))

    with pytest.raises(CommandError, match="the list says"):
        vendor.unpack(package, tarball, tmp_path / "out")

    assert not (tmp_path / "out").exists()
