// The far side of a larger sphere, seen past the planet's rim: thick at the rim, gone at its own edge, lit by the sun.
uniform vec3 sun;
uniform vec3 air;

varying vec3 vNormalWorld;
varying vec3 vWorld;

void main() {
  vec3 eye = normalize(cameraPosition - vWorld);
  float depth = max(-dot(normalize(vNormalWorld), eye), 0.0);
  float day = smoothstep(-0.35, 0.7, dot(normalize(vNormalWorld), sun));
  gl_FragColor = vec4(air * pow(depth, 2.6) * (0.05 + day) * 2.2, 1.0);
  #include <colorspace_fragment>
}
