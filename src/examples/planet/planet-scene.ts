// The three.js scene: ground, clouds, air, moon, stars. The shape is noise, made once; what `config` can change is a
// uniform of the shaders, so that it shows at once.

import {
  AdditiveBlending,
  BackSide,
  BufferAttribute,
  BufferGeometry,
  Color,
  DirectionalLight,
  Group,
  IcosahedronGeometry,
  Mesh,
  MeshStandardMaterial,
  PerspectiveCamera,
  Points,
  PointsMaterial,
  Scene,
  ShaderMaterial,
  Vector3,
  WebGLRenderer,
} from 'three'
import airFragment from './air.frag.glsl?raw'
import cloudFragment from './cloud.frag.glsl?raw'
import groundFragment from './ground.frag.glsl?raw'
import groundVertex from './ground.vert.glsl?raw'
import shellVertex from './shell.vert.glsl?raw'
import { hash, layeredNoise } from './noise.ts'

interface Angles {
  readonly spin: number
  readonly winds: number
  readonly moon: number
  readonly camera: { readonly yaw: number; readonly pitch: number; readonly distance: number }
}

const numbers = ['seaLevel', 'relief', 'nightLights', 'clouds'] as const
const colours = ['sea', 'shallows', 'sand', 'grass', 'rock', 'snow', 'air'] as const
type Look = Readonly<Record<(typeof numbers)[number], number> & Record<(typeof colours)[number], string>>

export interface PlanetScene {
  readonly draw: (angles: Angles, look: Look) => void
  readonly dispose: () => void
}

export function createPlanetScene(canvas: OffscreenCanvas, context: WebGL2RenderingContext): PlanetScene {
  const renderer = new WebGLRenderer({ canvas, context })
  // The context may have served an older version of this file.
  renderer.resetState()
  renderer.setClearColor('#0d100e')

  const sun = new Vector3(-1, 0.5, 0.75).normalize()
  const amounts = { seaLevel: { value: 0 }, relief: { value: 0 }, nightLights: { value: 0 }, clouds: { value: 0 } }
  const tints = {
    sea: { value: new Color() },
    shallows: { value: new Color() },
    sand: { value: new Color() },
    grass: { value: new Color() },
    rock: { value: new Color() },
    snow: { value: new Color() },
    air: { value: new Color() },
  }
  const uniforms = { sun: { value: sun }, ...amounts, ...tints }

  const scene = new Scene()
  const light = new DirectionalLight('#fff4e0', 3)
  light.position.copy(sun)
  const sky = stars()
  scene.add(light, sky)

  const ground = new Mesh(
    sphere(40, 'height', (x, y, z) => landHeight(x, y, z)),
    new ShaderMaterial({ uniforms, vertexShader: groundVertex, fragmentShader: groundFragment }),
  )
  const clouds = new Mesh(
    sphere(24, 'density', (x, y, z) => 0.5 + layeredNoise(x * 2.2 + 9, y * 3.6, z * 2.2, 5)),
    new ShaderMaterial({
      uniforms,
      vertexShader: shellVertex,
      fragmentShader: cloudFragment,
      transparent: true,
      depthWrite: false,
    }),
  )
  clouds.scale.setScalar(1.075)
  const air = new Mesh(
    new IcosahedronGeometry(1.22, 12),
    new ShaderMaterial({
      uniforms,
      vertexShader: shellVertex,
      fragmentShader: airFragment,
      transparent: true,
      depthWrite: false,
      blending: AdditiveBlending,
      side: BackSide,
    }),
  )
  const moon = new Mesh(moonGeometry(), new MeshStandardMaterial({ color: '#a9b5ac', roughness: 1, flatShading: true }))

  // The axis leans, as ours does.
  const world = new Group()
  world.rotation.z = 0.35
  world.add(ground, clouds)
  scene.add(world, air, moon)

  const camera = new PerspectiveCamera(40, 1, 0.1, 100)

  return {
    draw(angles, look) {
      fitTo(renderer, camera, context)
      for (const name of numbers) amounts[name].value = look[name]
      for (const name of colours) tints[name].value.set(look[name])
      ground.rotation.y = angles.spin
      clouds.rotation.y = angles.spin + angles.winds
      moon.position.set(Math.cos(angles.moon) * 1.75, Math.sin(angles.moon) * 0.3, Math.sin(angles.moon) * 1.75)
      moon.rotation.y = -angles.moon

      const { yaw, pitch, distance } = angles.camera
      camera.position.set(
        Math.sin(yaw) * Math.cos(pitch) * distance,
        Math.sin(pitch) * distance,
        Math.cos(yaw) * Math.cos(pitch) * distance,
      )
      camera.lookAt(0, 0, 0)
      renderer.render(scene, camera)
    },
    dispose() {
      for (const { geometry, material } of [ground, clouds, air, moon, sky]) {
        geometry.dispose()
        material.dispose()
      }
      renderer.dispose()
    },
  }
}

