// Colours by height, ice by latitude, glints on the sea, towns at night.
uniform vec3 sun;
uniform vec3 sea;
uniform vec3 shallows;
uniform vec3 sand;
uniform vec3 grass;
uniform vec3 rock;
uniform vec3 snow;
uniform float nightLights;

varying float vHeight;
varying vec3 vPlace;
varying vec3 vWorld;

float hash(vec3 p) {
  return fract(sin(dot(p, vec3(12.9898, 78.233, 37.719))) * 43758.5453);
}

void main() {
  // One normal for each triangle: facets.
  vec3 facet = normalize(cross(dFdx(vWorld), dFdy(vWorld)));
  vec3 up = normalize(vWorld);
  vec3 eye = normalize(cameraPosition - vWorld);
  bool isSea = vHeight < 0.0;

  float cold = abs(vPlace.y) + vHeight * 0.2;
  vec3 land = mix(sand, grass, smoothstep(0.01, 0.05, vHeight));
  land = mix(land, rock, smoothstep(0.26, 0.4, vHeight));
  land = mix(land, snow, max(smoothstep(0.46, 0.56, vHeight), smoothstep(0.82, 0.9, cold)));
  vec3 water = mix(sea, shallows, smoothstep(-0.16, 0.0, vHeight) * 0.75);
  water = mix(water, snow, smoothstep(0.9, 0.95, abs(vPlace.y)));
  vec3 base = isSea ? water : land;

  float day = dot(up, sun);
  float light = max(dot(isSea ? up : facet, sun), 0.0) * smoothstep(-0.1, 0.15, day);
  vec3 colour = base * (light * 1.15 + 0.035);
  // Dusk is warm.
  colour += base * vec3(0.9, 0.35, 0.12) * smoothstep(0.25, 0.0, abs(day)) * 0.12;
  if (isSea) colour += vec3(1.0, 0.92, 0.75) * pow(max(dot(reflect(-sun, up), eye), 0.0), 40.0) * 0.7;

  // Towns stand near the coast, where it is not too cold.
  vec3 cell = floor(vPlace * 46.0);
  float town = step(0.78, hash(cell)) * smoothstep(0.16, 0.02, vHeight) * step(cold, 0.75);
  float inCell = smoothstep(0.45, 0.1, length(fract(vPlace * 46.0) - 0.5));
  if (!isSea) colour += vec3(1.0, 0.72, 0.36) * town * inCell * smoothstep(0.0, -0.2, day) * nightLights * 1.4;

  gl_FragColor = vec4(colour, 1.0);
  #include <colorspace_fragment>
}
