"""A conversation as one HTML file that needs nothing else: pictures inside, no script, nothing loaded from anywhere."""

from __future__ import annotations

import base64
from functools import cache
from html import escape
from string import Template

from app.chat.export.document import Document, Figure
from app.chat.export.figures import Drawn, Figures
from app.chat.export.layout import Layout
from app.chat.export.looks import Theme, box_colors, code_style, color
from app.chat.export.options import DrawFormula, Words

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_COLORS = ("window", "surface", "sunken", "line", "text", "text_2", "accent", "warn", "on_accent")
_STYLE = Template("""
:root { color-scheme: light dark; $light $numbers }
@media (prefers-color-scheme: dark) { :root { $dark } }
body { margin: 0; background: var(--window); color: var(--text);
  font: 15px/1.6 system-ui, "Segoe UI", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
main { max-width: 760px; margin: 0 auto; padding: 32px 24px; overflow-wrap: break-word; }
h1 { font-size: 24px; line-height: 1.3; } h2 { font-size: 14px; margin: 0 0 8px; }
h3 { font-size: 17px; } h3.places { font-size: 13px; color: var(--text_2); } h4, h5, h6 { font-size: 15px; }
section { margin-bottom: 32px; }
.question { background: var(--sunken); border-radius: 12px; padding: 16px; margin-bottom: 16px; }
.question p:last-child, .answer p:last-child { margin-bottom: 0; }
.quiet, .caption, .reasoning { color: var(--text_2); } .quiet, .caption { font-size: 13px; font-weight: 400; }
.reasoning { border-left: 2px solid var(--line); padding-left: 16px; margin-bottom: 16px; } .reasoning h3 { font-size: 13px; }
.remark { color: var(--warn); }
.figure { margin: 16px 0; } .figure p { margin: 4px 0; } .figure:target img { outline: 2px solid var(--accent); }
.figure img { max-width: 100%; max-height: 80vh; width: auto; height: auto; vertical-align: top;
  border: 1px solid var(--line); border-radius: 8px; }
.question .figure img { max-height: 240px; }
pre { background: var(--sunken); border-radius: 8px; padding: 12px 16px; overflow-x: auto; white-space: pre-wrap; }
code { font: 13px/1.5 ui-monospace, "JetBrains Mono", Consolas, monospace; }
:not(pre) > code { background: var(--sunken); border-radius: 4px; padding: 1px 4px; }
table { border-collapse: collapse; margin: 16px 0; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: 6px 12px; text-align: left; } th { background: var(--sunken); }
blockquote { margin: 16px 0; padding-left: 16px; border-left: 3px solid var(--line); color: var(--text_2); }
a { color: var(--accent); } hr { border: 0; border-top: 1px solid var(--line); }
.ref { display: inline-block; min-width: 10px; padding: 0 5px; border-radius: 8px; background: var(--box); color: var(--on_box);
  font-size: 12px; line-height: 17px; text-align: center; text-decoration: none; font-weight: 600; }
.lost { color: var(--text_2); border-bottom: 1px dashed var(--text_2); }
.formula { font-size: 1.15em; } .formula svg { max-width: 100%; } .formula svg, .formula [fill="black"] { fill: currentColor; }
.formula [stroke="black"] { stroke: currentColor; }
.formula.display { display: block; text-align: center; margin: 16px 0; overflow-x: auto; }
$boxes
$code
@media (prefers-color-scheme: dark) { $code_dark }
@media print { main { max-width: none; } .figure { break-inside: avoid; } }
""")


class PageLayout(Layout):
    """HTML for a browser."""

    def picture(self, figure: Figure, drawn: Drawn, alternative: str) -> str:
        data = base64.b64encode(drawn.data).decode("ascii")
        source = f"data:{drawn.media_type};base64,{data}"
        return f'<img alt="{escape(alternative)}" width="{drawn.width}" height="{drawn.height}" src="{source}">'

    def formula(self, tex: str, is_display: bool) -> str:
        kind = "formula display" if is_display else "formula"
        drawing = self.draw_formula(tex, is_display)
        if drawing is None:
            return f'<code class="{kind}">{escape(tex)}</code>'
        style = f"width: {drawing.width:.3f}em; height: {drawing.height:.3f}em; vertical-align: {-drawing.depth:.3f}em"
        svg = drawing.svg.replace("<svg ", f'<svg role="img" aria-label="{escape(tex)}" style="{style}" ', 1)
        return f'<span class="{kind}">{svg}</span>'


def write_page(document: Document, words: Words, figures: Figures, draw_formula: DrawFormula) -> str:
    """The whole file. Blocks while pictures are drawn. Raises Stopped."""
    body = PageLayout(words, figures, draw_formula).body(document)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(words.language.replace("_", "-"))}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(document.title)}</title>\n<style>{page_style()}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


@cache
def page_style() -> str:
    """The style sheet, light and dark. Numbers have the colours of the boxes in the pictures, which are drawn once, in both."""
    numbers = [f"--box{index}: {box};" for index, box in enumerate(box_colors("light"))]
    boxes = "\n".join(f".box{index} {{ --box: var(--box{index}); }}" for index in range(len(box_colors("light"))))
    return _STYLE.substitute(
        light=_variables("light"),
        dark=_variables("dark"),
        numbers=" ".join([*numbers, f"--on_box: {color('light', 'on_accent')};"]),
        boxes=boxes,
        code=code_style("light"),
        code_dark=code_style("dark"),
    )


def _variables(theme: Theme) -> str:
    return " ".join(f"--{name}: {color(theme, name)};" for name in _COLORS)
