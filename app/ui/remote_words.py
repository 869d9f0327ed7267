"""What the window says about servers: their failures and models, in the user's language.

The engine's own sentences are English. Where the window speaks another language, these stand in their place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

if TYPE_CHECKING:
    from inference.cloud.models import CloudModel, Price

SETTINGS_CODES = frozenset(
    {
        "address_invalid", "proxy_refused", "certificate_refused", "key_missing", "key_refused", "model_unknown",
        "model_table_invalid", "server_not_found", "server_invalid", "no_keychain", "keychain_locked", "keychain_failed",
    }
)  # fmt: skip
"""Failures that are cured in the settings, on the page of servers."""
SYMBOLS = {"USD": "$", "CNY": "¥", "EUR": "€", "GBP": "£", "JPY": "JP¥"}
SMALLEST = 0.0001
"""Of a cost that is written; less is said to be less."""


def remote_failure_words() -> dict[str, tuple[str, str]]:
    """Title and advice by code."""
    soon = QCoreApplication.translate("ServerFailure", "Ask again a little later, or ask another model.")
    page = QCoreApplication.translate("ServerFailure", "Look at your account on the provider's page, or ask another model.")
    key = QCoreApplication.translate("ServerFailure", "Enter it again in the settings, or make a new one on the provider's page.")
    return {
        "address_invalid": (
            QCoreApplication.translate("ServerFailure", "The server's address cannot be used"),
            QCoreApplication.translate("ServerFailure", "Correct it in the settings."),
        ),
        "server_unreachable": (
            QCoreApplication.translate("ServerFailure", "The server cannot be reached"),
            QCoreApplication.translate("ServerFailure", "See whether the network, the proxy and the server itself are on."),
        ),
        "proxy_refused": (
            QCoreApplication.translate("ServerFailure", "The proxy does not let this through"),
            QCoreApplication.translate("ServerFailure", "Correct it in the settings, or ask whoever runs it."),
        ),
        "certificate_refused": (
            QCoreApplication.translate("ServerFailure", "The server's certificate is not trusted"),
            QCoreApplication.translate(
                "ServerFailure", "Nothing was sent. A company's own certificates can be named in the settings."
            ),
        ),
        "server_silent": (QCoreApplication.translate("ServerFailure", "The server did not answer in time"), soon),
        "key_missing": (
            QCoreApplication.translate("ServerFailure", "There is no key for this server"),
            QCoreApplication.translate("ServerFailure", "Enter it in the settings."),
        ),
        "key_refused": (QCoreApplication.translate("ServerFailure", "The server does not accept the key"), key),
        "account_blocked": (QCoreApplication.translate("ServerFailure", "The account may not be used for this"), page),
        "quota_used_up": (QCoreApplication.translate("ServerFailure", "The quota is used up"), page),
        "server_busy": (QCoreApplication.translate("ServerFailure", "The server has too much to do"), soon),
        "model_unknown": (
            QCoreApplication.translate("ServerFailure", "The server does not have this model"),
            QCoreApplication.translate("ServerFailure", "Choose another one in the settings."),
        ),
        "request_refused": (
            QCoreApplication.translate("ServerFailure", "The question cannot be asked like this"),
            QCoreApplication.translate("ServerFailure", "Attach less, or ask another model."),
        ),
        "link_refused": (
            QCoreApplication.translate("ServerFailure", "This model does not open addresses"),
            QCoreApplication.translate("ServerFailure", "Attach the file itself."),
        ),
        "content_refused": (
            QCoreApplication.translate("ServerFailure", "The provider refuses this because of its content"),
            QCoreApplication.translate("ServerFailure", "Put the question in another way, or ask another model."),
        ),
        "server_failed": (QCoreApplication.translate("ServerFailure", "The server failed"), soon),
        "reply_not_understood": (
            QCoreApplication.translate("ServerFailure", "The server's reply is no answer"),
            QCoreApplication.translate("ServerFailure", "See in the settings whether the address is that of a chat server."),
        ),
        "reply_cut": (
            QCoreApplication.translate("ServerFailure", "The server stopped before the answer was complete"),
            QCoreApplication.translate("ServerFailure", "What had arrived until then is kept. Ask again for a whole one."),
        ),
        "model_table_invalid": (
            QCoreApplication.translate("ServerFailure", "Your file models.toml cannot be used"),
            QCoreApplication.translate("ServerFailure", "Correct the place that is named."),
        ),
        "server_not_found": (
            QCoreApplication.translate("ServerFailure", "This server is no longer in the settings"),
            QCoreApplication.translate("ServerFailure", "Add it again, or ask another model."),
        ),
        "no_keychain": (
            QCoreApplication.translate("ServerFailure", "There is no keychain"),
            QCoreApplication.translate("ServerFailure", "Enter the key in the settings; it is known until Sightline ends."),
        ),
        "keychain_locked": (
            QCoreApplication.translate("ServerFailure", "The keychain is locked"),
            QCoreApplication.translate("ServerFailure", "Unlock it, then ask again."),
        ),
        "keychain_failed": (
            QCoreApplication.translate("ServerFailure", "The keychain did not do what it was asked"),
            QCoreApplication.translate("ServerFailure", "See whether other programs can use it."),
        ),
    }


def problem_words(code: str, message: str) -> str:
    """One sentence or two on what is wrong with a server or its address; the engine's own where English is spoken."""
    from app.ui.words import is_translated

    words = remote_failure_words().get(code)
    if words is None and not message:
        return QCoreApplication.translate("ServerFailure", "Something went wrong here. The log says more.")
    return f"{words[0]}. {words[1]}" if words is not None and (is_translated() or not message) else message


