"""Where files are kept."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from app import paths

ALL = (paths.data_dir, paths.config_dir, paths.cache_dir, paths.log_dir)


def test_one_folder_holds_everything_when_the_user_chose_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, "elsewhere")
    paths.use_data_dir(Path("here"))
    assert [folder().relative_to(tmp_path / "here").as_posix() for folder in ALL] == ["data", "config", "cache", "log"]


def test_without_a_choice_the_folders_are_below_the_users_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.DATA_DIR_VARIABLE)
    folders = [folder() for folder in ALL]
    assert len(set(folders)) == 4
    assert all(folder.is_dir() and folder.is_relative_to(Path.home()) and "sightline" in folder.parts for folder in folders)


@pytest.mark.skipif(os.name == "nt", reason="Windows guards the user's folders itself")
def test_only_the_user_may_look_inside() -> None:
    assert {stat.S_IMODE(folder().stat().st_mode) for folder in ALL} == {0o700}
