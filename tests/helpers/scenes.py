"""Fresh questions with known answers, of every kind the tiny test model was taught (see tests/data/tiny_model/README.md).

A question's boxes are in thousandths of the picture's sides, 0 to 999, as the model writes them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from PIL import Image

from inference.types import ImagePart, Message, Part, TextPart, ToolSpec, ToolUse
from tests.helpers.boxes import Box, answer_of, boxes_in, iou
from tests.helpers.pictures import Scene, Shape, Size, draw_frames, draw_number, draw_scene, taught_size

Task = Literal[
    "locate", "locate_all", "colour", "describe", "count", "number", "which_image", "which_page", "video", "tool", "hello"
]

TASKS: tuple[Task, ...] = get_args(Task)
CROP_TOOL = ToolSpec("crop", "Cut a part out of the picture and look at it closely.")
CROP_SIZE = (112, 112)
_CHINESE = {"red": "红色", "green": "绿色", "blue": "蓝色", "yellow": "黄色", "purple": "紫色", "orange": "橙色"}
_CHINESE |= {"black": "黑色", "pink": "粉色", "square": "方块", "circle": "圆形", "triangle": "三角形"}
_LOCATE = (
    "Locate the {}.",
    "Where is the {}?",
    "Help me to locate the {} in the image and give me its bounding boxes.",
)
_LOCATE_CHINESE = ("请定位{}。", "找到{}。")
_CHINESE_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class Sample:
    """One question and the answer a perfect model gives.

    Attributes:
        messages: the conversation up to the question; its pictures are `images`, in the same order.
        expected_text: the answer without reasoning, as the model writes it, markers included.
        expected_boxes: the boxes in `expected_text`.
        thinking_text: the reasoning that comes before the answer when thinking is on.
    """

    task: Task
    messages: tuple[Message, ...]
    expected_text: str
    thinking_text: str
    tools: tuple[ToolSpec, ...] = ()

    @property
    def images(self) -> tuple[ImagePart, ...]:
        """Every picture of the conversation in order."""
        return tuple(part for message in self.messages for part in message.parts if isinstance(part, ImagePart))

    @property
    def expected_boxes(self) -> tuple[Box, ...]:
        """The boxes of the right answer."""
        return boxes_in(self.expected_text)

    @property
    def question(self) -> str:
        """The text of the last message."""
        return "".join(part.text for part in self.messages[-1].parts if isinstance(part, TextPart))

    def following(self, first: Sample, answer: str) -> Sample:
        """This second turn of a conversation, with what was in truth answered to the first."""
        history = (*first.messages, Message.text("assistant", answer))
        return replace(self, messages=(*history, self.messages[-1]))


def sample(task: Task, rng: random.Random, size: Size | None = None) -> Sample:
    """A fresh question; pictures have a size as in the training unless one is given, in pixels."""
    return _MAKERS[task](rng, size)


def conversation(rng: random.Random, size: Size | None = None) -> tuple[Sample, Sample]:
    """Two questions about one picture, each for a colour or a place; the second's history holds the right first answer."""
    scene = draw_scene(rng, size or taught_size(rng), rng.choice([2, 3]), distinct_forms=True)
    picture, first, second = to_part(scene.image), _ask_about(rng, scene), _ask_about(rng, scene)
    opening = (Message("user", (picture, TextPart(first.question))),)
    first = replace(first, messages=opening)
    return first, second.following(first, first.expected_text)


def with_crop(asked: Sample) -> Sample:
    """The second turn of a `tool` sample: the right call was made and the crop it asked for came back."""
    (picture,), (box,) = asked.images, asked.expected_boxes
    image = to_pil(picture)
    # A box is cut off at 999 for the model; in the picture that is the edge.
    left, top, right, bottom = (
        round((1000 if edge == 999 else edge) * side / 1000) for edge, side in zip(box, image.size * 2, strict=True)
    )
    crop = image.crop((left, top, right, bottom)).resize(CROP_SIZE, Image.Resampling.BICUBIC)
    call = ToolUse("call-1", CROP_TOOL.name, {"bbox": list(box)})
    turns = (
        Message("assistant", (), tool_calls=(call,)),
        Message("tool", (to_part(crop),), tool_call_id=call.id),
    )
    name = asked.question.removeprefix("Zoom in on the ").removesuffix(".")
    return replace(
        asked,
        messages=(*asked.messages, *turns),
        expected_text=f"It is {_with_article(name)}.",
        thinking_text="I look at the crop.",
    )


