"""Scene prompts: seeded scenes, moves said first and last, lengths, text files, negatives."""

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.moves import Move, mirror, reverse
from synth.scene_prompts.grammar import ROOM_NAMES, sample_scene
from synth.scene_prompts.moves import SPEEDS, move_words
from synth.scene_prompts.negatives import (
    CUTS,
    RIGID_TERMS,
    SHAKE,
    STATIC_TERMS,
    WAN_TERMS,
    negative_for,
    opposite_move,
    wan_negative,
)
from synth.scene_prompts.scene import PromptScene
from synth.scene_prompts.templates import (
    MAX_WORDS,
    MIN_WORDS,
    TEMPLATES,
    count_words,
    templates_for,
    write_prompt,
)
from synth.scene_prompts.text_file import read_scenes


@given(st.integers(0, 2**31), st.sampled_from(ROOM_NAMES), st.sampled_from(list(Move)))
def test_prompts_of_sampled_scenes_have_80_to_100_words_and_say_everything(seed, room, move):
    scene = sample_scene("scene", seed, room=room)
    for template in templates_for(move):
        prompt = write_prompt(template, scene, move, seed=seed)
        assert MIN_WORDS <= count_words([prompt]) <= MAX_WORDS
        assert room in prompt
        for thing in (scene.near, scene.middle, scene.far):
            assert thing.removeprefix("the ") in prompt
        assert "No people" in prompt or "no people" in prompt
        assert "{" not in prompt
        assert "  " not in prompt
        assert prompt == write_prompt(template, scene, move, seed=seed)


def test_the_longest_words_still_fit():
    lengths = [
        count_words([write_prompt(template, sample_scene(f"s{n}", 0), move, seed=n)])
        for n, move in itertools.product(range(40), Move)
        for template in templates_for(move)
    ]
    assert min(lengths) >= MIN_WORDS
    assert max(lengths) <= MAX_WORDS


def test_a_prompt_reads_as_it_was_designed():
    scene = PromptScene(
        scene_id="library",
        sentences=("A small library.", "A lamp stands on the left.", "Evening light."),
        n_needed=2,
        near="the lamp",
        middle="the table",
        far="the window",
    )
    prompt = write_prompt(TEMPLATES["move-first-v1"], scene, Move.TRUCK_RIGHT, seed=0)
    how = prompt.split()[2]
    assert how in SPEEDS
    assert prompt == (
        f"The camera {how} trucks right past the lamp, sliding sideways without turning, facing "
        "the window. A small library. A lamp stands on the left. Evening light. No people, "
        "nothing in the room moves. One continuous shot without cuts: the camera "
        f"{how} slides right along the window."
    )


def test_scenes_depend_on_name_and_seed_only_and_differ():
    scenes = [sample_scene(f"s{n}", 3) for n in range(200)]
    assert sample_scene("s7", 3) == scenes[7]
    assert len({scene.description for scene in scenes}) == 200
    rooms = Counter(name for s in scenes for name in ROOM_NAMES if name in s.sentences[0])
    assert set(rooms) == set(ROOM_NAMES)
    assert sample_scene("s7", 4) != scenes[7]


def test_every_move_has_words_of_its_own_and_mirrors_swap_sides():
    sentences = {move: move_words(move) for move in Move}
    assert len(set(sentences.values())) == len(Move)
    for move, words in sentences.items():
        if mirror(move) is not move and not str(move).startswith("roll"):
            swapped = words.sentence.replace("left", "?").replace("right", "left")
            assert sentences[mirror(move)].sentence == swapped.replace("?", "right")


def test_pans_and_trucks_are_told_apart():
    assert "turning in place without sliding" in move_words(Move.PAN_RIGHT).sentence
    assert "sliding sideways without turning" in move_words(Move.TRUCK_RIGHT).sentence
    assert "without zooming" in move_words(Move.DOLLY_IN).sentence
    assert "stays in place" in move_words(Move.ZOOM_IN).sentence


