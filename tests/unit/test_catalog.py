"""What is known about models beyond their files."""

from __future__ import annotations

from base.cells import MAX_IMAGE_TOKENS, MIN_IMAGE_TOKENS
from inference.models.catalog import ModelDefaults, defaults_for
from inference.models.gguf_info import read_gguf_info
from tests.conftest import TINY_MODEL


def test_the_test_model_is_known_as_one_and_gets_pictures_of_the_size_it_was_taught() -> None:
    name = read_gguf_info(TINY_MODEL / "tiny-glm-4.6v-Q8_0.gguf").name
    assert defaults_for(name) == defaults_for(name.upper()) == ModelDefaults(36, is_test_model=True, system_prompt=False)


def test_an_unknown_model_gets_the_projectors_own_limit() -> None:
    assert defaults_for("something new") == ModelDefaults(image_max_tokens=0, is_test_model=False, system_prompt=True)


def test_limits_are_within_what_llama_takes() -> None:
    limit = defaults_for("tiny GLM-4.6V test model").image_max_tokens
    assert MIN_IMAGE_TOKENS <= limit <= MAX_IMAGE_TOKENS
