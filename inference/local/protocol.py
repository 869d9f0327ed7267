"""What the engine's process and the application say to each other over two pipes.

The messages are those of `base.wire`.

To the process:    configure(config)  stream|prepare(id, request)  cancel(id)  pixels(id, image) + blob  close()
From the process:  notice  progress  gpu_tried  started  pixels_wanted(image)  text(text)  beat(work)  finished  failed  closed
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

from base.wire import Wire
from inference.errors import LinkRefused, RequestError
from inference.types import ImagePart, LinkPart, Message, Part, Request, SamplingParams, TextPart, ToolSpec, ToolUse


def request_to_wire(request: Request) -> Wire:
    """A request without the pixels of its pictures, which are sent when they are asked for.

    Raises RequestError when a tool's parameters or arguments are not JSON.
    """
    wire: Wire = {
        "messages": [_message_to_wire(message) for message in request.messages],
        "tools": [{"name": t.name, "description": t.description, "parameters": dict(t.parameters)} for t in request.tools],
        "sampling": asdict(request.sampling),
        "thinking": request.thinking,
        "thinking_budget": request.thinking_budget,
        "max_tokens": request.max_tokens,
        "grammar": request.grammar,
        "keep_on_disk": request.keep_on_disk,
    }
    try:
        json.dumps([wire["tools"], [message["tool_calls"] for message in wire["messages"]]])
    except (TypeError, ValueError, RecursionError) as error:
        raise RequestError(f"A tool's parameters or arguments are not JSON: {error}.") from error
    return wire


def request_from_wire(wire: Wire, read_pixels: Callable[[str], bytes]) -> Request:
    """The inverse; a picture's pixels come from `read_pixels(image_id)`."""
    return Request(
        messages=tuple(_message_from_wire(message, read_pixels) for message in wire["messages"]),
        tools=tuple(ToolSpec(**tool) for tool in wire["tools"]),
        sampling=SamplingParams(**wire["sampling"]),
        **{key: wire[key] for key in ("thinking", "thinking_budget", "max_tokens", "grammar", "keep_on_disk")},
    )


def _message_to_wire(message: Message) -> Wire:
    parts = [_part_to_wire(part) for part in message.parts]
    calls = [{"id": call.id, "name": call.name, "arguments": dict(call.arguments)} for call in message.tool_calls]
    return {
        "role": message.role,
        "parts": parts,
        "tool_calls": calls,
        "tool_call_id": message.tool_call_id,
        "reasoning": message.reasoning,
    }


def _part_to_wire(part: Part) -> Wire:
    match part:
        case TextPart():
            return {"text": part.text}
        case ImagePart():
            return {"image": part.id, "width": part.width, "height": part.height}
        case LinkPart():
            raise LinkRefused("A model on this computer fetches nothing from the web. Save the file, and attach that.")


def _message_from_wire(wire: Wire, read_pixels: Callable[[str], bytes]) -> Message:
    def part(value: Wire) -> Part:
        if "text" in value:
            return TextPart(value["text"])
        image_id = value["image"]
        return ImagePart(image_id, value["width"], value["height"], lambda: read_pixels(image_id))

    return Message(
        role=wire["role"],
        parts=tuple(part(value) for value in wire["parts"]),
        tool_calls=tuple(ToolUse(**call) for call in wire["tool_calls"]),
        tool_call_id=wire["tool_call_id"],
        reasoning=wire["reasoning"],
    )