def test_a_template_about_a_moving_camera_does_not_say_a_static_one():
    template = TEMPLATES["walkthrough-v1"]
    assert template not in templates_for(Move.STATIC)
    with pytest.raises(ValueError, match="cannot say static; use one of move-first-v1"):
        write_prompt(template, sample_scene("s", 0), Move.STATIC, seed=0)


def test_an_unknown_room_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match="no room 'attic'; the grammar has living room, bedroom"):
        sample_scene("s", 0, room="attic")


def test_a_text_file_gives_one_scene_a_line(tmp_path):
    path = tmp_path / "my shops.txt"
    path.write_text(
        "# shops\n\nA narrow bookshop with green shelves. Dusty light\n"
        "  A bakery. | near: the flour sack | far: the oven  \n",
        encoding="utf-8",
    )
    shop, bakery = read_scenes(path)
    assert shop.sentences == ("A narrow bookshop with green shelves.", "Dusty light.")
    assert (shop.near, shop.far) == ("the foreground", "the far wall")
    assert (bakery.near, bakery.middle, bakery.far) == (
        "the flour sack",
        "the center of the room",
        "the oven",
    )
    assert shop.scene_id.startswith("my_shops-")
    prompt = write_prompt(TEMPLATES["move-first-v1"], shop, Move.DOLLY_IN, seed=0)
    assert "Dusty light." in prompt
    path.write_text("A shed.\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert read_scenes(path)[1:] == (shop, bakery)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# only a comment\n", "no line holds a scene"),
        ("A shed.\n\nA shed.\n", r"line 3: repeats the scene of line 1"),
        ("A shed. | front: the door\n", r"line 1: 'front: the door' is not 'near"),
        ("A shed. | far:\n", r"line 1: 'far:' is not"),
        ("| far: the door\n", r"line 1: the description before the first bar is empty"),
        ("A shed.\nThe camera pans over a shed.\n", r"line 2: says 'camera'"),
        ("A shed with {things}.\n", r"line 1: '{' is kept for templates"),
    ],
)
def test_text_files_that_cannot_be_are_refused_by_line(tmp_path, text, message):
    path = tmp_path / "scenes.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_scenes(path)


def test_a_text_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "scenes.txt"
    path.write_bytes("Ein Café.".encode("latin-1"))
    with pytest.raises(ValueError, match="must be UTF-8"):
        read_scenes(path)


def test_rigid_scenes_are_not_led_away_from_standing_still():
    rigid = wan_negative().split("\N{FULLWIDTH COMMA}")
    assert set(STATIC_TERMS) <= set(WAN_TERMS)
    assert not [term for term in rigid if "静" in term]
    assert rigid == [t for t in WAN_TERMS if t not in STATIC_TERMS] + [*RIGID_TERMS, SHAKE, CUTS]
    lively = wan_negative(is_rigid=False).split("\N{FULLWIDTH COMMA}")
    assert lively == [*WAN_TERMS, SHAKE, CUTS]


def test_the_negative_of_a_clip_begins_with_the_opposite_move():
    assert negative_for(Move.PAN_LEFT).startswith("the camera pans right\N{FULLWIDTH COMMA}")
    assert negative_for(None) == wan_negative()
    assert opposite_move(Move.STATIC) == ""
    assert opposite_move(Move.CRANE_UP) == "the camera cranes down"
    assert SHAKE not in negative_for(Move.HANDHELD)
    for move in Move:
        assert opposite_move(reverse(move)) != opposite_move(move) or opposite_move(move) == ""


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scene_id": "a/b"}, "scene_id is letters"),
        ({"n_needed": 2}, "n_needed=2 of 1 sentences"),
        ({"far": " "}, "a text is empty"),
    ],
)
def test_scenes_without_names_or_texts_are_refused(change, message):
    texts = {"scene_id": "a", "sentences": ("A room.",), "n_needed": 1}
    things = {"near": "the lamp", "middle": "the table", "far": "the wall"}
    with pytest.raises(ValueError, match=message):
        PromptScene(**(texts | things | change))
