"""The dependency rule of docs/adr: what runs without a display or a model also loads without them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# Of inference.local only the proxy runs outside the engine's child process.
_LOAD_ALL = """
import importlib, pathlib, sys
for name in ("inference", "ingest", "app.chat"):
    folder = pathlib.Path(*importlib.import_module(name).__path__)
    for file in sorted(folder.rglob("*.py")):
        module = ".".join((name, *file.relative_to(folder).with_suffix("").parts)).removesuffix(".__init__")
        if not module.startswith("inference.local.") or module == "inference.local.proxy":
            importlib.import_module(module)
print(*{"PySide6", "shiboken6", "llama_cpp"}.intersection(sys.modules))
"""


def test_inference_ingest_and_chat_load_neither_qt_nor_llama_cpp() -> None:
    child = subprocess.run([sys.executable, "-P", "-c", _LOAD_ALL], capture_output=True, text=True, check=False)
    assert (child.returncode, child.stdout.strip(), child.stderr) == (0, "", "")


def test_import_contracts_hold() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    root = Path(__file__).parents[2]
    child = subprocess.run([lint_imports, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stdout
