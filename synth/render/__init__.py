"""Draw furnished rooms: light baked once a room, then frames with exact depth and instance ids.

Rooms are static, so soft light, shadows and two bounces are computed once per mesh vertex
(``bake``); a frame is then albedo times interpolated light, patterns and highlights. The members
(``members``) share one protocol (``renderer``) and give the same picture: ``embreex`` is the
default and gives the truth for all, ``moderngl`` draws by OpenGL where a driver is.
"""
