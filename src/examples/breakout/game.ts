// Bricks, ball, paddle. Arrow keys or A and D, the mouse, or a gamepad move the paddle; Space or a click serves. Until
// someone plays, it plays itself. All of `config` may be tuned while the ball flies.

import { defineModule, type Input } from 'coppice'
import levels from './levels.json'
import { colourOf } from './topics.ts'

interface Brick {
  readonly x: number
  readonly y: number
  readonly colour: number
}

interface Ball {
  x: number
  y: number
  dx: number
  dy: number
  /** Where it was, newest first. */
  trail: { readonly x: number; readonly y: number }[]
}

const columns = 14
const wall = 24
const brickWidth = (960 - 2 * wall) / columns
const brickHeight = 26
const firstRow = 110
const paddleY = 664

export default defineModule({
  config: {
    ballSpeed: 520,
    /** Each brick makes the ball faster by this share, up to the limit. */
    hurry: 0.012,
    fastest: 1.7,
    ballSize: 9,
    paddleWidth: 132,
    paddleSpeed: 900,
    lives: 3,
    /** How hard a broken brick shakes the screen. */
    shake: 5,
    trail: 16,
  },

  init: ({ config }) => ({
    isDemo: true,
    level: 0,
    lives: config.lives,
    combo: 0,
    haste: 1,
    bricks: bricksOf(0),
    ball: newBall(480),
    isServed: false,
    /** Seconds until a demo serves. */
    wait: 0.6,
    paddle: { x: 480, speed: 0, lastPointerX: 0 },
    shake: 0,
    /** 1 when the ball has just met the paddle … 0. */
    flash: 0,
  }),

  process({ state, config, dt, time, input, random, publish }) {
    const { ball, paddle } = state
    if (state.isDemo && isAnyonePlaying(input)) {
      Object.assign(state, { isDemo: false, level: 0, lives: config.lives, bricks: bricksOf(0) })
      serveAnew(state)
      publish('game:started', { isDemo: false })
    }

    // Paddle
    const halfPaddle = config.paddleWidth / 2
    const before = paddle.x
    if (state.isDemo) {
      // Aims a little beside the ball, so that it does not bounce straight up for ever.
      const goal = (ball.dy > 0 ? ball.x : 480) + Math.sin(time * 1.7) * halfPaddle * 0.6
      paddle.x += clamp(goal - paddle.x, -config.paddleSpeed * dt, config.paddleSpeed * dt)
    } else {
      const { pointer } = input
      if (pointer.isInside && pointer.x !== paddle.lastPointerX) paddle.x = pointer.x
      paddle.lastPointerX = pointer.x
      paddle.x += steering(input) * config.paddleSpeed * dt
    }
    paddle.x = clamp(paddle.x, wall + halfPaddle, 960 - wall - halfPaddle)
    paddle.speed = (paddle.x - before) / dt

    // Serve
    state.shake *= 0.86
    state.flash *= 0.88
    state.wait -= dt
    const isServing = state.isDemo ? state.wait < 0 : wantsToServe(input)
    if (!state.isServed) {
      ball.x = paddle.x
      ball.y = paddleY - config.ballSize - 2
      ball.trail = []
      if (!isServing) return
      state.isServed = true
      aim(ball, random.range(-0.5, 0.5))
    }

    // The ball goes in short steps, so that it never passes through a brick.
    const speed = config.ballSpeed * state.haste
    const steps = Math.ceil((speed * dt) / 6)
    for (let step = 0; step < steps; step++) {
      ball.x += (ball.dx * speed * dt) / steps
      ball.y += (ball.dy * speed * dt) / steps

      if (ball.x < wall + config.ballSize) ball.dx = Math.abs(ball.dx)
      if (ball.x > 960 - wall - config.ballSize) ball.dx = -Math.abs(ball.dx)
      if (ball.y < wall + config.ballSize) ball.dy = Math.abs(ball.dy)

      const offset = (ball.x - paddle.x) / halfPaddle
      if (ball.dy > 0 && Math.abs(offset) < 1.1 && Math.abs(ball.y - paddleY) < config.ballSize + 3) {
        aim(ball, offset * 1.05 + clamp(paddle.speed / 4000, -0.25, 0.25))
        state.combo = 0
        state.flash = 1
        publish('ball:bounced', { x: ball.x, y: ball.y, speed })
      }

      const index = state.bricks.findIndex((brick) => isTouching(ball, config.ballSize, brick))
      const brick = state.bricks[index]
      if (brick !== undefined) {
        bounceOff(ball, brick)
        state.bricks.splice(index, 1)
        state.combo++
        state.haste = Math.min(config.fastest, state.haste + config.hurry)
        state.shake = Math.min(14, state.shake + config.shake)
        const middle = { x: brick.x + brickWidth / 2, y: brick.y + brickHeight / 2 }
        publish('brick:broken', { ...middle, colour: brick.colour, combo: state.combo })
      }
    }
    ball.trail.unshift({ x: ball.x, y: ball.y })
    ball.trail.length = Math.min(ball.trail.length, config.trail)

    if (state.bricks.length === 0) {
      publish('level:cleared', { level: state.level })
      state.level = (state.level + 1) % levels.length
      state.bricks = bricksOf(state.level)
      serveAnew(state)
    }
    if (ball.y > 760) {
      state.lives--
      publish('ball:lost', { x: ball.x, y: 720, left: state.lives })
      if (state.lives <= 0) {
        Object.assign(state, { isDemo: true, level: 0, lives: config.lives, bricks: bricksOf(0) })
        publish('game:started', { isDemo: true })
      }
      serveAnew(state)
    }
  },

  expose: ({ isDemo, lives, shake, isServed }) => ({ isDemo, lives, shake, isServed }),

  render({ ctx, state, config, random }) {
    const { ball, paddle } = state
    ctx.fillStyle = '#0d100e'
    ctx.fillRect(0, 0, 960, 720)
    ctx.translate(random.range(-1, 1) * state.shake, random.range(-1, 1) * state.shake)

    ctx.strokeStyle = '#262e28'
    ctx.lineWidth = 2
    ctx.beginPath()
    ctx.moveTo(wall - 6, 740)
    ctx.arcTo(wall - 6, wall - 6, 480, wall - 6, 14)
    ctx.arcTo(960 - wall + 6, wall - 6, 960 - wall + 6, 740, 14)
    ctx.lineTo(960 - wall + 6, 740)
    ctx.stroke()

    for (const brick of state.bricks) {
      ctx.fillStyle = colourOf(brick.colour)
      ctx.globalAlpha = 0.92
      box(ctx, brick.x + 2, brick.y + 2, brickWidth - 4, brickHeight - 4, 4)
      ctx.globalAlpha = 0.25
      ctx.fillStyle = '#ffffff'
      box(ctx, brick.x + 5, brick.y + 4, brickWidth - 10, 3, 1.5)
    }

    ctx.globalCompositeOperation = 'lighter'
    ctx.strokeStyle = '#79b8ff'
    for (const [age, to] of ball.trail.slice(1).entries()) {
      const from = ball.trail[age] ?? to
      const left = 1 - age / config.trail
      ctx.globalAlpha = 0.5 * left * left
      ctx.lineWidth = 2 * config.ballSize * (0.3 + 0.7 * left)
      ctx.beginPath()
      ctx.moveTo(from.x, from.y)
      ctx.lineTo(to.x, to.y)
      ctx.stroke()
    }
    ctx.globalAlpha = 0.12
    ctx.fillStyle = '#79b8ff'
    disc(ctx, ball.x, ball.y, config.ballSize * 2.6)
    ctx.globalAlpha = 0.14 + 0.3 * state.flash
    ctx.fillStyle = '#7cd992'
    box(ctx, paddle.x - config.paddleWidth / 2 - 7, paddleY - 7, config.paddleWidth + 14, 28, 14)
    ctx.globalCompositeOperation = 'source-over'

    ctx.globalAlpha = 1
    box(ctx, paddle.x - config.paddleWidth / 2, paddleY, config.paddleWidth, 14, 7)
    ctx.fillStyle = '#ffffff'
    disc(ctx, ball.x, ball.y, config.ballSize)
  },
})

