"""Reaches the Sightline that runs already: one line there, one line back. Also: where it listens, and who of several may.

`sightline capture` is bound to keys and has 60 ms, so this module imports C modules and no others: `json`, `socket`, `pathlib`,
`argparse` and `dataclasses` each take longer than all that is done here.

A line is JSON: {"version": 1, "command": "open", "arguments": ["a.png"], "folder": "/home/me", "token": ""}; `app.instance` says
what each means. The answer is `ok`, or `ok` and JSON, or `no` for what is not understood.

On POSIX there is a socket in a folder that only its user can enter. Who holds a lock on the file beside it may listen, and the
system takes that lock back however its process ends. It listens from then on, so that those who come while the window is being made
wait for it. On Windows a mutex is the lock, and the name of the pipe is drawn anew each time and kept in a file of the user, since
anybody may make a pipe of a name that can be guessed.
"""

from __future__ import annotations

import os
import sys

VERSION = 1
OPEN, CAPTURE, REPORT = COMMANDS = ("open", "capture", "report")
LINE_BYTES_MAX = 1 << 18
"""Names of some thousand files; read in less than 16 ms."""
ANSWER_BYTES_MAX = 1 << 20
ANSWER_S = 10.0
"""One that is starting answers as soon as its window is there."""
CLAIM_S = 5.0
"""For one that ends, and on Windows for one that begins."""
PATH_BYTES_MAX = 98
"""A socket's path ends at 103 bytes on macOS and 107 on Linux (sun_path in sys/un.h)."""
DATA_DIR_VARIABLE = "SIGHTLINE_DATA_DIR"
ERROR_ALREADY_EXISTS = 183
"""winerror.h"""

_lock: int | None = None
"""The file or mutex that says that this process is the instance."""
_listening: int | None = None
"""The socket to which others come already, until `app.instance` takes it."""


def name(data_dir: str | None = None) -> str:
    """What the instance of a data folder is called; without one, of the environment's or of the usual places."""
    folder = os.environ.get(DATA_DIR_VARIABLE) if data_dir is None else data_dir
    if not folder:
        return "sightline"
    from zlib import crc32

    return f"sightline-{crc32(os.fsencode(os.path.abspath(folder))):08x}"


def say(command: str, arguments: list[str], data_dir: str | None = None, answer_s: float = ANSWER_S) -> bytes | None:
    """Tell the running instance; its answer without the end of the line, None when there is none that answers in time."""
    line = write_line(command, arguments)
    if len(line) > LINE_BYTES_MAX:
        return None
    answer = (_say_by_pipe if sys.platform == "win32" else _say_by_socket)(line, name(data_dir), answer_s)
    return answer[:-1] if answer.endswith(b"\n") else None


def hand_over(command: str, arguments: list[str], data_dir: str | None = None) -> bool:
    """Whether another instance took it. Where there is none, this process is the instance from now on."""
    from time import monotonic, sleep

    end = monotonic() + CLAIM_S
    while True:
        answer = say(command, arguments, data_dir)
        if answer is not None:
            return answer.startswith(b"ok")
        if claim(data_dir) or monotonic() > end:
            return False
        sleep(0.02)


def write_line(command: str, arguments: list[str]) -> bytes:
    """A message about what was called here and now."""
    try:
        from _json import encode_basestring_ascii as quote  # what `json` itself uses, without the rest of it
    except ImportError:
        from json.encoder import encode_basestring_ascii as quote
    try:
        folder = os.getcwd()
    except OSError:  # it was deleted
        folder = ""
    token = os.environ.get("XDG_ACTIVATION_TOKEN") or os.environ.get("DESKTOP_STARTUP_ID") or ""
    listed = ",".join([quote(argument) for argument in arguments])
    fields = f'"command":{quote(command)},"arguments":[{listed}],"folder":{quote(folder)},"token":{quote(token)}'
    return f'{{"version":{VERSION},{fields}}}\n'.encode("ascii")


def claim(data_dir: str | None = None) -> bool:
    """Try to become the instance of a data folder; True when this process is it."""
    global _lock, _listening
    if _lock is None:
        if sys.platform == "win32":
            _lock = _claim_mutex(name(data_dir))
        else:
            _lock, _listening = _claim_socket(name(data_dir))
    return _lock is not None


def has_claim() -> bool:
    """Whether this process is the instance."""
    return _lock is not None


