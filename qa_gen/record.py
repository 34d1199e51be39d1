"""The published unit: one question about one sequence, with its answer and how sure it is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from qa_gen.answers import Answer, Box, Choice, FreeText, Order, Quantity, Unit

__all__ = [
    "Answer",
    "Box",
    "Choice",
    "FreeText",
    "MarginUnit",
    "Mark",
    "Order",
    "Quantity",
    "QuestionKind",
    "SkipReason",
    "Skipped",
    "SpatialQA",
    "Unit",
]

MarginUnit = Literal["m", "m2", "deg", "px", "ratio", "probability", "count", "s", "share"]


class QuestionKind(StrEnum):
    """What is asked. Values are published and never renamed; the VSI-Bench ones are its own."""

    # VSI-Bench
    OBJECT_COUNTING = "object_counting"
    OBJECT_ABS_DISTANCE = "object_abs_distance"
    OBJECT_SIZE_ESTIMATION = "object_size_estimation"
    ROOM_SIZE_ESTIMATION = "room_size_estimation"
    OBJECT_REL_DISTANCE = "object_rel_distance"
    OBJECT_REL_DIRECTION_EASY = "object_rel_direction_easy"
    OBJECT_REL_DIRECTION_MEDIUM = "object_rel_direction_medium"
    OBJECT_REL_DIRECTION_HARD = "object_rel_direction_hard"
    ROUTE_PLANNING = "route_planning"
    APPEARANCE_ORDER = "obj_appearance_order"
    # ReVSI
    OBJECT_COUNTING_MULTIPLE = "object_counting_multiple"
    OBJECT_REL_DISTANCE_FARTHEST = "object_rel_distance_farthest"
    OBJECT_REL_DIRECTION_BACKWARD_EASY = "object_rel_direction_backward_easy"
    OBJECT_REL_DIRECTION_BACKWARD_HARD = "object_rel_direction_backward_hard"
    ROOM_SIZE_ESTIMATION_SINGLE = "room_size_estimation_single"
    ROOM_SIZE_ESTIMATION_MULTIPLE = "room_size_estimation_multiple"
    # camera
    CAMERA_MOTION = "camera_motion"
    CAMERA_TRANSLATION_DIRECTION = "camera_translation_direction"
    CAMERA_ROTATION_DIRECTION = "camera_rotation_direction"
    CAMERA_ROTATION_ANGLE = "camera_rotation_angle"
    CAMERA_DISPLACEMENT = "camera_displacement"
    CAMERA_PATH_LENGTH = "camera_path_length"
    VIEW_CHANGE = "view_change"
    CAMERA_OBJECT_DISTANCE = "camera_object_distance"
    CAMERA_OBJECT_DISTANCE_CHANGE = "camera_object_distance_change"
    CLOSER_FRAME = "closer_frame"
    # depth
    POINT_DEPTH_ORDER = "point_depth_order"
    OBJECT_DEPTH_ORDER = "object_depth_order"
    NTH_CLOSEST_OBJECT = "nth_closest_object"
    POINT_DEPTH = "point_depth"
    # correspondence
    POINT_CORRESPONDENCE = "point_correspondence"
    OBJECT_CORRESPONDENCE = "object_correspondence"
    VIEW_OVERLAP = "view_overlap"
    FRAME_LOCATE = "frame_locate"
    # grounding
    GROUNDING_2D = "grounding_2d"
    GROUNDING_3D = "grounding_3d"
    # relations
    EGO_LEFT_RIGHT = "ego_left_right"
    EGO_ABOVE_BELOW = "ego_above_below"
    EGO_FRONT_BEHIND = "ego_front_behind"
    OBJECT_LEFT_RIGHT = "object_left_right"
    OBJECT_FRONT_BEHIND = "object_front_behind"
    WORLD_ABOVE_BELOW = "world_above_below"
    CLOCK_DIRECTION = "clock_direction"
    # sizes and distances
    OBJECT_HEIGHT = "object_height"
    OBJECT_WIDTH = "object_width"
    HEIGHT_COMPARISON = "height_comparison"
    VOLUME_COMPARISON = "volume_comparison"
    LARGEST_OBJECT = "largest_object"
    VERTICAL_DISTANCE = "vertical_distance"
    HORIZONTAL_DISTANCE = "horizontal_distance"
    # physics
    SUPPORT = "support"
    CONTACT = "contact"
    OCCLUSION = "occlusion"
    VISIBILITY = "visibility"
    FITS_BETWEEN = "fits_between"
    # perspective
    PERSPECTIVE_TAKING = "perspective_taking"
    ACTION_CONSEQUENCE = "action_consequence"
    ACTION_DISTANCE_CHANGE = "action_distance_change"
    # language, answered in free text: situated as in SQA3D, about the scene as in ScanQA
    SITUATED_WHAT = "situated_what"
    SITUATED_IS = "situated_is"
    SITUATED_HOW_MANY = "situated_how_many"
    SITUATED_CAN = "situated_can"
    SITUATED_WHICH = "situated_which"
    SCENE_COLOR = "scene_color"
    SCENE_WHERE = "scene_where"
    SCENE_COUNT = "scene_count"
    SCENE_WHAT_ON = "scene_what_on"


class SkipReason(StrEnum):
    """Why a question was not asked or not kept. Values are published and never renamed."""

    # what the geometry lacks
    TOO_FEW_OBJECTS = "too_few_objects"  # fewer objects in view than one question names
    TOO_FEW_IMAGES = "too_few_images"  # fewer keyframes than one question shows
    SCALE_NOT_METRIC = "scale_not_metric"  # metres asked of geometry without metres
    NO_POSES = "no_poses"  # cameras were not measured
    NO_DEPTH = "no_depth"  # no keyframe has a depth map
    NO_FLOOR_AREA = "no_floor_area"  # the floor was not measured
    NO_FLOOR_OUTLINE = "no_floor_outline"  # its outline was not
    NOT_FILMED = "not_filmed"  # an annotation may lack things, and "the only one" needs them all
    # what one candidate lacks
    CATEGORY_NOT_UNIQUE = "category_not_unique"  # "the chair" would mean several
    NOT_VISIBLE_ENOUGH = "not_visible_enough"  # too few pixels in every keyframe
    OBJECTS_TOO_CLOSE = "objects_too_close"  # below the kind's floor
    OBJECTS_TOO_FAR = "objects_too_far"
    MARGIN_TOO_SMALL = "margin_too_small"  # another answer is nearer than the kind's floor
    UNCERTAIN = "uncertain"  # another answer is nearer than k sigma
    FOOTPRINT_ACROSS_SECTORS = "footprint_across_sectors"  # the object reaches into another answer
    NAME_TELLS = "name_tells"  # a name in the question gives the answer away
    NO_FRONT = "no_front"  # nothing that could be named has a known front
    EXTENTS_OVERLAP = "extents_overlap"  # neither object is wholly on one side of the other
    PICTURE_DISAGREES = "picture_disagrees"  # true in space, but the image looks otherwise
    NOT_ABOVE_EACH_OTHER = "not_above_each_other"  # one is higher, but not over the other
    BOX_TILTED = "box_tilted"  # a leaning box says little about the object's height or width
    SIZES_TOO_UNLIKE = "sizes_too_unlike"  # the categories alone would tell
    INSIDE_ANOTHER = "inside_another"  # in another's box: in a drawer, on a seat, under a top?
    SEVERAL_ANSWERS = "several_answers"  # more than one thing would be a right answer, or none
    WAY_BLOCKED = "way_blocked"  # something stands where the question supposes free floor
    COLOR_UNKNOWN = "color_unknown"  # nobody said or measured it
    NO_COUNTER_EXAMPLE = "no_counter_example"  # only one answer occurs, so its names give it away
    CAMERA_MOTION_UNKNOWN = "camera_motion_unknown"  # not measured
    CAMERA_MOTION_MIXED = "camera_motion_mixed"  # measured, but no single primitive
    CAMERA_MOTION_UNSURE = "camera_motion_unsure"  # the measurer's confidence is below the floor
    CAMERA_CHANGE_TOO_SMALL = "camera_change_too_small"  # it hardly moved or turned in between
    CAMERA_MOVED_TOO_FAR = "camera_moved_too_far"  # farther than a clip of a room allows
    VIEWS_SHARE_NOTHING = "views_share_nothing"  # nothing is seen in both images
    CLIP_REJECTED = "clip_rejected"  # a gate refused the clip the question is about
    POINT_AMBIGUOUS = "point_ambiguous"  # at an edge, of unsure depth, or beside another mark
    FILMED_FROM_OUTSIDE = "filmed_from_outside"  # a camera is not within the outlined floor
    VALUE_IMPLAUSIBLE = "value_implausible"  # smaller or larger than rooms and furniture are
    NO_DISTRACTORS = "no_distractors"  # too few wrong options that are surely wrong
    LABEL_TOO_COARSE = "label_too_coarse"  # rounding it as written changes it too much
    # good questions, but too many of them
    OVER_CAP = "over_cap"
    ANSWER_TOO_FREQUENT = "answer_too_frequent"  # dropped so that blind guessing gains nothing
    LETTER_TOO_FREQUENT = "letter_too_frequent"
    GUESSABLE = "guessable"  # a model that reads only the text gets it right too surely


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place in an image that a question points at.

    Attributes:
        label: How the question calls it: ``"A"``.
        frame: Frame of the clip.
        x: From 0 (left border) to 1000 (right border), as the question writes it.
        y: From 0 (upper border) to 1000 (lower border).
    """

    label: str
    frame: int
    x: int
    y: int