function bricksOf(level: number): Brick[] {
  return (levels[level] ?? []).flatMap((row, rowIndex) =>
    Array.from(row, (cell, column) => ({
      x: wall + column * brickWidth,
      y: firstRow + rowIndex * brickHeight,
      colour: cell === '.' ? 0 : Number(cell),
    })).filter((brick) => brick.colour > 0),
  )
}

function newBall(x: number): Ball {
  return { x, y: paddleY - 20, dx: 0, dy: -1, trail: [] }
}

function serveAnew(state: { isServed: boolean; wait: number; combo: number; haste: number }): void {
  Object.assign(state, { isServed: false, wait: 0.8, combo: 0, haste: 1 })
}

function isAnyonePlaying(input: Input): boolean {
  return steering(input) !== 0 || wantsToServe(input)
}

function wantsToServe(input: Input): boolean {
  return input.pressed('Space') || input.pressed('Enter') || input.pointer.pressed || input.gamepad(0).button(0) > 0.5
}

/** −1 left … 1 right. */
function steering(input: Input): number {
  const left = input.down('ArrowLeft') || input.down('KeyA')
  const right = input.down('ArrowRight') || input.down('KeyD')
  const stick = input.gamepad(0).axis(0)
  return clamp(Number(right) - Number(left) + (Math.abs(stick) > 0.15 ? stick : 0), -1, 1)
}

/** Sends the ball upwards, `angle` radians to the right of straight up. */
function aim(ball: Ball, angle: number): void {
  ball.dx = Math.sin(angle)
  ball.dy = -Math.cos(angle)
}

function isTouching(ball: Ball, radius: number, brick: Brick): boolean {
  const dx = ball.x - clamp(ball.x, brick.x, brick.x + brickWidth)
  const dy = ball.y - clamp(ball.y, brick.y, brick.y + brickHeight)
  return dx * dx + dy * dy < radius * radius
}

/** Away from the side that is nearest, measured in the brick's own proportions. */
function bounceOff(ball: Ball, brick: Brick): void {
  const dx = (ball.x - brick.x - brickWidth / 2) / brickWidth
  const dy = (ball.y - brick.y - brickHeight / 2) / brickHeight
  if (Math.abs(dx) > Math.abs(dy)) ball.dx = Math.sign(dx) * Math.abs(ball.dx)
  else ball.dy = Math.sign(dy) * Math.abs(ball.dy)
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}

function box(ctx: OffscreenCanvasRenderingContext2D, x: number, y: number, w: number, h: number, r: number): void {
  ctx.beginPath()
  ctx.roundRect(x, y, w, h, r)
  ctx.fill()
}

function disc(ctx: OffscreenCanvasRenderingContext2D, x: number, y: number, radius: number): void {
  ctx.beginPath()
  ctx.arc(x, y, radius, 0, 2 * Math.PI)
  ctx.fill()
}
