"""What a paragraph of a Word document says: its runs without what was deleted or is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ingest.text.extract import counted

if TYPE_CHECKING:
    from ingest.text.word_styles import Styles

_SKIPPED = {"del", "moveFrom", "pPr", "rPr", "instrText", "delText", "sdtPr", "sdtEndPr", "tblPr", "fldData", "oMathParaPr", "rt"}
_FIXED = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_REFERENCES = {"footnoteReference": "footnote", "endnoteReference": "endnote", "commentReference": "comment"}
_PRIVATE_USE = range(0xE000, 0xF900)


class Runs:
    """Reads paragraphs one after another.

    Attributes:
        references: of each note or comment that the text refers to, by kind and id, its number in order of appearance.
    """

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self.references: dict[tuple[str, str], int] = {}
        self._boxes: list[Any] = []
        self._picture_count = self._deleted_count = self._hidden_count = 0

    def text(self, paragraph: Any) -> str:
        """All that is shown of it."""
        said: list[str] = []
        self._visit(paragraph, said)
        return "".join(said)

    def take_boxes(self) -> list[Any]:
        """The text boxes anchored in what was read since the last time."""
        boxes, self._boxes = self._boxes, []
        return boxes

    def warnings(self) -> tuple[str, ...]:
        """Sentences about what is not shown."""
        found = []
        if self._picture_count:
            found.append(f"Not shown: {counted(self._picture_count, 'picture')}. Save it as PDF to see all.")
        if self._deleted_count:
            found.append(f"Left out: {counted(self._deleted_count, 'deletion')} tracked as changes. Insertions are shown.")
        if self._hidden_count:
            found.append(f"Left out: {counted(self._hidden_count, 'piece')} of hidden text.")
        return tuple(found)

    def _visit(self, holder: Any, said: list[str]) -> None:
        for element in holder:
            name = local_name(element)
            if name in _SKIPPED:
                self._deleted_count += name in ("del", "moveFrom")
            elif name == "t":
                said.append(element.text or "")
            elif name in _FIXED:
                said.append(_FIXED[name])
            elif name == "r" and self._is_hidden(element):
                self._hidden_count += 1
            elif name == "sym":
                said.append(_symbol(attribute(element, "char")))
            elif name in _REFERENCES:
                said.append(self._refer(_REFERENCES[name], attribute(element, "id")))
            elif name == "AlternateContent":
                choice = child(element, "Choice")
                self._visit([choice] if choice is not None else element, said)
            elif name in ("drawing", "pict", "object"):
                self._visit_drawing(element, said)
            else:
                self._visit(element, said)

    def _visit_drawing(self, drawing: Any, said: list[str]) -> None:
        """A picture by its alternative text; text boxes are put aside."""
        boxes = [each for each in drawing.iter() if local_name(each) == "txbxContent"]
        self._boxes += boxes
        if boxes:
            return
        self._picture_count += 1
        kind = "chart" if any(local_name(each) == "chart" for each in drawing.iter()) else "picture"
        for each in drawing.iter():
            if local_name(each) in ("docPr", "shape", "imagedata"):
                alt = each.get("descr") or each.get("alt") or each.get("title")
                if alt:
                    said.append(f"[{kind}: {' '.join(alt.split())}]")
                    return
        said.append(f"[{kind}]")

    def _refer(self, kind: str, identity: str) -> str:
        taken = sum(other == kind for other, _ in self.references)
        number = self.references.setdefault((kind, identity), taken + 1)
        return f"[{kind} {number}]"

    def _is_hidden(self, run: Any) -> bool:
        vanish = child(run, "rPr", "vanish")
        return vanish is not None and attribute(vanish, "val") not in ("0", "false", "off")


def _symbol(code: str) -> str:
    try:
        number = int(code, 16)
        return "•" if number in _PRIVATE_USE else chr(number)  # which glyph it is only its font knows
    except (ValueError, OverflowError):
        return ""


def local_name(element: Any) -> str:
    """The tag without its namespace; empty for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: Any | None, *path: str) -> Any | None:
    """The first child of a name, and of that the next; None where there is none."""
    for name in path:
        if element is None:
            return None
        element = next((each for each in element if local_name(each) == name), None)
    return element


def attribute(element: Any | None, name: str) -> str:
    """An attribute by its name without the namespace; empty where there is none."""
    if element is None:
        return ""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
