"""What is kept and what leaves this computer, in plain words, below the options about it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.settings.schema import Group, Settings
from app.ui.settings.option_pages import OptionPage
from app.ui.settings.rows import Row


class PrivacyPage(OptionPage):
    """The options, then what always holds."""

    def __init__(self, group: Group, settings: Settings, parent: QWidget | None = None) -> None:
        self._facts = (Row(), Row(), Row())
        super().__init__(group, settings, parent)
        for row in self._facts:
            self.add_row(row)

    def retranslate(self) -> None:
        super().retranslate()
        places, answers, never = self._facts
        places.set_words(
            self.tr("Where questions go"),
            self.tr(
                "With a model on this computer they stay here. With a server, the question, its pictures and all said before "
                "go there and nowhere else. The mark at the top of the window names it, and the first picture needs your consent."
            ),
        )
        answers.set_words(
            self.tr("Links and pictures in answers"),
            self.tr("A link shows where it leads before it leads there. Nothing in an answer is loaded from the network."),
        )
        never.set_words(
            self.tr("What is never sent"),
            self.tr("How you use Sightline, reports of crashes, where your files lie, other conversations."),
        )
