"""Which categories have a front that anybody would point at: where one sits, looks or opens.

The front of a piece is its -y side (see ``synth.furniture.build``). Beds, desks, tables and baths
are left out: people do not agree on which of their sides is the front.
"""

from typing import Final

FRONTS: Final = frozenset(
    {
        # a seat
        "corner sofa", "sofa", "armchair", "chair", "office chair", "toilet",
        # doors, drawers or open shelves
        "wardrobe", "bookshelf", "shelf unit", "cabinet", "chest of drawers", "tv stand",
        "nightstand", "filing cabinet", "wall cupboard", "dressing table", "refrigerator",
        "stove", "dishwasher", "microwave", "washing machine",
        # a screen, a face or a picture
        "television", "monitor", "laptop", "speaker", "clock", "alarm clock", "wall clock",
        "picture", "photo frame", "whiteboard",
    }
)  # fmt: skip

# The tiny models' monitor and nightstand look the same from the front and from the back.
TINY_FRONTS: Final = frozenset(
    {"sofa", "armchair", "chair", "wardrobe", "bookshelf", "cabinet", "refrigerator"}
)
