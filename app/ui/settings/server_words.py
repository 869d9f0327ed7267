"""The words of the options about GLM and other servers."""

from __future__ import annotations

from typing import get_args

from PySide6.QtCore import QCoreApplication

from app.settings.schema import CurrencyChoice
from app.ui.settings.option_words import OptionWords


def server_option_words() -> dict[str, OptionWords]:
    """By the option's name, in the language of now."""
    return {
        "glm_address": OptionWords(
            QCoreApplication.translate("Settings", "Address of GLM"),
            QCoreApplication.translate("Settings", "Where your key comes from. A key of one address is not valid at another."),
            {
                "international": QCoreApplication.translate("Settings", "International (api.z.ai)"),
                "china": QCoreApplication.translate("Settings", "China (open.bigmodel.cn)"),
                "international_coding": QCoreApplication.translate("Settings", "International, Coding Plan"),
                "china_coding": QCoreApplication.translate("Settings", "China, Coding Plan"),
                "own": QCoreApplication.translate("Settings", "Another address"),
            },
        ),
        "glm_own_address": OptionWords(
            QCoreApplication.translate("Settings", "Another address of GLM"),
            QCoreApplication.translate("Settings", "Such as that of a gateway in your company. The key of GLM is sent there."),
        ),
        "requests_max": OptionWords(
            QCoreApplication.translate("Settings", "Questions at once"),
            QCoreApplication.translate(
                "Settings", "For each model. More than the server allows are refused there; here they wait for their turn."
            ),
            {None: QCoreApplication.translate("Settings", "{number} at once")},
        ),
        "proxy": OptionWords(
            QCoreApplication.translate("Settings", "Proxy"),
            QCoreApplication.translate(
                "Settings", "Such as http://proxy:3128. Empty for that of the system, “none” for no proxy at all."
            ),
        ),
        "ca_file": OptionWords(
            QCoreApplication.translate("Settings", "Certificates of your own"),
            QCoreApplication.translate("Settings", "A PEM file that is trusted besides those of the system."),
        ),
        "currency": OptionWords(
            QCoreApplication.translate("Settings", "Currency"),
            QCoreApplication.translate("Settings", "In which the cost of answers is shown. It is an estimate, not a bill."),
            {code: code for code in get_args(CurrencyChoice)},
        ),
    }


def dialect_words(dialect: str) -> str:
    """Which program a server is, where it did not say it itself."""
    return {
        "llama_server": "llama.cpp",
        "vllm": "vLLM",
        "sglang": "SGLang",
    }.get(dialect, QCoreApplication.translate("Settings", "A server with the OpenAI API"))
