#version 300 es
// One bird: a quad of two triangles along its flight, from tail to head.
precision highp float;

uniform highp sampler2D birds; // x, y, vx, vy; 128 in a row
uniform vec2 streakSize;
uniform float glow;
uniform vec2 hawk;

out vec2 place; // x: 0 tail … 1 head, y: −1 … 1 across
out vec3 colour;

const vec2 world = vec2(1280.0, 800.0);

// Around the compass: blue, teal, green, violet.
vec3 byHeading(vec2 way) {
  vec3 east = vec3(0.475, 0.722, 1.0);
  vec3 south = vec3(0.353, 0.831, 0.816);
  vec3 west = vec3(0.486, 0.851, 0.573);
  vec3 north = vec3(0.824, 0.659, 1.0);
  vec2 weight = way * way;
  return (way.x > 0.0 ? east : west) * weight.x + (way.y > 0.0 ? south : north) * weight.y;
}

const vec2 corners[6] =
  vec2[6](vec2(0.0, -1.0), vec2(1.0, -1.0), vec2(0.0, 1.0), vec2(0.0, 1.0), vec2(1.0, -1.0), vec2(1.0, 1.0));

void main() {
  int bird = gl_VertexID / 6;
  vec4 flight = texelFetch(birds, ivec2(bird & 127, bird >> 7), 0);
  vec2 position = flight.xy;
  vec2 velocity = flight.zw;
  float pace = length(velocity) + 0.001;
  vec2 way = velocity / pace;
  place = corners[gl_VertexID % 6];

  float stretch = streakSize.x * clamp(pace / 150.0, 0.6, 2.2);
  vec2 corner = position + way * (place.x - 1.0) * stretch + vec2(-way.y, way.x) * place.y * streakSize.y;

  // Birds near the hawk flash amber.
  float alarm = smoothstep(130.0, 20.0, distance(position, hawk));
  colour = mix(byHeading(way), vec3(1.0, 0.76, 0.4), alarm) * (glow + 0.6 * alarm);
  gl_Position = vec4(corner / world * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
}
