"""Small pictures that could not be drawn at first."""

from __future__ import annotations

from typing import cast

from pytestqt.qtbot import QtBot

from app.ui.picture_levels import PictureCache
from app.workers.tasks import TaskRunner
from ingest.attachment import Picture
from ingest.errors import PasswordNeeded
from ingest.types import Pixels


class LockedPage:
    """A page of a document that takes a password."""

    id, width, height = "page", 40, 20
    is_locked = True

    def render(self, width: int, height: int) -> Pixels:
        if self.is_locked:
            raise PasswordNeeded("It is protected.")
        return Pixels(width, height, bytes(width * height * 3))


def test_a_page_is_drawn_small_once_its_password_was_given(qtbot: QtBot) -> None:
    tasks = TaskRunner("test")
    cache, page = PictureCache(tasks), LockedPage()
    picture = cast(Picture, page)
    with qtbot.waitSignal(cache.failed):
        cache.request_thumbnail(picture)
    page.is_locked = False
    cache.thumbnail_loaded.connect(lambda: cache.request_thumbnail(picture))  # as what paints it does
    cache.try_again()
    qtbot.waitUntil(lambda: cache.thumbnail(page.id) is not None)
    tasks.close()
