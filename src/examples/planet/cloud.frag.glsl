uniform vec3 sun;
uniform float clouds;

varying float vDensity;
varying vec3 vNormalWorld;

void main() {
  float cover = smoothstep(1.0 - clouds, 1.18 - clouds, vDensity);
  float day = smoothstep(-0.2, 0.5, dot(normalize(vNormalWorld), sun));
  vec3 colour = mix(vec3(0.004, 0.006, 0.009), vec3(1.0, 0.99, 0.97), day);
  gl_FragColor = vec4(colour, cover * mix(0.3, 0.85, day));
  #include <colorspace_fragment>
}
