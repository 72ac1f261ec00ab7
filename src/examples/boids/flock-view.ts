// Draws the flock in one instanced call: each bird a soft streak along its way, its colour by its heading. The shaders
// are files of their own: edit one and save, and the next frame is drawn with it.

import fragmentSource from './streak.frag.glsl?raw'
import vertexSource from './streak.vert.glsl?raw'

export interface FlockView {
  readonly program: WebGLProgram
  readonly corners: WebGLVertexArrayObject
  readonly positions: readonly [WebGLBuffer, WebGLBuffer, WebGLBuffer, WebGLBuffer]
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
  const corners = gl.createVertexArray()
  const positions = [gl.createBuffer(), gl.createBuffer(), gl.createBuffer(), gl.createBuffer()] as const
  gl.bindVertexArray(corners)
  for (const [location, buffer] of positions.entries()) {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
    gl.enableVertexAttribArray(location)
    gl.vertexAttribPointer(location, 1, gl.FLOAT, false, 0, 0)
    gl.vertexAttribDivisor(location, 1)
  }
  return {
    program,
    corners,
    positions,
    uniform: (name) => gl.getUniformLocation(program, name),
    dispose() {
      gl.deleteProgram(program)
      gl.deleteVertexArray(corners)
      for (const buffer of positions) gl.deleteBuffer(buffer)
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
  gl.bindVertexArray(view.corners)
  for (const [index, values] of [flock.x, flock.y, flock.vx, flock.vy].entries()) {
    gl.bindBuffer(gl.ARRAY_BUFFER, view.positions[index] ?? null)
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STREAM_DRAW)
  }
  gl.uniform2f(view.uniform('streakSize'), look.length, look.width)
  gl.uniform1f(view.uniform('glow'), look.glow)
  gl.uniform2f(view.uniform('hawk'), flock.hawk.x, flock.hawk.y)

  // Light adds up (screen): where birds are many the flock shines, and keeps its colour.
  gl.enable(gl.BLEND)
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_COLOR)
  gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, flock.x.length)
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
