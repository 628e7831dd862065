"""One request of a client."""

import dataclasses
import typing

MODEL = "smollm2-135m-instruct"


@dataclasses.dataclass
class Ask:
    """A named request; the name is also the intent class under which its pair is stored.

    `call` takes a client and further headers. `mirrored` says whether the shadow is to hear of it, `status` what the
    server answers.
    """

    name: str
    call: typing.Callable
    mirrored: bool = True
    status: int = 200
