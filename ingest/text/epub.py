"""Electronic books: the chapters in the order in which they are read (EPUB 3.3, and 2.0.1 with its NCX)."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote, urldefrag

from ingest.archive import parse_xml
from ingest.documents import Source
from ingest.errors import Damaged, Empty, FormatUnsupported, IngestError, TooLarge
from ingest.text.decode import decode
from ingest.text.extract import Extract, Heading, Sanitizer, Section, Writer, counted, heading_title
from ingest.text.markup import Flow, local_name, parse_html
from ingest.text.package import Package

_FONT_SCRAMBLING = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""EPUB OCF 3.3 section 4.4 and Adobe's own: fonts are scrambled, the text is not."""


def read(source: Source) -> Extract:
    """A section a chapter. Raises what `Package` raises, FormatUnsupported for protected books, or Empty."""
    with Package(source) as package:
        _refuse_protected(package, source.name)
        return _read(package, source.name)


def _refuse_protected(package: Package, name: str) -> None:
    root = package.xml_if_there("META-INF/encryption.xml")
    for element in root.iter() if root is not None else ():
        if local_name(element) == "encryptionmethod" and element.get("Algorithm") not in _FONT_SCRAMBLING:
            raise FormatUnsupported(
                f"{name} is protected against copying (DRM), so only the reading program it was bought for can open it."
            )


def _read(package: Package, name: str) -> Extract:
    opf_name = _opf_name(package, name)
    opf, folder = package.xml(opf_name), posixpath.dirname(opf_name)
    items = {item.get("id"): item for item in opf.iter() if local_name(item) == "item"}
    spine = [items.get(each.get("idref")) for each in opf.iter() if local_name(each) == "itemref"]
    title = next((heading_title("".join(each.itertext())) for each in opf.iter() if local_name(each) == "title"), "")
    sanitizer, sections, flows = Sanitizer(), list[Section](), dict[str, tuple[int, Flow]]()
    warnings: list[str] = []
    for number, item in enumerate(spine, 1):
        part = _resolve(folder, item.get("href", "")) if item is not None else ""
        try:
            root, more = _chapter(package, part, name)
        except TooLarge:
            raise
        except IngestError:
            warnings.append(f"Chapter {number} is damaged or missing.")
            continue
        warnings += more
        flow = Flow()
        if root is not None:
            flow.add(root)
        if not flow.lines:
            continue
        flows[part] = len(sections), flow
        writer = Writer("", prefix=f"chapter {number}, ")
        writer.add(flow.text)
        sections.append(writer.section(sanitizer))
    if not sections:
        raise Empty(f"There is no text in {name}. Its pages may be pictures.")
    headings = _outline(package, opf, folder, items, flows) or [
        heading for index, flow in flows.values() for heading in flow.outline(index)
    ]
    pictures = sum(flow.picture_count for _, flow in flows.values())
    warnings += [f"Not shown: {counted(pictures, 'picture')}."] if pictures else []
    return Extract(sections, title, headings, (*warnings, *sanitizer.warnings))


def _opf_name(package: Package, name: str) -> str:
    root = package.xml("META-INF/container.xml")
    for element in root.iter():
        if local_name(element) == "rootfile" and element.get("full-path") in package.names:
            return str(element.get("full-path"))
    raise Damaged(f"{name} is damaged: the list of its chapters is missing.")


def _chapter(package: Package, part: str, name: str) -> tuple[Any, tuple[str, ...]]:
    """The root of a chapter: of XML as it should be, or of whatever a browser would make of it."""
    data = package.read(part)
    try:
        return parse_xml(data, name), ()
    except Damaged:
        return parse_html(decode(data, name)[0])


def _outline(package: Package, opf: Any, folder: str, items: dict[Any, Any], flows: dict[str, tuple[int, Flow]]) -> list[Heading]:
    """From the navigation document, or from the NCX of older books; empty when there is neither."""
    for item in items.values():
        is_nav, is_ncx = "nav" in item.get("properties", "").split(), item.get("media-type") == "application/x-dtbncx+xml"
        part = _resolve(folder, item.get("href", ""))
        if part not in package.names or not (is_nav or is_ncx):
            continue
        root = package.xml(part)
        entries = _nav_entries(root) if is_nav else _ncx_entries(root)
        found = [_heading(level, title, posixpath.dirname(part), href, flows) for level, title, href in entries]
        if headings := [heading for heading in found if heading is not None]:
            return headings
    return []


def _nav_entries(root: Any) -> list[tuple[int, str, str]]:
    navs = [each for each in root.iter() if local_name(each) == "nav"]
    of_contents = [nav for nav in navs if any(key.endswith("}type") and value == "toc" for key, value in nav.attrib.items())]
    entries = []
    for link in (of_contents or navs or [root])[0].iter():
        if local_name(link) == "a":
            level = sum(local_name(above) in ("ol", "ul") for above in link.iterancestors())
            entries.append((max(1, level), "".join(link.itertext()), link.get("href", "")))
    return entries


def _ncx_entries(root: Any) -> list[tuple[int, str, str]]:
    entries = []
    for point in root.iter():
        if local_name(point) != "navpoint":
            continue
        level = 1 + sum(local_name(above) == "navpoint" for above in point.iterancestors())
        label = next(("".join(each.itertext()) for each in point if local_name(each) == "navlabel"), "")
        href = next((each.get("src", "") for each in point if local_name(each) == "content"), "")
        entries.append((level, label, href))
    return entries


def _heading(level: int, title: str, folder: str, href: str, flows: dict[str, tuple[int, Flow]]) -> Heading | None:
    address, fragment = urldefrag(href)
    index, flow = flows.get(_resolve(folder, address), (0, None))
    shown = heading_title(title)
    if flow is None or not shown:
        return None
    starts = flow.line_starts()
    return Heading(level, shown, index, starts[min(flow.anchors.get(unquote(fragment), 0), len(starts) - 1)])


def _resolve(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(urldefrag(href)[0])))
