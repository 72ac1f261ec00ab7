// Smooth noise in space, from hashed lattice points: the same number for the same place, on every machine.

/** 0 … 1 for a lattice point. */
export function hash(x: number, y: number, z: number): number {
  let bits = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(z, 2147483647)
  bits = Math.imul(bits ^ (bits >>> 13), 1274126177)
  return ((bits ^ (bits >>> 16)) >>> 0) / 4294967296
}

/** −1 … 1, with features about one unit wide. */
export function noise(x: number, y: number, z: number): number {
  const [ix, iy, iz] = [Math.floor(x), Math.floor(y), Math.floor(z)]
  const [u, v, w] = [ease(x - ix), ease(y - iy), ease(z - iz)]
  const near = mix(
    mix(hash(ix, iy, iz), hash(ix + 1, iy, iz), u),
    mix(hash(ix, iy + 1, iz), hash(ix + 1, iy + 1, iz), u),
    v,
  )
  const far = mix(
    mix(hash(ix, iy, iz + 1), hash(ix + 1, iy, iz + 1), u),
    mix(hash(ix, iy + 1, iz + 1), hash(ix + 1, iy + 1, iz + 1), u),
    v,
  )
  return mix(near, far, w) * 2 - 1
}

/** Layers of noise, each finer and fainter than the one before. */
export function layeredNoise(x: number, y: number, z: number, layers: number): number {
  let sum = 0
  let strength = 0.5
  let scale = 1
  for (let layer = 0; layer < layers; layer++) {
    sum += strength * noise(x * scale + layer * 17, y * scale, z * scale)
    strength *= 0.5
    scale *= 2.05
  }
  return sum
}

const ease = (t: number): number => t * t * (3 - 2 * t)
const mix = (a: number, b: number, share: number): number => a + (b - a) * share
