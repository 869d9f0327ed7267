"""Which model of the GLM cloud is asked, with what is known about it."""

from __future__ import annotations

import logging

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.engine_choice import load_model_table
from app.settings.schema import Settings
from app.ui.remote_words import model_facts
from app.ui.settings.controls import ChoiceBox
from app.ui.settings.rows import Row, label
from app.workers.tasks import TaskRunner
from inference.cloud.models import ModelTable
from inference.errors import ModelTableInvalid

log = logging.getLogger(__name__)


class CloudModelRow(Row):
    """Reads the table in a thread.

    Signals:
        changed(model id): by the user.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._choice = ChoiceBox(("",))
        super().__init__(self._choice, parent=parent)
        self._table: ModelTable | None = None
        self._fault: ModelTableInvalid | None = None
        self._settings = Settings()
        self._facts, self._trouble = label("small"), label("danger")
        self.body.addWidget(self._facts)
        self.body.addWidget(self._trouble)
        self._tasks = TaskRunner("models", self)
        self._tasks.succeeded.connect(self._on_tasks_succeeded)
        self._tasks.failed.connect(self._on_tasks_failed)
        self._choice.changed.connect(self.changed)
        self.retranslate()

    def load(self) -> None:
        """Read the table."""
        self._tasks.run(load_model_table)

    def close_tasks(self) -> None:
        """End the thread."""
        self._tasks.close()

    def show_settings(self, settings: Settings) -> None:
        """Show what holds now."""
        self._settings = settings
        ids = [model.id for model in self._table.models] if self._table is not None else []
        self._choice.set_values(list(dict.fromkeys([*ids, settings.glm_model])), settings.glm_model)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything anew."""
        self.set_words(self.tr("Model"), self.tr("Which one is asked; you can choose another for each question."))
        model = self._table.find(self._settings.glm_model) if self._table is not None else None
        facts = model_facts(model, self._settings.currency) if model is not None else ""
        if self._table is not None and model is None:
            facts = self.tr("Nothing is known about this model.")
        self._facts.setText(facts or "…")
        self._choice.setAccessibleDescription(facts)
        self._trouble.setText(self._fault.message if self._fault is not None else "")
        self._trouble.setVisible(self._fault is not None)

    def _on_tasks_succeeded(self, _job_id: int, result: tuple[ModelTable, ModelTableInvalid | None]) -> None:
        self._table, self._fault = result
        self.show_settings(self._settings)

    def _on_tasks_failed(self, _job_id: int, error: object) -> None:
        log.error("the table of models could not be read: %r", error)