def is_right(asked: Sample, text: str) -> bool:
    """Whether an answer is the expected text or, when boxes are expected, has as many, each with an IoU above 0.5.

    Reasoning before the answer is left out of account.
    """
    answer, wanted = answer_of(text), asked.expected_boxes
    if not wanted:
        return answer == asked.expected_text
    found = boxes_in(answer)
    return len(found) == len(wanted) and all(iou(a, b) > 0.5 for a, b in zip(found, wanted, strict=True))


def to_part(image: Image.Image) -> ImagePart:
    """A picture as a part of a message."""
    return ImagePart.from_rgb(*image.size, image.convert("RGB").tobytes())


def to_pil(part: ImagePart) -> Image.Image:
    """The picture of a message's part."""
    return Image.frombytes("RGB", (part.width, part.height), part.read_rgb())


def _question(task: Task, parts: Sequence[Image.Image | str], answer: str, thinking: str) -> Sample:
    message = Message("user", tuple(_to_message_part(part) for part in parts))
    return Sample(task, (message,), answer, thinking)


def _to_message_part(part: Image.Image | str) -> Part:
    return TextPart(part) if isinstance(part, str) else to_part(part)


def _box_text(scene: Scene, shapes: Sequence[Shape]) -> str:
    """The boxes of shapes as the model writes them."""
    width, height = scene.image.size
    boxes = [
        ",".join(str(min(999, round(edge * 1000 / side))) for edge, side in zip(shape.bounds, (width, height) * 2, strict=True))
        for shape in shapes
    ]
    return ",".join(f"[{box}]" for box in boxes)


def _with_article(name: str) -> str:
    return f"an {name}" if name.startswith("o") else f"a {name}"


def _place_answer(scene: Scene, shape: Shape) -> str:
    return f"The {shape.name} is here: <|begin_of_box|>[{_box_text(scene, [shape])}]<|end_of_box|>."


def _ask_about(rng: random.Random, scene: Scene) -> Sample:
    """A question for the colour or the place of a shape, without the picture."""
    shape = rng.choice(scene.shapes)
    if rng.random() < 0.5:
        return _colour_of(shape, [])
    return _question("locate", [f"Where is the {shape.name}?"], _place_answer(scene, shape), f"I look for the {shape.name}.")


def _colour_of(shape: Shape, pictures: Sequence[Image.Image]) -> Sample:
    asked = f"What colour is the {shape.form}?"
    return _question("colour", [*pictures, asked], f"The {shape.form} is {shape.colour}.", f"I look at the {shape.form}.")


def _locate(rng: random.Random, size: Size | None) -> Sample:
    scene = draw_scene(rng, size or taught_size(rng), rng.choice([1, 1, 2, 2, 3]))
    shape = rng.choice(scene.shapes)
    if rng.random() < _CHINESE_SHARE:
        asked = rng.choice(_LOCATE_CHINESE).format(_CHINESE[shape.colour] + _CHINESE[shape.form])
    else:
        asked = rng.choice(_LOCATE).format(shape.name)
    return _question("locate", [scene.image, asked], _place_answer(scene, shape), f"I look for the {shape.name}.")


def _locate_all(rng: random.Random, size: Size | None) -> Sample:
    scene = draw_scene(rng, size or taught_size(rng), rng.choice([1, 2, 2, 3]))
    answer = f"{_count_text(scene)}: <|begin_of_box|>[{_box_text(scene, scene.shapes)}]<|end_of_box|>."
    return _question("locate_all", [scene.image, "Locate all the shapes."], answer, "I go from left to right.")


def _colour(rng: random.Random, size: Size | None) -> Sample:
    scene = draw_scene(rng, size or taught_size(rng), rng.choice([1, 2, 3]), distinct_forms=True)
    return _colour_of(rng.choice(scene.shapes), [scene.image])