CANONICAL: Final = "canonical"  # template id of a benchmark's own wording


@dataclass(frozen=True, slots=True, kw_only=True)
class SpatialQA:
    """One question, one row of the dataset.

    Attributes:
        qa_id: ``"<sequence_id>/<kind>/<hash of all other fields>"``: equal content, equal id.
        question: The question alone; ``qa_gen.prompting.render`` adds options and instructions.
        template: Which wording: ``"canonical"`` or ``"p1"``, ``"p2"``, ...
        definition: Id of what exactly was measured, e.g. ``"obb_gap_min_m"``.
        value: The label before rounding, where it is a number (metres, degrees).
        margin: Distance to the nearest other answer, on both sides, in ``margin_unit``. For a
            length: its distance from 0.
        sigma: Standard deviation of what the margin is measured in; ``None`` if not modelled.
        frames: Images the question is about, in the order it counts them ("the second image"):
            show these and no others; empty = the whole clip.
        evidence_frames: Frames in which what is asked about can be seen; empty = the whole clip.
        objects: Instance ids in the order the question names them.
        categories: Their categories, in the same order.
        marks: Points the question names by coordinates.
        geometry_source: Who measured: ``"oracle"``, a judge's name.
    """

    qa_id: str
    sequence_id: str
    scene_id: str
    kind: QuestionKind
    question: str
    template: str = CANONICAL
    answer: Answer
    definition: str
    value: float | None
    margin: float
    margin_unit: MarginUnit
    sigma: float | None
    frames: tuple[int, ...] = ()
    evidence_frames: tuple[int, ...]
    objects: tuple[int, ...]
    categories: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    geometry_source: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Questions of one kind that were not asked of a sequence. Counted and published.

    Attributes:
        count: How many candidate questions (pairs, triples, ...) this stands for.
    """

    kind: QuestionKind
    sequence_id: str
    reason: SkipReason
    count: int = 1
