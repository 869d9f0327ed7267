"""The desktop's portal: the D-Bus service by which programs ask for what only the desktop can give, as its dialogs allow.

Linux only. Everything blocks and belongs into a worker's thread. Source: the XDG Desktop Portal documentation, interfaces
org.freedesktop.portal.Request, .Screenshot and so on, and org.freedesktop.host.portal.Registry.

PortalError
├── PortalUnavailable   there is no bus, no portal, or it does not offer this
├── PortalRefused       the user or the desktop said no
├── PortalCancelled     the user closed the dialog, or the caller wanted it no more
├── PortalSilent        no answer within the time limit; the dialog is closed
└── PortalFailed        an error of another kind, in the portal's own words
"""

from __future__ import annotations

import contextlib
import os
import secrets
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from jeepney import DBusAddress, DBusErrorResponse, HeaderFields, MatchRule, message_bus, new_method_call
from jeepney.io.blocking import open_dbus_connection
from jeepney.wrappers import unwrap_msg

APP_ID = "sightline"
"""The name of the installed .desktop file, without its suffix. The portal remembers permissions by it."""
NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
CALL_LIMIT_S = 10.0
"""For what needs no user. The portal may have to be started first."""
_STOP_POLL_S = 0.1

_UNAVAILABLE = ("ServiceUnknown", "NameHasNoOwner", "UnknownMethod", "UnknownInterface", "UnknownObject", "UnknownProperty")
_REFUSED = ("NotAllowed", "AccessDenied")


class PortalError(Exception):
    """Base. `message` is a full sentence in English, for the log; who called knows what it means for the user."""

    code = "portal_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PortalUnavailable(PortalError):
    """There is no bus, no portal on it, or none that offers this."""

    code = "portal_unavailable"


class PortalRefused(PortalError):
    """The user or the desktop said no."""

    code = "portal_refused"


class PortalCancelled(PortalError):
    """The user closed the dialog, or the caller wanted it no more."""

    code = "portal_cancelled"


class PortalSilent(PortalError):
    """No answer within the time limit."""

    code = "portal_silent"


class PortalFailed(PortalError):
    """The portal's own words are part of the message."""

    code = "portal_failed"


