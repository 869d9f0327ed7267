"""A table of an answer, rendered while it grows: a row that is complete is never rendered again.

Qt lays a table out anew, every cell of it, for every letter that is added. So long tables are made of bands of a few rows, each a
table for Qt, that stand without a gap. The first decides how wide the columns are.
"""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFont,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextOption,
    QTextTable,
    QTextTableCell,
    QTextTableCellFormat,
    QTextTableFormat,
)
from PySide6.QtWidgets import QWidget

from app.chat.answer import Reference
from app.chat.emphasis import loosen_bold
from app.chat.markdown import split_row
from app.ui.markdown_browser import MarkdownBrowser
from app.ui.markdown_document import FEATURES, SENTINEL, tighten
from app.ui.markdown_inserts import MARK, Inserts
from app.ui.markdown_style import TABLE_PADDING_PX, Styler
from app.ui.theme import FONT_ANSWER_PX, themes

BAND_ROWS = 8
ROWS_AT_ONCE = 3 * BAND_ROWS
BORDER_PX = 1
AROUND_PX = 4
"""By how much a table whose borders collapse is larger, both ways, than its cells (Qt 6.11)."""
SLACK_EM = 1.6
SIGNS = frozenset("\\`*_[]<>&!~:@$#/.")
"""Text without any of these is no Markdown, at least within a cell. The point is among them for addresses without a scheme."""


class TableView(MarkdownBrowser):
    """Shows a table; one that is too wide scrolls sideways."""

    def __init__(self, parent: QWidget | None = None, font_px: int = FONT_ANSWER_PX) -> None:
        super().__init__(parent, font_px)
        self.setWordWrapMode(QTextOption.WrapMode.WordWrap)  # else narrow columns would break every word
        self._source = ""
        self._inserts = Inserts()
        self._delimiters = ""
        self._rows: list[str] = []
        self._bands: list[QTextTable] = []
        self._widths: list[float] = []
        self._is_measuring = False
        self._cell_formats: dict[tuple[str, bool], QTextBlockFormat] = {}
        self._wanted_rows: list[str] = []
        self._going_on = QTimer(self)
        self._going_on.setSingleShot(True)
        self._going_on.timeout.connect(self._show_rows)

    def show_source(self, source: str, references: dict[int, Reference], *, is_final: bool = False) -> None:
        """Render the table with marks for its references."""
        if source == self._source:
            return
        self._source = source
        self._inserts.references = references
        header, delimiters, *rows = source.rstrip("\n").split("\n")
        self._wanted_rows = [header, *rows]
        if delimiters != self._delimiters or [header] != self._rows[:1]:
            self._clear()
            self._delimiters = delimiters
        self._show_rows()

    def find_all(self, text: str) -> int:
        self._show_the_rest()
        return super().find_all(text)

    def plain_text(self) -> str:
        self._show_the_rest()
        return super().plain_text()

    def render_again(self) -> None:
        source, references = self._source, self._inserts.references
        self._source = ""
        self._cell_formats = {}
        self._clear()
        if source:
            self.show_source(source, references)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._align_bands()

    @property
    def _columns(self) -> list[str]:
        return split_row(self._delimiters)

    def _show_rows(self) -> None:
        """As many as can be at once; the others in the next turns of the event loop."""
        pairs = enumerate(zip(self._rows, self._wanted_rows, strict=False))
        same = next((i for i, (old, new) in pairs if old != new), min(len(self._rows), len(self._wanted_rows)))
        rows = self._wanted_rows[: same + ROWS_AT_ONCE]
        styler = Styler(self.look, self._inserts)
        self.start_rendering()
        self._remove_rows(len(rows))
        for start in range(same - same % BAND_ROWS, len(rows), BAND_ROWS):
            self._show_band(start, rows[start : start + BAND_ROWS], max(0, same - start), styler)
        self._rows = rows
        self.finish_rendering(self._inserts, styler.has_stops)
        if len(rows) < len(self._wanted_rows):
            self._going_on.start()

    def _show_the_rest(self) -> None:
        while len(self._rows) < len(self._wanted_rows):
            self._show_rows()

    def _clear(self) -> None:
        self.start_rendering()  # to ask for sizes while tables are taken out ends the program (Qt 6.11)
        self.document().clear()
        self._inserts = Inserts(self._inserts.references)
        self._rows, self._bands, self._widths = [], [], []
        _hide_line(QTextCursor(self.document()))

    def _remove_rows(self, count: int) -> None:
        """All but the first `count`."""
        while len(self._rows) > count:
            band = self._bands[-1]
            if band.rows() > 1:
                band.removeRows(band.rows() - 1, 1)
            else:
                cursor = band.lastCursorPosition()
                cursor.setPosition(band.firstPosition() - 1)
                cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
                cursor.removeSelectedText()
                self._bands.pop()
            self._rows.pop()

    def _show_band(self, start: int, rows: list[str], same: int, styler: Styler) -> None:
        """Rows from number `start` of the table on, of which the first `same` are there already."""
        number = start // BAND_ROWS
        if number > 0 and not self._widths:
            self._widths = self._measure()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()  # one for each band: within it, Qt knows no sizes
        if number == len(self._bands):
            self._bands.append(self._new_band(len(rows)))
            same = 0
        elif self._bands[number].rows() < len(rows):
            self._bands[number].appendRows(len(rows) - self._bands[number].rows())
        for index in range(same, len(rows)):
            self._show_row(self._bands[number], index, rows[index], styler, is_header=start + index == 0)
        cursor.endEditBlock()

    def _show_row(self, band: QTextTable, row: int, source: str, styler: Styler, *, is_header: bool) -> None:
        protected = self._inserts.protect(source)
        has_marks = bool(MARK.search(protected))  # formulas may be higher than a line; all cells of their row stand level
        cells = split_row(protected)
        for column, alignment in enumerate(self._columns):
            cell = band.cellAt(row, column)
            if cell.firstCursorPosition() != cell.lastCursorPosition():
                _select(cell).removeSelectedText()
            elif band is self._bands[0]:
                cell.setFormat(_roomy(alignment, round(self.look.text_px * SLACK_EM)))
            self._fill(cell, cells[column] if column < len(cells) else "", alignment, styler, has_marks, is_header)

    def _fill(self, cell: QTextTableCell, source: str, alignment: str, styler: Styler, has_marks: bool, is_header: bool) -> None:
        text = source.replace("\\|", "|")
        cursor = cell.firstCursorPosition()
        if (alignment, has_marks) not in self._cell_formats:
            self._cell_formats[alignment, has_marks] = self.look.cell_format(_alignment(alignment), is_even=not has_marks)
        cursor.setBlockFormat(self._cell_formats[alignment, has_marks])
        plain = QTextCharFormat()
        if is_header:
            plain.setFontWeight(QFont.Weight.DemiBold)
        if SIGNS.isdisjoint(text) and not MARK.search(text):
            cursor.insertText(text, plain)
            return
        loosened = loosen_bold(text)
        cursor.insertMarkdown(f"{SENTINEL} {loosened}", FEATURES)  # stars are those of bold words only after a space
        for _ in f"{SENTINEL} ":
            cell.firstCursorPosition().deleteChar()
        if loosened is not text:
            tighten(self.document(), cell.firstPosition())
        if is_header:
            _select(cell).mergeCharFormat(plain)
        styler.style_words(cell.firstCursorPosition().block())

    def _new_band(self, row_count: int) -> QTextTable:
        table_format = QTextTableFormat()
        table_format.setBorder(BORDER_PX)
        table_format.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        table_format.setBorderBrush(QColor(themes().current.line))
        table_format.setBorderCollapse(True)
        table_format.setCellPadding(TABLE_PADDING_PX)
        table_format.setCellSpacing(0)
        if self._bands:
            table_format.setTopMargin(-AROUND_PX)
            table_format.setColumnWidthConstraints(_fixed(self._widths))
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        table = cursor.insertTable(row_count, len(self._columns), table_format)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        _hide_line(cursor)
        return table

    def _measure(self) -> list[float]:
        """How wide the first band's columns are, padding included."""
        layout = self.document().documentLayout()
        band = self._bands[0]
        lefts = [layout.blockBoundingRect(band.cellAt(0, c).firstCursorPosition().block()).left() for c in range(band.columns())]
        widths = [after - before for before, after in pairwise(lefts)]
        return [*widths, layout.frameBoundingRect(band).width() - AROUND_PX - sum(widths)]

    def _align_bands(self) -> None:
        """Give all bands the widths that the first one has now."""
        if len(self._bands) < 2 or self._is_measuring:
            return
        widths = self._measure()
        if widths == self._widths:
            return
        self._is_measuring = True
        self._widths = widths
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for band in self._bands[1:]:
            table_format = band.format()
            table_format.setColumnWidthConstraints(_fixed(widths))
            band.setFormat(table_format)
        cursor.endEditBlock()
        self._is_measuring = False
        self._fit_height()


