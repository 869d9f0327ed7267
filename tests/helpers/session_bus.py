"""A session bus of a test's own, which starts no service by itself. Debian: dbus-daemon."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
"""


def is_installed() -> bool:
    """Whether a bus can be started."""
    return shutil.which("dbus-daemon") is not None


class SessionBus:
    """Use it as a context.

    Attributes:
        address: for `DBUS_SESSION_BUS_ADDRESS`.
    """

    def __init__(self) -> None:
        self.address = ""

    def __enter__(self) -> SessionBus:
        self._folder = tempfile.TemporaryDirectory(prefix="bus")  # short: a socket's path ends at 107 characters
        config = Path(self._folder.name, "bus.conf")
        config.write_text(_CONFIG.format(folder=self._folder.name))
        command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._process.stdout
        self.address = self._process.stdout.readline().strip()
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()
        self._process.wait(10)
        assert self._process.stdout
        self._process.stdout.close()
        self._folder.cleanup()
