"""Shaders of the GL member: the formulas of ``synth.render.shading`` once more."""

from typing import Final

from synth.render.patterns import MIP_LEVELS
from synth.render.shading import FACING_REFLECTANCE, SHININESS
from synth.render.tone import WHITE

MAX_LIGHTS: Final = 16

PICTURE_VERTEX: Final = """#version 330
in vec3 position; in vec3 normal; in vec2 uv; in vec4 look; in vec3 color;
uniform mat4 clip_from_world;
centroid out vec3 at; centroid out vec3 facing_out; centroid out vec2 place;
centroid out vec3 light; flat out vec3 pattern; centroid out float shine;
void main() {
  gl_Position = clip_from_world * vec4(position, 1.0);
  at = position; facing_out = normal; place = uv; light = color;
  pattern = look.xyz; shine = look.w;
}"""

PICTURE_FRAGMENT: Final = f"""#version 330
centroid in vec3 at; centroid in vec3 facing_out; centroid in vec2 place;
centroid in vec3 light; flat in vec3 pattern; centroid in float shine;
uniform sampler2DArray patterns;
uniform vec3 eye; uniform float focal_px; uniform int n_lights;
uniform vec3 forward;
uniform vec3 light_middle[{MAX_LIGHTS}]; uniform vec3 light_axes[{3 * MAX_LIGHTS}];
uniform vec3 light_radiance[{MAX_LIGHTS}]; uniform float light_spread[{MAX_LIGHTS}];
out vec4 shown;

float lobe(int k, vec3 mirrored) {{
  vec3 to_light = light_middle[k] - at;
  float seen = 1.0;
  if (light_spread[k] > 0.0) {{
    seen = min(light_spread[k] / dot(to_light, to_light), 1.0);
  }} else {{
    vec3 facing = light_axes[3 * k], u = light_axes[3 * k + 1], v = light_axes[3 * k + 2];
    float toward = dot(mirrored, facing);
    if (toward > 0.0) return 0.0;
    vec3 beside = dot(to_light, facing) / min(toward, -1e-4) * mirrored - to_light;
    to_light += clamp(dot(beside, u) / dot(u, u), -1.0, 1.0) * u
              + clamp(dot(beside, v) / dot(v, v), -1.0, 1.0) * v;
  }}
  return seen * pow(max(dot(normalize(to_light), mirrored), 0.0), {SHININESS:.1f});
}}

void main() {{
  vec3 ray = at - eye;
  vec3 n = normalize(facing_out);
  float facing = dot(n, normalize(ray));
  vec3 c = light;
  if (pattern.x > 0.5) {{
    float z = dot(ray, forward);
    float texels = z * pattern.z / focal_px;
    float slant = z / max(abs(dot(n, ray)), 1e-4);
    float level = min(0.5 * log2(max(texels * texels * slant, 1.0)), {MIP_LEVELS - 1:.1f});
    vec3 factor = textureLod(patterns, vec3(place, pattern.x), level).rgb;
    c *= max(1.0 + pattern.y * (factor - 1.0), 0.0);
  }}
  if (shine > 0.0) {{
    vec3 mirrored = normalize(ray) - 2.0 * facing * n;
    vec3 total = vec3(0.0);
    for (int k = 0; k < n_lights; ++k) total += lobe(k, mirrored) * light_radiance[k];
    float grazing = 1.0 - min(abs(facing), 1.0);
    float fresnel = {FACING_REFLECTANCE} + {1 - FACING_REFLECTANCE} * pow(grazing, 5.0);
    c += total * shine * fresnel;
  }}
  shown = vec4(c * (1.0 + c / {WHITE**2}) / (1.0 + c), 1.0);
}}"""

IDS_VERTEX: Final = """#version 330
in vec3 position; in int instance; uniform mat4 clip_from_world; flat out int id_out;
void main() { gl_Position = clip_from_world * vec4(position, 1.0); id_out = instance; }"""

IDS_FRAGMENT: Final = """#version 330
flat in int id_out; out int shown;
void main() { shown = id_out; }"""
