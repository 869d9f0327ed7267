"""`sightline doctor`: tries each part of Sightline on this computer, and says what to do about what does not work.

Nothing is changed but a damaged history, which is rescued as the window would do it. No picture is taken and no dialog is opened,
but that of a keychain which has to be unlocked for a key. A part that hangs is given up after a while; its thread is left behind,
as nothing can end it but the end of this process.
"""

from __future__ import annotations

import argparse
import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from app import paths, reach
from app.commands.exits import EXIT_ENGINE, EXIT_OK
from app.commands.findings import Finding
from app.settings.schema import Settings
from app.settings.store import SettingsStore

log = logging.getLogger(__name__)

PATIENCE_S = 60.0
"""For one part: reading the text of a picture loads models."""
REPORT_S = 3.0
QT_PARTS = ("hotkeys", "tray")
"""They are made of QObjects, which belong to the first thread, and wait for nobody."""

Report = dict[str, Any]
Check = Callable[[Settings, Report | None], Finding]


def run(options: argparse.Namespace) -> int:
    """Print what was found, as it is found; returns the exit code: 1 when something that is needed does not work."""
    from app.commands import desktop_checks, model_checks, server_checks

    settings = SettingsStore(paths.config_dir() / "settings.json").current
    report = ask_running()
    checks: tuple[tuple[str, Check], ...] = (
        ("capture", desktop_checks.check_capture),
        ("hotkeys", desktop_checks.check_hotkeys),
        ("tray", desktop_checks.check_tray),
        ("login", desktop_checks.check_login),
        ("keychain", desktop_checks.check_keychain),
        ("model", model_checks.check_model),
        ("engine", model_checks.check_engine),
        ("history", model_checks.check_history),
        ("recognition", model_checks.check_recognition),
        ("proxy", server_checks.check_proxy),
        ("glm", server_checks.check_glm),
        *server_checks.server_checks(settings),
    )
    desktop_checks.make_application()
    findings = []
    for part, check in checks:
        findings.append(attempt(part, check, settings, report))
        if not options.json:
            _print(findings[-1])
    if options.json:
        print(json.dumps({"running": report is not None, "parts": [asdict(finding) for finding in findings]}, ensure_ascii=False))
    return exit_of(findings)


def exit_of(findings: Sequence[Finding]) -> int:
    """0 unless something is broken; what is limited is told and no more."""
    return EXIT_ENGINE if any(finding.state == "broken" for finding in findings) else EXIT_OK


def attempt(part: str, check: Check, settings: Settings, report: Report | None, patience_s: float = PATIENCE_S) -> Finding:
    """What a check found; it may fail and hang as it likes."""
    found: list[Finding] = []

    def work() -> None:
        try:
            found.append(check(settings, report))
        except Exception as error:  # the border: whatever is wrong with a part, the others are looked at
            log.warning("the check of %s failed", part, exc_info=True)
            words = f"It could not be checked: {type(error).__name__}: {error}."
            found.append(Finding(part, "broken", words, f"See {paths.log_dir() / 'doctor.log'}."))

    if part in QT_PARTS:
        work()
        return found[0]
    thread = threading.Thread(target=work, name=part, daemon=True)
    thread.start()
    thread.join(patience_s)
    slow = Finding(part, "broken", f"It gave no answer for {patience_s:.0f} seconds.", "Start the computer anew, then try again.")
    return found[0] if found else slow


def ask_running() -> Report | None:
    """How things are in the Sightline that runs; None when none does, or when it says nothing that can be understood."""
    answer = reach.say(reach.REPORT, [], answer_s=REPORT_S)
    if answer is None or not answer.startswith(b"ok "):
        return None
    try:
        report = json.loads(answer[3:])
    except (ValueError, RecursionError):
        return None
    return report if isinstance(report, dict) else None


def _print(finding: Finding) -> None:
    marks = {"works": "ok", "limited": "note", "broken": "FAIL"}
    print(f"{marks[finding.state]:4}  {finding.part:11}  {finding.message}", flush=True)
    if finding.advice:
        print(f"{'':17}  -> {finding.advice}", flush=True)