class Portal:
    """A connection to the portal, on which this program has said who it is. Close it, or use it as a context.

    Attributes:
        connection: jeepney's; whoever listens to signals reads from it.
        owner: the portal's unique name on the bus. Signals of others that look like its own do not carry it.
    """

    def __init__(self, bus: str = "", *, enable_fds: bool = False) -> None:
        """`bus` is an address, the session's without one.

        Raises:
            PortalUnavailable: no bus, or no portal that runs or can be started.
        """
        address = bus or os.environ.get("DBUS_SESSION_BUS_ADDRESS") or f"unix:path={os.environ.get('XDG_RUNTIME_DIR', '')}/bus"
        try:
            self.connection = open_dbus_connection(address, enable_fds=enable_fds)
        except (OSError, RuntimeError, ValueError) as error:
            raise PortalUnavailable(f"The session's D-Bus cannot be reached: {error}") from error
        try:
            # Fails when it can only be started by others; it may run all the same.
            with contextlib.suppress(PortalError):
                self._send(message_bus.StartServiceByName(NAME))
            (self.owner,) = self._send(message_bus.GetNameOwner(NAME))
            # From 1.21 on the portal speaks only to programs that say who they are; before 1.19 it cannot be told.
            with contextlib.suppress(PortalError):
                self._send(self._message(PATH, "org.freedesktop.host.portal.Registry", "Register", "sa{sv}", (APP_ID, {})))
        except PortalError:
            self.close()
            raise

    def __enter__(self) -> Portal:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """What was asked and not answered is given up by the portal."""
        self.connection.close()

    def version(self, interface: str) -> int:
        """Of "Screenshot" and the like; 0 when the portal does not offer it."""
        arguments = (f"org.freedesktop.portal.{interface}", "version")
        try:
            ((_, version),) = self._send(self._message(PATH, "org.freedesktop.DBus.Properties", "Get", "ss", arguments))
        except PortalUnavailable:
            return 0
        except PortalFailed as error:  # an interface that is not there is "InvalidArgs" for GLib
            if "InvalidArgs" in error.message:
                return 0
            raise
        return int(version)

    def call(self, interface: str, member: str, signature: str = "", arguments: tuple[Any, ...] = ()) -> tuple[Any, ...]:
        """A method that answers at once; variants are `(signature, value)` both ways. Raises PortalError."""
        return self._send(self._message(PATH, f"org.freedesktop.portal.{interface}", member, signature, arguments))

    def request(
        self,
        interface: str,
        member: str,
        signature: str,
        arguments: tuple[Any, ...],
        options: Mapping[str, tuple[str, Any]],
        *,
        time_limit_s: float,
        stop: threading.Event | None = None,
    ) -> dict[str, Any]:
        """A method that may ask the user first, and its results. `options` are its last argument.

        Raises:
            PortalCancelled: by the user, or because `stop` was set meanwhile.
            PortalSilent: nobody answered in time.
            PortalError: any other class of it.
        """
        token = f"{APP_ID}_{secrets.token_hex(8)}"
        handle = f"{PATH}/request/{self.connection.unique_name[1:].replace('.', '_')}/{token}"
        with self._responses() as responses:  # before the call: the response may overtake the reply
            (named,) = self.call(interface, member, signature, (*arguments, {**options, "handle_token": ("s", token)}))
            # Portals before 0.9 name the handle themselves.
            code, results = self._wait(responses, frozenset({handle, named}), time_limit_s, stop)
        if code == 1:
            raise PortalCancelled(f"The dialog for {interface}.{member} was closed.")
        if code:
            raise PortalRefused(f"The portal said no to {interface}.{member}.")
        return {name: value for name, (_, value) in results.items()}

    @contextlib.contextmanager
    def _responses(self) -> Iterator[deque[Any]]:
        """Responses of the portal, and of no one else, as they come in."""
        rule = MatchRule(
            type="signal",
            sender=self.owner,
            interface="org.freedesktop.portal.Request",
            member="Response",
            path_namespace=f"{PATH}/request",
        )
        self._send(message_bus.AddMatch(rule))
        try:
            with self.connection.filter(rule, queue=deque(maxlen=64)) as queue:
                yield queue
        finally:
            with contextlib.suppress(PortalError):
                self._send(message_bus.RemoveMatch(rule))

    def _wait(
        self, responses: deque[Any], handles: frozenset[str], time_limit_s: float, stop: threading.Event | None
    ) -> tuple[int, dict[str, Any]]:
        end = time.monotonic() + time_limit_s
        while True:
            while responses:
                fields = (message := responses.popleft()).header.fields
                if fields[HeaderFields.path] in handles and fields.get(HeaderFields.signature) == "ua{sv}":
                    code, results = message.body
                    return code, results
            left_s = end - time.monotonic()
            if left_s <= 0 or (stop is not None and stop.is_set()):
                self._close_requests(handles)
                if left_s > 0:
                    raise PortalCancelled("The caller wanted no answer any more.")
                raise PortalSilent(f"Nobody answered within {time_limit_s:.0f} s.")
            with _own_errors(), contextlib.suppress(TimeoutError):
                self.connection.recv_messages(timeout=min(left_s, _STOP_POLL_S))

    def _close_requests(self, handles: frozenset[str]) -> None:
        """Take the dialog away."""
        for handle in handles:
            with contextlib.suppress(PortalError):
                self._send(self._message(handle, "org.freedesktop.portal.Request", "Close"), time_limit_s=1)

    def _message(self, path: str, interface: str, member: str, signature: str = "", body: tuple[Any, ...] = ()) -> Any:
        return new_method_call(DBusAddress(path, self.owner, interface), member, signature or None, body)

    def _send(self, message: Any, time_limit_s: float = CALL_LIMIT_S) -> tuple[Any, ...]:
        with _own_errors():
            try:
                body: tuple[Any, ...] = unwrap_msg(self.connection.send_and_get_reply(message, timeout=time_limit_s))
            except TimeoutError as error:
                raise PortalSilent(f"No reply came within {time_limit_s:.0f} s.") from error
            return body


@contextlib.contextmanager
def _own_errors() -> Iterator[None]:
    """What jeepney raises, as one of this module's classes. A time-out is left as it is."""
    try:
        yield
    except DBusErrorResponse as error:
        words = f"{error.name}: {' '.join(str(part) for part in error.data or ())}"
        kind = error.name.rsplit(".", 1)[-1]
        if kind in _UNAVAILABLE or ".Spawn." in error.name:
            raise PortalUnavailable(words) from error
        if kind in _REFUSED:
            raise PortalRefused(words) from error
        raise (PortalCancelled if kind == "Cancelled" else PortalFailed)(words) from error
    except TimeoutError:
        raise
    except (OSError, ValueError, TypeError, struct.error) as error:  # the bus went away, or what came was no D-Bus message
        raise PortalFailed(f"The connection to the portal broke: {error}") from error
