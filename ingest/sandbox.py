"""What a reading child gives up before it meets its first file. Each step is taken where the system allows it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading

_ADDRESS_SPACE_BYTES = 8 << 30
"""More than any reader needs, less than what would bring a computer down before the parent notices."""
_FILE_BYTES = 4 << 30
"""Of one file written, by an office program say."""


def limit_this_process() -> None:
    """No more memory than sane, no network, no new rights, and the first to go when memory runs out. Call before threads start."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("700")
    with contextlib.suppress(ImportError):
        import resource

        for what, limit in (
            (resource.RLIMIT_AS, _ADDRESS_SPACE_BYTES),
            (resource.RLIMIT_FSIZE, _FILE_BYTES),
            (resource.RLIMIT_CORE, 0),
        ):
            with contextlib.suppress(ValueError, OSError):
                hard = resource.getrlimit(what)[1]
                resource.setrlimit(what, (limit if hard == resource.RLIM_INFINITY else min(hard, limit), hard))
    if sys.platform == "linux":
        _leave_network()


def _leave_network() -> None:
    """A network namespace with nothing in it. Parsers fetch nothing anyway; what takes one over cannot send what it read."""
    import ctypes

    clone_newuser, clone_newnet = 0x10000000, 0x40000000  # linux/sched.h
    pr_set_no_new_privs = 38  # linux/prctl.h
    capability_version_3 = 0x20080522  # linux/capability.h
    libc = ctypes.CDLL(None)
    user, group = os.geteuid(), os.getegid()
    libc.prctl(pr_set_no_new_privs, 1, 0, 0, 0)
    if user == 0:  # in a user namespace root could no longer read the files of others
        libc.unshare(clone_newnet)
    elif libc.unshare(clone_newuser | clone_newnet) == 0:
        # Stay who we are, and give back the rights over the new namespace.
        for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with contextlib.suppress(OSError), open(f"/proc/self/{name}", "w") as file:
                file.write(text)
        libc.capset((ctypes.c_uint32 * 2)(capability_version_3, 0), (ctypes.c_uint32 * 6)())


def watch_parent() -> None:
    """End this process and all that it started as soon as the parent is gone, in the midst of work too.

    A thread does that, so native code that does not let other threads run is left to `faulthandler`. Windows has neither.
    """
    if sys.platform == "win32" or os.getpgrp() != os.getpid():  # started by hand: the group is the shell's
        return
    import select

    def watch() -> None:
        parent, requests = os.getppid(), select.poll()
        requests.register(0, 0)  # hanging up is always reported
        while os.getppid() == parent and not requests.poll(1000):
            pass
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