/** Follows the layer's size, which the IDE sets in device pixels. */
function fitTo(renderer: WebGLRenderer, camera: PerspectiveCamera, context: WebGL2RenderingContext): void {
  const { drawingBufferWidth: width, drawingBufferHeight: height } = context
  renderer.setViewport(0, 0, width, height)
  camera.aspect = width / height
  camera.updateProjectionMatrix()
}

/** Land is above 0. Broad continents, with mountains where two kinds of noise agree. */
function landHeight(x: number, y: number, z: number): number {
  const continents = layeredNoise(x * 1.5 + 3, y * 1.5 + 11, z * 1.5, 6)
  const ridges = 1 - Math.abs(layeredNoise(x * 3 + 40, y * 3, z * 3, 4)) * 3
  return continents + Math.max(0, continents) * Math.max(0, ridges) * 0.5
}

/** A sphere of triangles with a value at each corner. */
function sphere(detail: number, name: string, valueAt: (x: number, y: number, z: number) => number): BufferGeometry {
  const geometry = new IcosahedronGeometry(1, detail)
  const places = geometry.getAttribute('position')
  const values = new Float32Array(places.count)
  for (let i = 0; i < places.count; i++) values[i] = valueAt(places.getX(i), places.getY(i), places.getZ(i))
  geometry.setAttribute(name, new BufferAttribute(values, 1))
  return geometry
}

function moonGeometry(): BufferGeometry {
  const geometry = new IcosahedronGeometry(0.14, 7)
  const places = geometry.getAttribute('position')
  for (let i = 0; i < places.count; i++) {
    const [x, y, z] = [places.getX(i), places.getY(i), places.getZ(i)]
    const height = 1 + layeredNoise(x * 14, y * 14, z * 14, 3) * 0.16
    places.setXYZ(i, x * height, y * height, z * height)
  }
  geometry.computeVertexNormals()
  return geometry
}

function stars(): Points<BufferGeometry, PointsMaterial> {
  const count = 1400
  const places = new Float32Array(count * 3)
  const tints = new Float32Array(count * 3)
  for (let i = 0; i < count; i++) {
    const height = hash(i, 1, 0) * 2 - 1
    const angle = hash(i, 2, 0) * 2 * Math.PI
    const radius = Math.sqrt(1 - height * height)
    places.set([Math.cos(angle) * radius * 40, height * 40, Math.sin(angle) * radius * 40], i * 3)
    // Most are faint; some lean to blue, some to amber.
    const light = 0.15 + hash(i, 3, 0) ** 6
    const warmth = hash(i, 4, 0)
    tints.set([light * (0.7 + 0.3 * warmth), light * 0.9, light * (1.1 - 0.3 * warmth)], i * 3)
  }
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(places, 3))
  geometry.setAttribute('color', new BufferAttribute(tints, 3))
  return new Points(geometry, new PointsMaterial({ size: 1.8, sizeAttenuation: false, vertexColors: true }))
}
