"""Furnished rooms: outlines, openings, furniture with a support graph, and a check of all that.

Start at ``room.py`` (what a room is), then ``furnish.py`` (how one is made) and ``check.py``.
"""