def _describe(rng: random.Random, size: Size | None) -> Sample:
    scene = draw_scene(rng, size or taught_size(rng), rng.choice([1, 2]))
    listed = " and ".join(_with_article(shape.name) for shape in scene.shapes)
    asked = rng.choice(["Describe the image.", "What is in this image?", "What do you see?"])
    return _question("describe", [scene.image, asked], f"{listed[0].upper()}{listed[1:]}.", "I go from left to right.")


def _count(rng: random.Random, size: Size | None) -> Sample:
    scene = draw_scene(rng, size or taught_size(rng), rng.choice([1, 2, 3]))
    return _question("count", [scene.image, "How many shapes are there?"], f"{_count_text(scene)}.", "I count the shapes.")


def _count_text(scene: Scene) -> str:
    count = len(scene.shapes)
    return "There is 1 shape" if count == 1 else f"There are {count} shapes"


def _number(rng: random.Random, size: Size | None) -> Sample:
    number = rng.randint(0, 99)
    image = draw_number(rng, size or taught_size(rng), number)
    asked = rng.choice(["What number is shown?", "Read the number."])
    return _question("number", [image, asked], f"The number is {number}.", "I read the number.")


def _which_image(rng: random.Random, size: Size | None) -> Sample:
    count, scenes = rng.choice([2, 3]), dict[str, Scene]()
    while len(scenes) < count:
        scene = draw_scene(rng, size or taught_size(rng, small=True), 1)
        scenes.setdefault(scene.shapes[0].name, scene)
    index = rng.randrange(count)
    pictures = [scene.image for scene in scenes.values()]
    asked = f"Which image shows the {list(scenes)[index]}?"
    return _question("which_image", [*pictures, asked], f"Image {index + 1}.", "I look at each image.")


def _which_page(rng: random.Random, size: Size | None) -> Sample:
    numbers = rng.sample(range(100), rng.choice([2, 3]))
    parts: list[Image.Image | str] = []
    for page, number in enumerate(numbers, 1):
        parts += [f"Page {page}:\n", draw_number(rng, size or taught_size(rng, small=True), number), "\n"]
    index = rng.randrange(len(numbers))
    if rng.random() < 0.5:
        asked, answer = f"Which page shows the number {numbers[index]}?", f"Page {index + 1}."
    else:
        asked, answer = f"What number is on page {index + 1}?", f"The number is {numbers[index]}."
    return _question("which_page", [*parts, asked], answer, "I read each page.")


def _video(rng: random.Random, size: Size | None) -> Sample:
    count, seconds_apart = rng.choice([2, 3, 4]), rng.choice([0.5, 1.0, 1.5, 2.0])
    first_seen = rng.randrange(count)
    frames, name = draw_frames(rng, size or CROP_SIZE, count, first_seen)
    parts: list[Image.Image | str] = ["<|begin_of_video|>"]
    for index, frame in enumerate(frames):
        parts += [frame, f"{index * seconds_apart:.1f} seconds"]
    parts += ["<|end_of_video|>", f"When does the {name} appear?"]
    return _question("video", parts, f"At {first_seen * seconds_apart:.1f} seconds.", "I look at each frame.")


def _tool(rng: random.Random, size: Size | None) -> Sample:
    scene = draw_scene(rng, size or taught_size(rng), rng.choice([1, 2]))
    shape = rng.choice(scene.shapes)
    arguments = f"<arg_key>bbox</arg_key>\n<arg_value>{_box_text(scene, [shape])}</arg_value>"
    call = f"<tool_call>{CROP_TOOL.name}\n{arguments}\n</tool_call>"
    asked = _question("tool", [scene.image, f"Zoom in on the {shape.name}."], call, f"I crop the {shape.name}.")
    return replace(asked, tools=(CROP_TOOL,))


def _hello(rng: random.Random, size: Size | None) -> Sample:
    answer = "Hello! Send me a picture and ask about it."
    return _question("hello", [rng.choice(["Hello", "Hello!", "Hi"])], answer, "A greeting.")


_MAKERS: dict[Task, Callable[[random.Random, Size | None], Sample]] = {
    "locate": _locate,
    "locate_all": _locate_all,
    "colour": _colour,
    "describe": _describe,
    "count": _count,
    "number": _number,
    "which_image": _which_image,
    "which_page": _which_page,
    "video": _video,
    "tool": _tool,
    "hello": _hello,
}