def take_listening() -> int | None:
    """The socket to which others come since `claim`, for the caller to close. None on Windows and without a claim."""
    global _listening
    descriptor, _listening = _listening, None
    return descriptor


def release() -> None:
    """Let another be the instance. Nobody must be listening any more."""
    global _lock
    descriptor, lock, _lock = take_listening(), _lock, None
    if descriptor is not None:
        os.close(descriptor)
    if lock is not None and sys.platform == "win32":
        import ctypes

        ctypes.WinDLL("kernel32").CloseHandle(ctypes.c_void_p(lock))
    elif lock is not None:
        os.close(lock)


def socket_path(called: str) -> str | None:
    """Where the instance of this name listens; its folder is there. None where no folder is the user's alone."""
    for folder in (os.environ.get("XDG_RUNTIME_DIR"), os.environ.get("TMPDIR"), f"/tmp/sightline-{os.getuid()}"):
        if folder and len(os.fsencode(path := os.path.join(folder, called))) <= PATH_BYTES_MAX and _is_ours_alone(folder):
            return path
    return None


def pipe_file(called: str) -> str:
    """On Windows: the file that holds the name of the pipe."""
    return os.path.join(os.environ.get("LOCALAPPDATA") or os.path.expanduser("~"), "sightline", f"{called}.pipe")


def _is_ours_alone(folder: str) -> bool:
    """The one below /tmp is made; another user may have been there first, or have put a link there."""
    try:
        if folder.startswith("/tmp/sightline-") and not os.path.lexists(folder):
            os.mkdir(folder, 0o700)
        found = os.lstat(folder)
    except OSError:
        return False
    return found.st_mode & 0o170077 == 0o040000 and found.st_uid == os.getuid()


def _say_by_socket(line: bytes, called: str, answer_s: float) -> bytes:
    import _socket

    path = socket_path(called)
    if path is None:
        return b""
    client = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        client.settimeout(answer_s)
        client.connect(path)
        client.sendall(line)
        answer = b""
        while not answer.endswith(b"\n") and len(answer) < ANSWER_BYTES_MAX and (more := client.recv(65536)):
            answer += more
        return answer
    except OSError:  # nobody, or nobody who answers
        return b""
    finally:
        client.close()


def _claim_socket(called: str) -> tuple[int | None, int | None]:
    """The file that is locked and the socket that listens; children inherit neither. None for what somebody else has."""
    import _socket
    import fcntl

    path = socket_path(called)
    if path is None:
        return None, None
    lock = -1
    try:
        lock = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.lexists(path):  # of one that crashed: it holds no lock
            os.unlink(path)
        server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        server.bind(path)
        os.chmod(path, 0o600)
        server.listen(16)
        return lock, server.detach()
    except OSError:
        if lock >= 0:
            os.close(lock)
        return None, None


def _claim_mutex(called: str) -> int | None:
    """A handle, open until this process ends."""
    import ctypes

    if sys.platform != "win32":  # for the type checker
        return None
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    kernel.CreateMutexW.restype = ctypes.c_void_p
    handle: int | None = kernel.CreateMutexW(None, False, f"Local\\{called}")
    if handle and ctypes.get_last_error() == ERROR_ALREADY_EXISTS:
        kernel.CloseHandle(ctypes.c_void_p(handle))
        return None
    return handle


def _say_by_pipe(line: bytes, called: str, answer_s: float) -> bytes:
    """A pipe knows no time limit, so a thread waits for it."""
    import _thread

    answers: list[bytes] = []
    is_done = _thread.allocate_lock()
    is_done.acquire()

    def say_it() -> None:
        answers.append(_converse(line, called))
        is_done.release()

    _thread.start_new_thread(say_it, ())
    is_done.acquire(timeout=answer_s)
    return answers[0] if answers else b""


def _converse(line: bytes, called: str) -> bytes:
    try:
        with open(pipe_file(called), encoding="ascii") as file:
            pipe_name = file.read(100)
        with open(rf"\\.\pipe\{pipe_name}", "r+b", buffering=0) as pipe:
            pipe.write(line)
            answer = b""
            while not answer.endswith(b"\n") and len(answer) < ANSWER_BYTES_MAX and (more := pipe.read(65536)):
                answer += more
            return answer
    except (OSError, ValueError):
        return b""
