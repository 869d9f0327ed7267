"""llama.cpp, driven through llama-cpp-python's ctypes functions. The only package that imports `llama_cpp`.

Everything here runs in the engine's child process, on one thread. Facts about the calls: ggml-org/llama.cpp include/llama.h and
tools/mtmd/mtmd.h as vendored by llama-cpp-python 0.3.36.
"""

from inference.local.llama.library import GpuDevice, list_gpus, start_backend, version
from inference.local.llama.model import BATCH_TOKENS, LlamaModel, NoKvSlot, Prompt, Watch

__all__ = ["BATCH_TOKENS", "GpuDevice", "LlamaModel", "NoKvSlot", "Prompt", "Watch", "list_gpus", "start_backend", "version"]