def _fixed(widths: list[float]) -> list[QTextLength]:
    return [QTextLength(QTextLength.Type.FixedLength, width) for width in widths]


def _alignment(delimiter: str) -> Qt.AlignmentFlag:
    if delimiter.endswith(":"):
        return Qt.AlignmentFlag.AlignHCenter if delimiter.startswith(":") else Qt.AlignmentFlag.AlignRight
    return Qt.AlignmentFlag.AlignLeft


def _roomy(delimiter: str, slack_px: int) -> QTextTableCellFormat:
    """Room on the side where text ends, so that the columns are wide enough for somewhat longer words in later bands."""
    result = QTextTableCellFormat()
    is_right, is_both = delimiter.endswith(":"), delimiter.startswith(":") and delimiter.endswith(":")
    left_px = slack_px // 2 if is_both else slack_px if is_right else 0
    result.setLeftPadding(TABLE_PADDING_PX + left_px)
    result.setRightPadding(TABLE_PADDING_PX + slack_px - left_px)
    return result


def _select(cell: QTextTableCell) -> QTextCursor:
    cursor = cell.firstCursorPosition()
    cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
    return cursor


def _hide_line(cursor: QTextCursor) -> None:
    """Make the empty line at the cursor, which Qt needs around tables, take no room."""
    block_format = QTextBlockFormat()
    block_format.setLineHeight(0, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    cursor.setBlockFormat(block_format)
    char_format = QTextCharFormat()
    char_format.setProperty(QTextFormat.Property.FontPixelSize, 1)
    cursor.setBlockCharFormat(char_format)