def model_facts(model: CloudModel, currency: str) -> str:
    """One line: how much it reads, what it takes, whether it thinks, what it costs."""
    locale = QLocale()
    parts = []
    if model.context_tokens:
        parts.append(
            QCoreApplication.translate("CloudModel", "reads {tokens} tokens").format(tokens=short_count(model.context_tokens))
        )
    if "image" not in model.inputs:
        parts.append(QCoreApplication.translate("CloudModel", "text only: pictures go as the text in them"))
    elif model.pictures_max:
        parts.append(
            QCoreApplication.translate("CloudModel", "sees up to {count} pictures").format(
                count=locale.toString(model.pictures_max)
            )
        )
    else:
        parts.append(QCoreApplication.translate("CloudModel", "sees pictures"))
    thinking = {
        "switch": QCoreApplication.translate("CloudModel", "thinks when told to"),
        "effort": QCoreApplication.translate("CloudModel", "thinks more or less"),
        "always": QCoreApplication.translate("CloudModel", "always thinks"),
        "none": QCoreApplication.translate("CloudModel", "does not think"),
    }
    parts += [thinking[model.thinking]] if model.thinking in thinking else []
    parts.append(price_words(model, currency))
    return " · ".join(filter(None, parts))


def price_words(model: CloudModel, currency: str) -> str:
    """For a million tokens, in this currency if it has a price there; empty when none is known."""
    price: Price | None = model.prices.get(currency) or model.prices.get("USD") or next(iter(model.prices.values()), None)
    if price is None:
        return ""
    if not price.input and not price.output:
        return QCoreApplication.translate("CloudModel", "free of charge")
    words = QCoreApplication.translate("CloudModel", "{input} in, {output} out for a million tokens")
    return words.format(input=money_words(price.input, price.currency), output=money_words(price.output, price.currency))


def short_count(count: int) -> str:
    """128,000 as 128K."""
    locale = QLocale()
    if count >= 1_000_000:
        return f"{locale.toString(round(count / 1_000_000, 1)).removesuffix(locale.decimalPoint() + '0')}M"
    return f"{locale.toString(round(count / 1_000))}K" if count >= 1_000 else locale.toString(count)


def money_words(amount: float, currency: str) -> str:
    """An amount with as many digits as say something."""
    locale, symbol = QLocale(), SYMBOLS.get(currency, f"{currency} ")
    if 0 < amount < SMALLEST:
        return QCoreApplication.translate("Cost", "under {amount}").format(amount=symbol + locale.toString(SMALLEST, "f", 4))
    digits = 2 if amount >= 0.1 or amount == 0 else 3 if amount >= 0.01 else 4
    return symbol + locale.toString(float(amount), "f", digits)
