"""Jupyter notebooks: cells with their text and what they printed. Nothing runs (nbformat 4; 3 has the same cells in worksheets)."""

from __future__ import annotations

import json
from typing import Any

from ingest.documents import Source
from ingest.errors import Damaged, Empty
from ingest.text.decode import read_text
from ingest.text.extract import Extract, Heading, Sanitizer, Writer, counted
from ingest.text.plain import TERMINAL_CODES, markdown_headings


def read(source: Source) -> Extract:
    """A unit a cell. Raises TooLarge, Damaged or Empty."""
    text, warnings = read_text(source)
    try:
        notebook = json.loads(text)
        sheets = notebook.get("worksheets") or [notebook]
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError) as error:
        raise Damaged(f"{source.name} is damaged: it is no proper notebook.") from error
    if not cells:
        raise Empty(f"{source.name} is a notebook without cells.")
    writer, sanitizer = Writer("cell"), Sanitizer()
    headings: list[Heading] = []
    hidden = 0
    for cell in cells:
        said, unseen = _cell(cell)
        hidden += unseen
        if isinstance(cell, dict) and cell.get("cell_type") == "markdown":
            headings += [Heading(each.level, each.title, 0, writer.length + each.at) for each in markdown_headings(said)]
        writer.add(said)
    if hidden:
        warnings += (f"Not shown: {counted(hidden, 'output')} without text.",)
    section = writer.section(sanitizer)
    return Extract([section], headings[0].title if headings else "", headings, warnings + sanitizer.warnings)


def _cell(cell: Any) -> tuple[str, int]:
    """What a cell says, and how many of its outputs are not text."""
    if not isinstance(cell, dict):
        return "", 0
    source = _joined(cell.get("source", cell.get("input", "")))
    if cell.get("cell_type") != "code":
        return source, 0
    count = cell.get("execution_count", cell.get("prompt_number"))
    lines = [f"In [{count if isinstance(count, int) else ' '}]:", source]
    hidden = 0
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else []:
        said = _output(output) if isinstance(output, dict) else ""
        hidden += not said
        lines += ["Out:", said] if said else ["Out: [not text]"]
    return "\n".join(line for line in lines if line), hidden


def _output(output: dict[str, Any]) -> str:
    if output.get("output_type") in ("error", "pyerr"):
        trace = output.get("traceback")
        said = "\n".join(map(str, trace)) if isinstance(trace, list) else ""
        said = said or f"{output.get('ename')}: {output.get('evalue')}"
    elif "text" in output:
        said = _joined(output["text"])
    else:
        data = output.get("data")
        said = _joined(data.get("text/plain") or data.get("text/markdown") or "") if isinstance(data, dict) else ""
        if isinstance(data, dict) and any(kind.startswith("image/") for kind in data):
            said = f"[picture] {said}".strip()
    return TERMINAL_CODES.sub("", said).rstrip("\n")


def _joined(lines: Any) -> str:
    """The format allows a text, or its lines in a list."""
    return ("".join(map(str, lines)) if isinstance(lines, list) else str(lines)).replace("\r\n", "\n")
