"""The pages that are made from the schema: General, Quick Ask, Models, Privacy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.settings.schema import OPTIONS, Group, Option, Settings
from app.ui.buttons import TextButton
from app.ui.elided_label import ElidedLabel
from app.ui.language import Translated
from app.ui.settings.controls import Amount, ChoiceBox, NamedNumber, StepSlider, Switch
from app.ui.settings.rows import Page, Row
from app.ui.settings.words import option_words
from app.ui.tooltips import plain_tooltip


class OptionPage(Page):
    """The visible options of one group.

    Signals:
        changed(name, value): by the user.
        file_wanted(name): the user wants to choose another file.
        model_chosen(path): one of the models used lately.
    """

    changed = Signal(str, object)
    file_wanted = Signal(str)
    model_chosen = Signal(str)

    def __init__(self, group: Group, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._controls: dict[str, Any] = {}
        self._option_rows: dict[str, Row] = {}
        for name, option in OPTIONS.items():
            if option.group == group:
                self._add(name, option)
        self.show_settings(settings)
        self.retranslate()

    def show_settings(self, settings: Settings) -> None:
        """Show what holds now."""
        self._settings = settings
        for name, control in self._controls.items():
            control.set_value(getattr(settings, name))

    def show_found(self, name: str, path: Path | None) -> None:
        """Show the file that is used for an option as long as none is chosen."""
        self._controls[name].set_found(path)

    def retranslate(self) -> None:
        table = option_words()
        for name, row in self._option_rows.items():
            words, control = table[name], self._controls[name]
            if words.values and hasattr(control, "set_value_words"):
                control.set_value_words(words.values)
            row.set_words(words.label, words.help)
            control.setAccessibleName(words.label)
            control.setAccessibleDescription(words.help)
            if isinstance(control, StepSlider):
                control.set_sample(self.tr("Revenue fell in Q3, by 8 % against Q2."))

    def _add(self, name: str, option: Option) -> None:
        control = self._build(name, option)
        is_wide = option.control in ("steps", "file", "files", "prompts")
        row = Row(None if is_wide else control)
        if is_wide:
            row.body.addWidget(control)
        self._controls[name], self._option_rows[name] = control, row
        self.add_row(row)

    def _build(self, name: str, option: Option) -> Any:
        control: Any
        match option.control:
            case "switch":
                control = Switch()
            case "choice":
                control = ChoiceBox(option.offered)
            case "steps":
                control = StepSlider(option.offered)
            case "number":
                assert option.limits is not None
                control = NamedNumber(tuple(option_words()[name].values), option.limits)
            case "amount":
                assert option.limits is not None
                control = Amount(option.limits)
            case "prompts":
                from app.ui.quick.prompt_editor import PromptEditor

                control = PromptEditor()
            case "file":
                control = FileChoice()
                control.wanted.connect(lambda: self.file_wanted.emit(name))
                return control
            case "files":
                control = RecentFiles()
                control.chosen.connect(self.model_chosen)
        control.changed.connect(lambda value: self.changed.emit(name, value))
        return control


class FileChoice(Translated, QWidget):
    """The name of a file, and a button for another one.

    Signals:
        wanted(): the user wants to choose.
    """

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = ""
        self._found: Path | None = None
        self._name = ElidedLabel("quiet", Qt.TextElideMode.ElideMiddle)
        self._choose = TextButton("outlined")
        self._choose.clicked.connect(self.wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._name, 1)
        layout.addWidget(self._choose)
        self.retranslate()

    def set_value(self, path: str) -> None:
        """Show this file."""
        self._path = path
        self.retranslate()

    def set_found(self, path: Path | None) -> None:
        """Show this one, as found and not as chosen, while none is chosen."""
        self._found = path
        self.retranslate()

    def setAccessibleName(self, name: str) -> None:
        self._choose.setAccessibleName(f"{name}: {self._name.full_text}. {self._choose.text()}")

    def retranslate(self) -> None:
        found = self.tr("{path} (found beside the model)").format(path=self._found) if self._found is not None else ""
        self._name.set_full_text(self._path or found or self.tr("None chosen"))
        self._choose.set_words(self.tr("Choose…"))


class RecentFiles(Translated, QWidget):
    """Files used lately, each to be used again or taken off the list.

    Signals:
        changed(paths): one was taken off.
        chosen(path): one is to be used.
    """

    changed = Signal(object)
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paths: tuple[str, ...] = ()
        self._lines: list[QWidget] = []
        self._empty = QLabel()
        self._empty.setProperty("kind", "small")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addWidget(self._empty)
        self.retranslate()

    def set_value(self, paths: tuple[str, ...]) -> None:
        """Show these, the latest first."""
        if paths != self._paths:
            self._paths = paths
            self.retranslate()

    def retranslate(self) -> None:
        self._empty.setText(self.tr("None yet"))
        self._empty.setVisible(not self._paths)
        for line in self._lines:
            line.hide()
            line.deleteLater()
        self._lines = [self._build_line(path) for path in self._paths]
        for line in self._lines:
            self._layout.addWidget(line)

    def _build_line(self, path: str) -> QWidget:
        name = Path(path).name
        line = QWidget()
        label = ElidedLabel("body", Qt.TextElideMode.ElideMiddle)
        label.set_full_text(name)
        label.setToolTip(plain_tooltip(path))
        use, remove = TextButton("outlined"), TextButton("outlined")
        use.set_words(self.tr("Use"))
        use.setAccessibleName(self.tr("Use {name}").format(name=name))
        remove.set_words(self.tr("Remove"))
        remove.setAccessibleName(self.tr("Remove {name} from the list").format(name=name))
        use.clicked.connect(lambda: self.chosen.emit(path))
        remove.clicked.connect(lambda: self._remove(path))
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(label, 1)
        layout.addWidget(use)
        layout.addWidget(remove)
        return line

    def _remove(self, path: str) -> None:
        self.set_value(tuple(other for other in self._paths if other != path))
        self.changed.emit(self._paths)
