"""The llama.cpp library as a whole: its start, its messages, its version and the devices it can use."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import llama_cpp.llama_cpp as lib
import llama_cpp.mtmd_cpp as mtmd
from llama_cpp._ggml import libggml

_DEVICE_GPU, _DEVICE_IGPU = 1, 2  # GGML_BACKEND_DEVICE_TYPE_GPU, _IGPU

libggml.ggml_get_name.argtypes, libggml.ggml_get_name.restype = [ctypes.c_void_p], ctypes.c_char_p
libggml.ggml_backend_dev_count.restype = ctypes.c_size_t
libggml.ggml_backend_dev_get.argtypes, libggml.ggml_backend_dev_get.restype = [ctypes.c_size_t], ctypes.c_void_p
libggml.ggml_backend_dev_description.argtypes, libggml.ggml_backend_dev_description.restype = [ctypes.c_void_p], ctypes.c_char_p
libggml.ggml_backend_dev_type.argtypes, libggml.ggml_backend_dev_type.restype = [ctypes.c_void_p], ctypes.c_int
libggml.ggml_backend_dev_memory.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_size_t), ctypes.POINTER(ctypes.c_size_t)]
libggml.ggml_backend_dev_memory.restype = None


HAS_AMX = b"AMX_INT8 = 1" in (lib.llama_print_system_info() or b"")
"""Then weights stay in their plain order (docs/adr/0007): GCC 12 drops stores that configure AMX, and the first evaluation ends in
a segmentation fault (seen with Debian 12's compiler; ggml-org/llama.cpp#20824). Processors of desktops have no AMX."""


_kept_alive: list[Any] = []


@dataclass(frozen=True, slots=True)
class GpuDevice:
    """A GPU that this build of llama.cpp can use, and its free memory in bytes, which may be the computer's."""

    name: str
    free_bytes: int
    has_own_memory: bool


def start_backend(on_log: Callable[[int, str], None]) -> None:
    """Load the backends and send llama.cpp's messages to `on_log(level, text)`. Once per process."""
    callback = lib.llama_log_callback(lambda level, text, _: on_log(level, text.decode("utf-8", "replace")))
    _kept_alive.append(callback)
    for set_log in (lib.llama_log_set, mtmd.mtmd_log_set, mtmd.mtmd_helper_log_set):
        set_log(callback, None)
    lib.llama_backend_init()


def version() -> str:
    """Of the llama.cpp library; saved states and encodings are only good for the one that made them."""
    return (lib.llama_version() or b"").decode("ascii", "replace")


def list_gpus() -> list[GpuDevice]:
    """The GPUs this build can use; none on a CPU build."""
    devices = []
    for index in range(libggml.ggml_backend_dev_count()):
        device = libggml.ggml_backend_dev_get(index)
        kind = libggml.ggml_backend_dev_type(device)
        if kind in (_DEVICE_GPU, _DEVICE_IGPU):
            free, total = ctypes.c_size_t(), ctypes.c_size_t()
            libggml.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
            name = libggml.ggml_backend_dev_description(device) or b"GPU"
            is_discrete = kind == _DEVICE_GPU and sys.platform != "darwin"
            devices.append(GpuDevice(name.decode("utf-8", "replace"), free.value, is_discrete))
    return devices


def tensor_name(tensor: Any) -> str:
    """The name of a graph's node, such as "layer_out-3"."""
    return (libggml.ggml_get_name(tensor) or b"").decode("ascii", "replace")
