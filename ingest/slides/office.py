"""LibreOffice, where the user has it: turns a document into a PDF, in a process of its own, with a profile made for that one run.

The document is hostile, so the profile forbids macros, scripts, Java and everything that a document only links to, and sends
what asks for the network all the same to a proxy that is not there. The process stays in the group of the reading child, which is
killed as a whole when the parent loses patience, and under that child's limits of memory; its own time ends earlier.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from base.disk_store import DiskStore
from ingest import limits
from ingest.detect import DOCX, ODP, PPT, PPTX, XLSX
from ingest.documents import Source
from ingest.errors import Damaged, FormatUnsupported, ReaderSlow, TooLarge

log = logging.getLogger(__name__)

CONVERT_SECONDS = limits.CONVERT_SECONDS - 15.0
"""Sooner than the parent kills the child that waits here, so that the user reads what took so long."""
PDF_BYTES_MAX = 512 << 20
CACHE_BYTES = 512 << 20

_PREFIX = "sightline-office-"
_STALE_S = 3600.0
_SUFFIXES = {PPTX: ".pptx", PPT: ".ppt", ODP: ".odp", DOCX: ".docx", XLSX: ".xlsx"}
_FOLDERS = (
    *("/usr/bin", "/usr/local/bin", "/usr/lib/libreoffice/program", "/usr/lib64/libreoffice/program", "/opt/libreoffice*/program"),
    "/Applications/LibreOffice.app/Contents/MacOS",
)
_FLAGS = ("--headless", "--norestore", "--nodefault", "--nolockcheck", "--nologo", "--nofirststartwizard")
_DEAD_PROXY = ("127.0.0.1", "9")  # the discard port, on which nothing listens

# Names and values are of LibreOffice's own schema, officecfg/registry/schema in its source. Versions that lack one ignore it.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisablePythonRuntime", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "CheckDocumentEvents", "true"),
    ("Office.Java/VirtualMachine", "Enable", "false"),
    ("Office.Writer/Content/Update", "Link", "0"),  # never
    ("Office.Calc/Content/Update", "Link", "2"),  # never
    ("Office.Common/Filter/PDF/Export", "ExportHiddenSlides", "true"),
    ("Inet/Settings", "ooInetProxyType", "2"),  # by hand
    ("Inet/Settings", "ooInetNoProxy", ""),
    *(("Inet/Settings", f"ooInet{scheme}ProxyName", _DEAD_PROXY[0]) for scheme in ("HTTP", "HTTPS", "FTP")),
    *(("Inet/Settings", f"ooInet{scheme}ProxyPort", _DEAD_PROXY[1]) for scheme in ("HTTP", "HTTPS", "FTP")),
)
_KEPT_VARIABLES = (
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "PROGRAMFILES",
    "COMMONPROGRAMFILES",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
)


def find() -> Path | None:
    """The program, on PATH or where installers put it. None without one; the Flatpak does not count, it sees other files."""
    on_path = shutil.which("soffice.com" if sys.platform == "win32" else "soffice") or shutil.which("libreoffice")
    if on_path:
        return Path(on_path)
    roots = [os.environ[name] for name in ("PROGRAMFILES", "PROGRAMFILES(X86)") if name in os.environ]
    for folder in (*_FOLDERS, *(f"{root}/LibreOffice/program" for root in roots)):
        anchor = Path(folder).anchor
        for candidate in sorted(Path(anchor).glob(os.path.relpath(folder, anchor)), reverse=True) if anchor else ():
            program = candidate / ("soffice.com" if sys.platform == "win32" else "soffice")
            if program.is_file() and os.access(program, os.X_OK):
                return program
    return None


@functools.cache
def version(program: Path) -> str:
    """Such as "LibreOffice 7.4.7.2"; without the number when it does not say."""
    with _working_folder() as folder, contextlib.suppress(OSError, subprocess.SubprocessError):
        answer = subprocess.run(
            [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=_environment(folder),
            timeout=20.0,
            check=True,
        )
        words = answer.stdout.decode("utf-8", "replace").split()
        if len(words) >= 2 and words[1][0].isdigit():
            return f"LibreOffice {words[1]}"
    return "LibreOffice"


def convert(source: Source) -> bytes:
    """The document as a PDF, a page each slide, hidden ones included; from `source.cache` where it was converted before.

    Raises FormatUnsupported without LibreOffice, Damaged when it cannot read the document, ReaderSlow when it took too long,
    TooLarge for a PDF above `PDF_BYTES_MAX`.
    """
    program = find()
    if program is None:
        raise FormatUnsupported(f"Opening {source.name} needs LibreOffice. Install it, or save the file as .pptx or PDF.")
    if source.cache is None:
        return _convert(source, program)
    store = DiskStore(source.cache / "office", ".pdf", CACHE_BYTES)
    name = f"{source.sha256}-{version(program).split()[-1]}.pdf"
    kept = store.read(name)
    if kept is not None:
        return kept[1]
    pdf = _convert(source, program)
    store.write(name, {}, pdf)
    return pdf


def _convert(source: Source, program: Path) -> bytes:
    with _working_folder() as folder:
        document = folder / f"document{_SUFFIXES.get(source.media_type, '')}"
        with source.open() as stream, open(document, "wb") as copy:
            shutil.copyfileobj(stream, copy)  # its name, its neighbours and locks beside it are none of LibreOffice's business
        _write_profile(folder / "profile")
        complaints = folder / "complaints"
        with open(complaints, "wb") as output:
            _run(source, _command(program, folder, document), folder, output)
        pdf = folder / "out" / "document.pdf"
        if not pdf.is_file() or pdf.stat().st_size == 0:
            log.warning("LibreOffice gave no PDF: %s", complaints.read_bytes()[-500:].decode("utf-8", "replace"))
            raise Damaged(f"{source.name} cannot be read by LibreOffice. It is probably damaged or protected by a password.")
        if pdf.stat().st_size > PDF_BYTES_MAX:
            raise TooLarge(f"{source.name} becomes a PDF of more than {PDF_BYTES_MAX >> 20} MB. Split it into smaller files.")
        return pdf.read_bytes()


def _command(program: Path, folder: Path, document: Path) -> list[str]:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    return [str(program), profile, *_FLAGS, "--convert-to", "pdf", "--outdir", str(folder / "out"), str(document)]


def _run(source: Source, command: list[str], folder: Path, output: object) -> None:
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,  # type: ignore[call-overload]
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=_environment(folder),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        _limit(process.pid)
        process.wait(CONVERT_SECONDS)
    except subprocess.TimeoutExpired:
        raise ReaderSlow(
            f"LibreOffice took longer than {CONVERT_SECONDS:.0f} seconds for {source.name} and was stopped. "
            "Save the file as PDF and open that."
        ) from None
    finally:
        _kill_tree(process)


def _limit(pid: int) -> None:
    """Bounds that hold even when nobody is left to watch the clock. They are inherited by what it starts."""
    if sys.platform == "linux":
        import resource

        cpu_s = int(CONVERT_SECONDS * (os.cpu_count() or 1))
        for kind, bound in ((resource.RLIMIT_CPU, cpu_s), (resource.RLIMIT_FSIZE, PDF_BYTES_MAX * 2)):
            with contextlib.suppress(OSError, ValueError):
                resource.prlimit(pid, kind, (bound, bound))


def _kill_tree(process: subprocess.Popen[bytes]) -> None:
    """The program that was started only starts another and waits for it."""
    if process.poll() is not None:
        return
    import psutil

    with contextlib.suppress(psutil.Error):
        started = psutil.Process(process.pid).children(recursive=True)
        for child in started:
            with contextlib.suppress(psutil.Error):
                child.kill()
        psutil.wait_procs(started, timeout=5.0)
    process.kill()
    process.wait()


@contextlib.contextmanager
def _working_folder() -> Iterator[Path]:
    """A new folder; those that killed processes left behind go."""
    for stale in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - stale.stat().st_mtime > _STALE_S:
                shutil.rmtree(stale, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of the user's but the way to programs and fonts."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    home = Path(os.environ.get("HOME") or os.environ.get("USERPROFILE") or folder)
    proxy = f"http://{':'.join(_DEAD_PROXY)}"
    return kept | {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "USERPROFILE": str(folder),
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder)),
        "XDG_DATA_HOME": os.environ.get("XDG_DATA_HOME") or str(home / ".local" / "share"),  # the user's own fonts
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME") or str(home / ".cache"),  # what fontconfig knows of them
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",  # draws without a display
        **dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), proxy),
        "no_proxy": "",
    }


def _write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    user = folder / "user"
    user.mkdir(parents=True, mode=0o700)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>',
        encoding="utf-8",
    )
