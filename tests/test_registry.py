import hashlib
import os
from pathlib import Path

import pooch
import pytest

from ssbml.datasets import registry
from ssbml.errors import DataError

NAME = "obelix/all.csv"


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """A home for downloads and no SSBML_DATA."""
    monkeypatch.delenv(registry.DATA_VARIABLE, raising=False)
    monkeypatch.setenv(registry.HOME_VARIABLE, str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def offline(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OSError("Name or service not known")

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", refuse)


@pytest.fixture
def tiny(monkeypatch):
    """Register a tiny file in place of a real one."""
    content = b"ID\nabc\n"
    file = registry.PublicFile(
        NAME, "obelix", hashlib.sha256(content).hexdigest(), len(content), True, "CC BY 4.0",
        "somebody", "https://example.org/all.csv",
    )  # fmt: skip
    monkeypatch.setattr(registry, "public_files", lambda: {NAME: file})
    return content


def write(folder: Path, content: bytes) -> Path:
    path = folder / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_every_file_has_address_hash_licence_and_citation():
    files = registry.public_files()
    assert set(registry.public_sources()) == {
        "obelix", "liverpool", "laskowski", "llzo_garnets", "synthesis_conditions",
    }  # fmt: skip
    for file in files.values():
        assert len(file.sha256) == 64
        assert int(file.sha256, 16)
        assert file.url.startswith("https://")
        assert file.size > 0
        assert file.licence
        assert file.citation


def test_only_obelix_may_be_redistributed():
    shipped = {f.source for f in registry.public_files().values() if f.redistributable}
    assert shipped == {"obelix"}


def test_the_data_folder_is_used_and_never_written_to(folders, tiny, monkeypatch):
    data = folders / "data"
    path = write(data, tiny)
    path.parent.chmod(0o555)
    monkeypatch.setenv(registry.DATA_VARIABLE, str(data))
    assert registry.fetch(NAME) == path
    assert registry.available(NAME)
    assert [p.name for p in data.rglob("*")] == ["obelix", "all.csv"]
    assert not (folders / "home").exists()


def test_a_file_missing_from_the_data_folder_is_named_with_hash_and_remedy(
    folders, tiny, monkeypatch
):
    monkeypatch.setenv(registry.DATA_VARIABLE, str(folders))
    with pytest.raises(DataError) as caught:
        registry.fetch(NAME)
    message = str(caught.value)
    assert NAME in message
    assert hashlib.sha256(tiny).hexdigest() in message
    assert "unset SSBML_DATA" in message
    assert not registry.available(NAME)


def test_a_hash_mismatch_names_file_expected_and_found_hash(folders, tiny, monkeypatch):
    monkeypatch.setenv(registry.DATA_VARIABLE, str(folders))
    path = write(folders, b"ID\nxyz\n")
    with pytest.raises(DataError) as caught:
        registry.fetch(NAME)
    message = str(caught.value)
    assert str(path) in message
    assert hashlib.sha256(tiny).hexdigest() in message
    assert hashlib.sha256(b"ID\nxyz\n").hexdigest() in message
    assert "replace it" in message


def test_no_network_and_no_data_folder_gives_one_line(folders, tiny, offline):
    with pytest.raises(DataError) as caught:
        registry.fetch(NAME)
    message = str(caught.value)
    assert "\n" not in message
    assert "connect to the network, or set SSBML_DATA" in message


def test_a_corrupted_cached_file_that_cannot_be_replaced_is_told(folders, tiny, offline):
    write(registry.cache_folder(), b"broken")
    with pytest.raises(DataError) as caught:
        registry.fetch(NAME)
    assert hashlib.sha256(b"broken").hexdigest() in str(caught.value)
    assert hashlib.sha256(tiny).hexdigest() in str(caught.value)


def test_a_download_with_another_hash_is_refused_and_not_kept(folders, tiny, monkeypatch):
    def deliver(_self, _url, output, _pooch, **_kwargs):
        Path(output).write_bytes(b"something else")

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", deliver)
    with pytest.raises(DataError, match="cannot be had"):
        registry.fetch(NAME)
    assert not (registry.cache_folder() / NAME).exists()


def test_a_download_lands_in_the_cache_and_is_used_again(folders, tiny, monkeypatch):
    calls = []

    def deliver(_self, url, output, _pooch, **_kwargs):
        calls.append(url)
        Path(output).write_bytes(tiny)

    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", deliver)
    first = registry.fetch(NAME)
    assert first == registry.cache_folder() / NAME
    assert registry.fetch(NAME) == first
    assert calls == ["https://example.org/all.csv"]


def test_unknown_names_are_answered_with_the_nearest():
    with pytest.raises(DataError, match=r"did you mean obelix/all\.csv"):
        registry.fetch("obelix/al.csv")
    with pytest.raises(DataError, match="did you mean liverpool"):
        registry.files_of("liverpol")
    assert {f.source for f in registry.files_of("laskowski")} == {"laskowski"}


@pytest.mark.skipif(not os.environ.get(registry.DATA_VARIABLE), reason="SSBML_DATA is not set")
def test_the_real_files_have_the_registered_hashes():
    for name in registry.public_files():
        assert registry.fetch(name).is_file()
