# Dataclasses, enums, named tuples and typing know their module.
import dataclasses, enum, typing, collections
@dataclasses.dataclass(order=True, slots=True)
class Item:
    name: str
    price: "float" = 1.0
    tags: list["str"] = dataclasses.field(default_factory=list)
class Colour(enum.Enum): RED = 1; BLUE = enum.auto()
Pair = collections.namedtuple("Pair", "a b"); Typed = typing.NamedTuple("Typed", [("x", int)])
T = typing.TypeVar("T")
print(Item("x"), Item("a") < Item("b"), repr(Colour.BLUE), Pair(1, 2), Pair.__module__, Typed.__module__, Colour.__module__, T.__module__)
print(typing.get_type_hints(Item), dataclasses.asdict(Item("y", 2, ["t"])), enum.Enum("Made", "a b").__module__)
