#version 300 es
precision mediump float;

in vec2 place;
in vec3 colour;
out vec4 light;

void main() {
  // Brightest at the head, fading to the tail and to both sides.
  float along = place.x * place.x * smoothstep(1.0, 0.85, place.x);
  float across = 1.0 - place.y * place.y;
  light = vec4(colour * along * across, 0.0);
}
