// Draws the flock in one call: each bird a soft streak along its way, its colour by its heading. The shaders are files of their own: edit
// one and save, and the next frame is drawn with it.

import fragmentSource from './streak.frag.glsl?raw'
import vertexSource from './streak.vert.glsl?raw'

/** Texels in a row of the texture that holds the birds; the vertex shader knows it too. */
const rowLength = 128

export interface FlockView {
  readonly program: WebGLProgram
  /** One texel a bird: x, y, vx, vy. */
  readonly birds: WebGLTexture
  /** What goes into it. */
  texels: Float32Array
  readonly uniform: (name: string) => WebGLUniformLocation | null
  readonly dispose: () => void
}

interface Flock {
  readonly x: Float32Array
  readonly y: Float32Array
  readonly vx: Float32Array
  readonly vy: Float32Array
  readonly hawk: { readonly x: number; readonly y: number }
}

export function createFlockView(gl: WebGL2RenderingContext): FlockView {
  const program = linkProgram(gl, vertexSource, fragmentSource)
  const birds = gl.createTexture()
  gl.bindTexture(gl.TEXTURE_2D, birds)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST)
  return {
    program,
    birds,
    texels: new Float32Array(0),
    uniform: (name) => gl.getUniformLocation(program, name),
    dispose() {
      gl.deleteProgram(program)
      gl.deleteTexture(birds)
    },
  }
}

export function drawFlock(
  gl: WebGL2RenderingContext,
  view: FlockView,
  flock: Flock,
  look: { readonly length: number; readonly width: number; readonly glow: number },
): void {
  gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight)
  gl.clearColor(13 / 255, 16 / 255, 14 / 255, 1)
  gl.clear(gl.COLOR_BUFFER_BIT)

  gl.useProgram(view.program)
  sendBirds(gl, view, flock)
  gl.uniform2f(view.uniform('streakSize'), look.length, look.width)
  gl.uniform1f(view.uniform('glow'), look.glow)
  gl.uniform2f(view.uniform('hawk'), flock.hawk.x, flock.hawk.y)

  // Light adds up (screen): where birds are many the flock shines, and keeps its colour.
  gl.enable(gl.BLEND)
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_COLOR)
  gl.drawArrays(gl.TRIANGLES, 0, 6 * flock.x.length)
}

/** All of the flock in one piece: a vertex finds its bird by its number. */
function sendBirds(gl: WebGL2RenderingContext, view: FlockView, { x, y, vx, vy }: Flock): void {
  const rows = Math.ceil(x.length / rowLength)
  const isNew = view.texels.length !== rows * rowLength * 4
  if (isNew) view.texels = new Float32Array(rows * rowLength * 4)
  const { texels } = view
  for (let bird = 0, at = 0; bird < x.length; bird++) {
    texels[at++] = x[bird] ?? 0
    texels[at++] = y[bird] ?? 0
    texels[at++] = vx[bird] ?? 0
    texels[at++] = vy[bird] ?? 0
  }
  gl.bindTexture(gl.TEXTURE_2D, view.birds)
  if (isNew) gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, rowLength, rows, 0, gl.RGBA, gl.FLOAT, texels)
  else gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, rowLength, rows, gl.RGBA, gl.FLOAT, texels)
}

function linkProgram(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram()
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(type)
    if (shader === null) throw new Error('The WebGL context is lost')
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    if (gl.getShaderParameter(shader, gl.COMPILE_STATUS) !== true) {
      throw new Error(`The shader does not compile: ${gl.getShaderInfoLog(shader) ?? ''}`)
    }
    gl.attachShader(program, shader)
    gl.deleteShader(shader)
  }
  gl.linkProgram(program)
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true) {
    throw new Error(`The shaders do not link: ${gl.getProgramInfoLog(program) ?? ''}`)
  }
  return program
}
