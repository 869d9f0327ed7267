"""The parts of the screen that one question of Quick Ask is about, and which attachment each of them became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QImage

from app.capture.shot import Shot
from app.chat.answer import Reference
from app.quick_question import QuickQuestion


@dataclass(slots=True)
class _Taken:
    """A shot, what is sent of it, the key of its attachment, and the id of its picture once that is open."""

    shot: Shot
    image: QImage
    key: int
    picture_id: str = ""


class QuickShots:
    """Adds them to a question, and takes them away again."""

    def __init__(self, question: QuickQuestion) -> None:
        self._question = question
        self._all: list[_Taken] = []

    def add(self, shot: Shot, name: str) -> QImage:
        """Take it along; what is sent of it."""
        image = shot.image()
        same = next((taken for taken in self._all if taken.image == image), None)
        key = same.key if same is not None else self._question.add_image(image, name)
        self._all.append(_Taken(shot, image, key, same.picture_id if same is not None else ""))
        return image

    def replace(self, shot: Shot, name: str) -> QImage:
        """The last one is like this now; what is sent of it."""
        self.remove(len(self._all) - 1)
        return self.add(shot, name)

    def remove(self, index: int) -> Shot | None:
        """Leave one out; None when there is no such one."""
        if not 0 <= index < len(self._all):
            return None
        gone = self._all.pop(index)
        if all(taken.key != gone.key for taken in self._all):  # the same picture twice goes along once
            self._question.attachments.remove(gone.key)
        return gone.shot

    def clear(self) -> None:
        """Keep none: whole screens are not to be kept for a card."""
        self._all = []

    def images(self) -> list[QImage]:
        """What is sent of each."""
        return [taken.image for taken in self._all]

    def note_pictures(self) -> None:
        """What goes along is open now, and has ids."""
        for taken in self._all:
            entry = self._question.attachments.find(taken.key)
            if entry is not None and entry.first is not None:
                taken.picture_id = entry.first.id

    def boxes(self, references: Sequence[Reference]) -> list[tuple[Shot, tuple[Reference, ...]]]:
        """Those of the references that are on each shot."""
        return [(t.shot, tuple(r for r in references if r.picture_id == t.picture_id)) for t in self._all if t.picture_id]
