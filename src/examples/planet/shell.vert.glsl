// A sphere around the planet: clouds, or air.
attribute float density;

varying float vDensity;
varying vec3 vNormalWorld;
varying vec3 vWorld;

void main() {
  vDensity = density;
  vNormalWorld = normalize(mat3(modelMatrix) * position);
  vec4 world = modelMatrix * vec4(position, 1.0);
  vWorld = world.xyz;
  gl_Position = projectionMatrix * viewMatrix * world;
}
