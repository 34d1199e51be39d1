"""Words of the scene grammar: kinds of rooms, what stands in them where, materials and light.

Everything is rigid: no people, animals, screens that play, flames or running water.
"""

from typing import Final, NamedTuple


class RoomWords(NamedTuple):
    """Words of one kind of room.

    Attributes:
        name: "living room".
        near: Things for the foreground, without article.
        middle: Things for the middle that one can walk around.
        far: Planes or large things against the far wall.
        small: Things that lie on others or hang on walls, in the plural or with a number.
    """

    name: str
    near: tuple[str, ...]
    middle: tuple[str, ...]
    far: tuple[str, ...]
    small: tuple[str, ...]


ROOMS: Final[tuple[RoomWords, ...]] = (
    RoomWords(
        "living room",
        ("wingback armchair", "leather ottoman", "potted rubber plant", "floor lamp"),
        ("low coffee table", "three-seat sofa", "round side table", "upholstered footstool"),
        ("tall window", "full bookcase", "stone fireplace wall", "glazed balcony door"),
        ("stacked books", "folded blankets", "framed prints", "ceramic vases"),
    ),
    RoomWords(
        "bedroom",
        ("wooden bench", "wicker laundry basket", "vanity chair", "potted palm"),
        ("double bed", "low dresser", "single bed", "round nightstand"),
        ("built-in wardrobe", "curtained window", "paneled headboard wall", "mirrored closet"),
        ("folded towels", "plump pillows", "framed photographs", "small books"),
    ),
    RoomWords(
        "kitchen",
        ("bar stool", "wooden high chair", "wicker basket", "rolling cart"),
        ("kitchen island", "oak breakfast table", "butcher block", "round dining table"),
        ("tiled backsplash wall", "row of cabinets", "tall refrigerator", "window over the sink"),
        ("stacked plates", "glass jars", "copper pans", "bowls of lemons"),
    ),
    RoomWords(
        "home office",
        ("swivel chair", "filing cabinet", "potted monstera", "reading lamp"),
        ("writing desk", "drafting table", "round meeting table", "standing desk"),
        ("wall of shelves", "wide window", "large pinboard", "glass-fronted cabinet"),
        ("binders", "pencil cups", "stacked notebooks", "framed maps"),
    ),
    RoomWords(
        "dining room",
        ("carved chair", "serving trolley", "tall floor vase", "wooden stool"),
        ("long dining table", "oval table", "square table with six chairs", "round table"),
        ("china cabinet", "arched window", "wainscoted wall", "double door"),
        ("folded napkins", "candlesticks", "fruit bowls", "porcelain plates"),
    ),
    RoomWords(
        "library",
        ("reading chair", "library ladder", "globe on a stand", "velvet bench"),
        ("reading table", "display case", "map chest", "pedestal table"),
        ("wall of bookshelves", "leaded window", "oak door", "card catalogue"),
        ("leather-bound volumes", "brass lamps", "rolled maps", "marble busts"),
    ),
    RoomWords(
        "workshop",
        ("wooden sawhorse", "tool chest", "paint-stained stool", "stack of planks"),
        ("heavy workbench", "drill press", "table saw", "assembly table"),
        ("pegboard wall", "roller door", "steel shelving", "row of windows"),
        ("clamps", "tin cans", "hand planes", "coiled ropes"),
    ),
    RoomWords(
        "hotel lobby",
        ("leather club chair", "potted olive tree", "luggage cart", "brass floor lamp"),
        ("round marble table", "reception desk", "circular sofa", "stone planter"),
        ("glass entrance wall", "wood-slatted wall", "elevator doors", "mezzanine railing"),
        ("neat magazines", "orchid pots", "brass keys", "table lamps"),
    ),
    RoomWords(
        "classroom",
        ("wooden chair", "plastic storage bin", "round stool", "easel"),
        ("row of desks", "teacher's desk", "hexagonal table", "low bookcase"),
        ("green chalkboard", "wall of windows", "coat rack wall", "map of the world"),
        ("stacked workbooks", "colored pencils", "paper models", "rulers"),
    ),
    RoomWords(
        "bathroom",
        ("wooden stool", "towel rack", "wicker hamper", "potted fern"),
        ("freestanding bathtub", "double vanity", "low cabinet", "tiled bench"),
        ("glass shower wall", "frosted window", "large mirror", "wall of green tiles"),
        ("rolled towels", "glass bottles", "bars of soap", "folded bathrobes"),
    ),
    RoomWords(
        "kids room",
        ("toy chest", "small rocking chair", "wooden stool", "floor cushion"),
        ("low play table", "bunk bed", "single bed", "wooden play kitchen"),
        ("wall of toy shelves", "curtained window", "painted wardrobe", "chalkboard wall"),
        ("wooden blocks", "picture books", "plush animals", "paper garlands"),
    ),
    RoomWords(
        "office",
        ("swivel chair", "filing cabinet", "potted ficus", "rolling pedestal"),
        ("row of desks", "meeting table", "standing desk", "low divider"),
        ("glass partition wall", "wide window", "metal shelving", "whiteboard wall"),
        ("stacked folders", "pencil cups", "desk lamps", "framed charts"),
    ),
    RoomWords(
        "study",
        ("wingback reading chair", "globe on a stand", "brass floor lamp", "leather footstool"),
        ("writing desk", "round reading table", "low map chest", "pedestal table"),
        ("full bookcase", "curtained window", "wood-paneled wall", "glass-fronted cabinet"),
        ("stacked books", "framed etchings", "letter trays", "small sculptures"),
    ),
    RoomWords(
        "hallway",
        ("umbrella stand", "shoe bench", "coat stand", "potted palm"),
        ("narrow console table", "low chest", "long bench", "round pedestal table"),
        ("paneled front door", "tall mirror", "arched window", "wall of coat hooks"),
        ("framed photographs", "folded scarves", "ceramic bowls", "straw hats"),
    ),
    RoomWords(
        "studio",
        ("floor lamp", "wooden stool", "potted rubber plant", "wicker basket"),
        ("sofa bed", "kitchen island", "round dining table", "low coffee table"),
        ("row of kitchen cabinets", "wall of windows", "open shelving", "exposed brick chimney"),
        ("stacked plates", "plump pillows", "framed posters", "stacked books"),
    ),
)
STYLES: Final[tuple[str, ...]] = (
    "a mid-century modern",
    "a Scandinavian",
    "an industrial",
    "a Victorian",
    "a minimalist",
    "a rustic",
    "a Mediterranean",
    "an Art Deco",
    "a contemporary",
    "a Japanese-inspired",
)
WALLS: Final[tuple[str, ...]] = (
    "white plaster walls",
    "exposed brick walls",
    "sage green walls",
    "warm grey walls",
    "navy blue walls",
    "patterned wallpaper",
    "raw concrete walls",
    "pale wood paneling",
)
FLOORS: Final[tuple[str, ...]] = (
    "a herringbone oak floor",
    "a checkered tile floor",
    "a polished concrete floor",
    "wide pine floorboards",
    "a terracotta tile floor",
    "a dark walnut floor",
    "a speckled terrazzo floor",
)
MATERIALS: Final[tuple[str, ...]] = (
    "walnut",
    "rattan",
    "painted steel",
    "oak",
    "blue velvet",
    "tan leather",
    "red lacquer",
    "grey linen",
    "brass and glass",
    "white-painted wood",
)
LIGHTS: Final[tuple[str, ...]] = (
    "Soft morning light falls in from the left and leaves long gentle shadows.",
    "Even overcast daylight fills the room without harsh shadows.",
    "Warm late afternoon sun draws bright rectangles on the floor.",
    "Bright midday light reflects from the floor onto the ceiling.",
    "Recessed ceiling lights give an even, neutral illumination.",
    "Two shaded lamps add warm pools of light to cool daylight.",
)
DETAILS: Final[tuple[str, ...]] = (
    "Fine textures and crisp edges are visible everywhere.",
    "Every surface shows sharp, realistic texture.",
    "Wide-angle view, deep focus, everything sharp from front to back.",
    "Photorealistic, deep focus, natural colors.",
)
