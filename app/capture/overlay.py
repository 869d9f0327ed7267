"""The frozen screens: one window over each, in which a part is chosen, drawn on, asked about and answered.

What is chosen becomes a `Shot`. The last shot can be moved, sized and drawn on until it is locked, which is when it was
asked about; earlier ones stay framed. Whoever owns this puts further widgets on `surface`, and takes them away before `close`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.capture.drafting import Tool
from app.capture.frozen_screens import FrozenScreens
from app.capture.models import Capture, Rect
from app.capture.overlay_editor import OverlayEditor
from app.capture.overlay_keys import is_enter, is_undo, step_of, writes
from app.capture.overlay_window import OverlayWindow
from app.capture.selecting import Phase
from app.capture.shot import Mark, Shot

SETTLE_MS = 150
"""After a key that moved the region, before others are told: a key that is held comes 30 times in a second."""


class Overlay(FrozenScreens):
    """Signals:
    chosen(shot): a `Shot`, which `shots` ends with now.
    changed(shot): the last shot was moved, sized or drawn on; this one takes its place in `shots`.
    cancelled(): choosing was left. The windows are closed, unless there are shots from before.
    escape_pressed(): Esc, with something chosen, and with no other meaning.
    box_hovered(number): the pointer is over a box; 0 when it left.
    box_clicked(number): a box was clicked.
    """

    chosen = Signal(object)
    changed = Signal(object)
    cancelled = Signal()
    escape_pressed = Signal()
    box_hovered = Signal(int)
    box_clicked = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawing.drawn.connect(self._on_drawing_drawn)
        self._pointer = QPointF()
        self._editor = OverlayEditor()
        self._settling = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settling.timeout.connect(self._tell_change)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_app_focus_changed)

    def show_capture(self, capture: Capture, last_area: tuple[str, Rect] | None = None) -> None:
        """Freeze the screens and let the user choose. `last_area`: a screen's name, and what was chosen of its picture before."""
        self.close()
        if self._freeze(capture, last_area):
            self._choose()
        else:
            self.cancelled.emit()

    def choose_more(self) -> None:
        """Let the user choose another shot of the same capture. Esc goes back to those that are there."""
        if self.is_open and not self.is_choosing:
            self.settle()
            self._put_tool_away()
            self._selecting.choose_again()
            self._choose()

    def settle(self) -> None:
        """What is being drawn belongs to the last shot, and others know of it now."""
        self._drawing.finish()
        if self._settling.isActive():
            self._tell_change()

    def lock(self) -> None:
        """The shots were asked about: they stay as they are."""
        self._put_tool_away()
        self._selecting.abandon()
        self._locked = self.shots
        self._refresh()

    def remove(self, shot: Shot) -> None:
        """Take one away. Without any left, choosing begins anew."""
        if shot not in self.shots:
            return
        self._put_tool_away()
        self.shots = tuple(each for each in self.shots if each is not shot)
        self._boxes.pop(shot, None)
        if self.is_choosing or self.shots:
            self._show_last()
        else:
            self.choose_more()

    def close(self) -> None:
        """Show the live screens again, and keep nothing of the pictures."""
        self._put_tool_away()
        self._editor.forget()
        self._settling.stop()
        self._thaw()

    def take_screen(self) -> None:
        """Choose what is framed, else the whole screen with the pointer, as Enter does."""
        if self.is_choosing and self._selecting.take():
            self._take()

    def take_last(self) -> None:
        """Choose the region of the last time, as Space does, where there was one."""
        if self.is_choosing and self._selecting.take_last():
            self._take()

    def _make_window(self) -> OverlayWindow:
        window = OverlayWindow()
        window.pointed.connect(partial(self._on_window_pointed, window))
        window.pressed.connect(partial(self._on_window_pressed, window))
        window.released.connect(self._on_window_released)
        window.key_pressed.connect(partial(self._on_window_key_pressed, window))
        window.stepped.connect(self._on_window_stepped)
        window.close_wanted.connect(self._escape)
        window.box_hovered.connect(self.box_hovered)
        window.box_clicked.connect(self.box_clicked)
        window.tools.tool_chosen.connect(self._on_tools_tool_chosen)
        window.tools.undo_wanted.connect(self._undo)
        return window

    def _choose(self) -> None:
        self.is_choosing = True
        for window in self._windows:
            window.set_choosing(True)
        window = self._windows[self._selecting.screen]
        window.activateWindow()
        window.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        self._refresh()

    def _stop_choosing(self) -> None:
        self.is_choosing = False
        for window in self._windows:
            window.set_choosing(False)

    def _take(self) -> None:
        """What is framed becomes a shot."""
        region = self._selecting.region
        assert region is not None
        shot = Shot(self._pictures[self._selecting.screen], region, title=self._selecting.title)
        self.shots += (shot,)
        self._stop_choosing()
        self._refresh()
        window = self.surface(shot)
        window.activateWindow()
        window.announce()
        self.chosen.emit(shot)

    def _change(self, marks: tuple[Mark, ...] | None = None) -> None:
        """The last shot has other marks, or another region."""
        last, region = self.shots[-1], self._selecting.region
        assert region is not None
        shot = replace(last, area=region, title=self._selecting.title, marks=last.marks if marks is None else marks)
        self.shots = (*self.shots[:-1], shot)
        self._boxes.pop(last, None)
        self._refresh()

    def _tell_change(self) -> None:
        self._settling.stop()
        if self.shots:
            self.changed.emit(self.shots[-1])

    def _show_last(self) -> None:
        """Go on with the last shot, unless another one is being chosen."""
        if not self.is_choosing:
            last = self.shots[-1]
            self._selecting.show_taken(self._pictures.index(last.picture), last.area, last.title)
        self._refresh()

    def _escape(self) -> None:
        if self._drawing.abandon():
            return
        if self._drawing.tool is not None or self._selecting.abandon():
            self._put_tool_away()
            self._refresh()
        elif not self.is_choosing:
            self.escape_pressed.emit()
        else:
            if self.shots:
                self._stop_choosing()
                self._show_last()
                self._editor.focus()
            else:
                self.close()
            self.cancelled.emit()

    def _undo(self) -> None:
        if self._can_change and self.shots[-1].marks:
            self._change(self.shots[-1].marks[:-1])
            self._tell_change()

    def _put_tool_away(self) -> None:
        """The keyboard goes back to the question."""
        self._drawing.abandon()
        if self._drawing.tool is not None:
            self._drawing.tool = None
            self._editor.focus()

    def _on_window_pointed(self, window: OverlayWindow, x: float, y: float) -> None:
        self._pointer = QPointF(x, y)
        if self._drawing.is_drafting:
            self._drawing.lead_to(self._pointer)
        elif (self.is_choosing or self._can_change) and self._selecting.point_at(self._windows.index(window), x, y):
            self._is_pointed = True
            self._refresh()

    def _on_window_pressed(self, window: OverlayWindow) -> None:
        if self._drawing.tool is not None and self._can_change and window is self.surface(self.shots[-1]):
            self.settle()
            self._drawing.begin(window, self.shots[-1].area, self._pointer)
        elif self._drawing.tool is None and (self.is_choosing or self._can_change):
            self._selecting.press(self._windows.index(window), self._pointer.x(), self._pointer.y())

    def _on_window_released(self) -> None:
        if self._drawing.is_drafting:
            self._drawing.finish()
        elif not self._selecting.release():
            self._refresh()
        elif self.is_choosing:
            self._take()
        else:
            self._change()
            self._tell_change()

    def _on_window_stepped(self, by: int) -> None:
        if self._selecting.step(by):
            self._is_pointed = True
            self._windows[self._selecting.screen].activateWindow()
            self._refresh()

    def _on_window_key_pressed(self, window: OverlayWindow, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._escape()
        elif QApplication.focusWidget() not in (None, *self._windows):
            return  # it is meant for a widget on the window, which had no use for it
        elif self.is_choosing:
            self._choose_with(window, event)
        elif is_undo(event):
            self._undo()
        elif self._can_change and (step := step_of(event)) is not None:
            if self._drawing.tool is not None:
                self._drawing.step(window, self.shots[-1].area, step)
            elif not (self._selecting.resize if step.sizes else self._selecting.nudge)(step.x, step.y):
                return
            elif self._selecting.phase is Phase.TAKEN:
                self._change()
                window.announce()
                self._settling.start()
            else:  # a drag goes on
                self._refresh()
        elif is_enter(event) and self._drawing.is_drafting:
            self._drawing.finish()
        elif is_enter(event) or writes(event):
            self._go_on_writing(event)

    def _choose_with(self, window: OverlayWindow, event: QKeyEvent) -> None:
        step = step_of(event)
        if step is not None:
            (self._selecting.resize if step.sizes else self._selecting.nudge)(step.x, step.y)
            self._is_pointed = True
            self._refresh()
            window.announce()
        elif (is_enter(event) and self._selecting.take()) or (event.key() == Qt.Key.Key_Space and self._selecting.take_last()):
            self._take()

    def _go_on_writing(self, event: QKeyEvent) -> None:
        """What is typed is meant for the question, wherever the keyboard is."""
        self.settle()
        self._put_tool_away()
        self._refresh()
        self._editor.focus(event)

    def _on_tools_tool_chosen(self, tool: Tool | None) -> None:
        self.settle()
        if tool is None:
            self._put_tool_away()
        else:
            self._drawing.tool = tool
            self.surface(self.shots[-1]).setFocus(Qt.FocusReason.OtherFocusReason)
        self._refresh()

    def _on_drawing_drawn(self, mark: Mark) -> None:
        self._change((*self.shots[-1].marks, mark))
        self._tell_change()

    def _on_app_focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and now.window() in self._windows:
            self._editor.note(now)
        if self._settling.isActive():
            self._tell_change()
        if self._can_change:
            self._refresh()
