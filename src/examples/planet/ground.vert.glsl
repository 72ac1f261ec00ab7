// Land rises above the sea, and the sea is flat.
attribute float height;

uniform float seaLevel;
uniform float relief;

varying float vHeight;
varying vec3 vPlace;
varying vec3 vWorld;

void main() {
  vHeight = height - seaLevel;
  vPlace = position;
  vec3 raised = position * (1.0 + max(vHeight, 0.0) * relief);
  vec4 world = modelMatrix * vec4(raised, 1.0);
  vWorld = world.xyz;
  gl_Position = projectionMatrix * viewMatrix * world;
}
