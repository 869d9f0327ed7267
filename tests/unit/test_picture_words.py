"""What pictures are called in the window: in English the same as for a model, in another language in its words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from app.chat.pictures import KeptPicture, Place, SourceInfo
from app.ui.picture_words import locator_words, picture_words
from ingest.types import Area

I18N = Path(__file__).parents[2] / "resources" / "i18n"
LOCATORS = {
    "page 12": "第 12 页",
    "slide 3": "第 3 张",
    "lines 1-58": "第 1-58 行",
    "line 1, part 3": "第 1 行，第 3 部分",
    "chapter 2, paragraphs 4-9": "第 2 章，第 4-9 段",
    "sheet Costs, rows 1-40": "工作表 Costs，第 1-40 行",
    "sheet pages 1": "工作表 pages 1",
    "00:12.5": "00:12.5",
    "picture": "picture",
    "unheard of 7": "unheard of 7",
    "": "",
}

PICTURE, REPORT = SourceInfo("x", "a.png", "picture", 1), SourceInfo("y", "报告.pdf", "pdf", 9)
PLACES = (
    Place(PICTURE, "picture"),
    Place(PICTURE, "picture", area=Area(0, 0, 1, 0.5)),
    Place(REPORT, "page 2"),
    Place(REPORT, "page 2", area=Area(0, 0, 1, 0.5)),
    Place(SourceInfo("z", "a.mp4", "video"), "00:12.5", 12.5),
)


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    translator = QTranslator()
    assert translator.load("sightline_zh_CN", str(I18N))
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


@pytest.mark.parametrize("locator", LOCATORS)
def test_a_place_stays_as_it_is_in_english(locator: str) -> None:
    assert locator_words(locator) == locator


@pytest.mark.parametrize("locator", LOCATORS)
def test_a_place_is_said_in_chinese(chinese: None, locator: str) -> None:
    assert locator_words(locator) == LOCATORS[locator]


@pytest.mark.parametrize("place", PLACES)
def test_names_are_the_ones_that_a_model_reads(place: Place) -> None:
    assert picture_words(kept(place)) == place.name


def test_names_are_said_in_chinese(chinese: None) -> None:
    assert [picture_words(kept(place)) for place in PLACES] == [
        "a.png",
        "a.png（局部）",
        "报告.pdf，第 2 页",
        "报告.pdf，第 2 页（局部）",
        "a.mp4，00:12.5",
    ]


def kept(place: Place) -> KeptPicture:
    def open_source(source: SourceInfo) -> NoReturn:
        raise AssertionError(f"{source.name} is opened to be named")

    return KeptPicture(place, "x", place.name, 10, 10, open_source)
