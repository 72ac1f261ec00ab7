// Fifty tanks of two sides that hunt each other. Change a number in `config`, or anything else here, and save: the
// tanks on the screen go on from where they are, with the new code.

import { defineModule, type Random } from 'coppice'
import { type Box, type Point, angleBetween, clamp, distance, isBlocked, pushOut, turnTowards } from './geometry.ts'
import { drawSparks, drawTank, drawTrails, drawShells } from './tank-drawing.ts'
import type { Team } from './topics.ts'

export interface Tank extends Point {
  readonly id: number
  readonly team: Team
  /** Direction of the tracks, and of the gun. */
  heading: number
  aim: number
  hp: number
  /** Seconds until it may fire again. */
  reload: number
  /** Where it was, oldest first: x, y, x, y, … */
  trail: number[]
}

export interface Shell extends Point {
  readonly by: number
  readonly team: Team
  readonly heading: number
  /** Units it may still fly. */
  range: number
}

export interface Spark extends Point {
  readonly dx: number
  readonly dy: number
  /** 1 new … 0 gone. */
  life: number
  readonly size: number
}

interface State {
  tanks: Tank[]
  shells: Shell[]
  sparks: Spark[]
  nextId: number
}

const trailPoints = 12
/** Within it, tanks push each other away. */
const elbowRoom = 10

export default defineModule({
  dependencies: ['map'],
  config: {
    count: 50,
    speed: 5, // units a second; the map is 120 wide. Try 25
    turn: 1.6,
    gunTurn: 2.6,
    sight: 34,
    shellSpeed: 60,
    damage: 15,
    reloadTime: 1.3,
    size: 1,
  },
  subscribe: ['production:**'],

  init: ({ config, random }): State => ({
    tanks: Array.from({ length: config.count }, (_, id) => {
      const team = id % 2 === 0 ? 0 : 1
      return newTank(id, team, team === 0 ? random.range(4, 52) : random.range(68, 116), random.range(4, 86), random)
    }),
    shells: [],
    sparks: [],
    nextId: config.count,
  }),

  process({ state, config, deps, dt, random, messages, publish }) {
    const { map } = deps

    for (const { data } of messages('production:tank')) {
      const tank = newTank(state.nextId++, data.team, data.x, data.y, random)
      tank.heading = data.heading
      tank.aim = data.heading
      state.tanks.push(tank)
    }

    for (const tank of state.tanks) {
      const target = nearestEnemy(tank, state.tanks)
      const wish = steer(tank, target, state.tanks, map.walls)
      tank.heading = turnTowards(tank.heading, wish, config.turn * dt)

      // A tank that must turn far slows down for it.
      const pace = config.speed * clamp(Math.cos(angleBetween(tank.heading, wish)), 0.15, 1)
      tank.x = clamp(tank.x + Math.cos(tank.heading) * pace * dt, 2, map.width - 2)
      tank.y = clamp(tank.y + Math.sin(tank.heading) * pace * dt, 2, map.height - 2)
      for (const wall of map.walls) pushOut(tank, 1.6, wall)
      leaveTrail(tank)

      tank.reload -= dt
      const isTargetNear = target !== undefined && distance(tank, target) < config.sight
      const aim = isTargetNear ? Math.atan2(target.y - tank.y, target.x - tank.x) : tank.heading
      tank.aim = turnTowards(tank.aim, aim, config.gunTurn * dt)
      if (!isTargetNear || tank.reload > 0 || Math.abs(angleBetween(tank.aim, aim)) > 0.06) continue
      if (map.walls.some((wall) => isBlocked(tank, target, wall))) continue
      tank.reload = config.reloadTime * random.range(0.8, 1.4)
      state.shells.push(newShell(tank, tank.aim + random.normal(0, 0.03), config.sight * 1.3))
    }

    for (const shell of state.shells) {
      const from = { x: shell.x, y: shell.y }
      shell.x += Math.cos(shell.heading) * config.shellSpeed * dt
      shell.y += Math.sin(shell.heading) * config.shellSpeed * dt
      shell.range -= config.shellSpeed * dt
      if (map.walls.some((wall) => isBlocked(from, shell, wall))) {
        shell.range = 0
        burst(state.sparks, from, 5, random)
        continue
      }
      const struck = state.tanks.find((tank) => tank.team !== shell.team && distance(tank, shell) < 1.7)
      if (struck === undefined) continue
      shell.range = 0
      struck.hp -= config.damage
      burst(state.sparks, shell, 7, random)
      publish('tank:hit', { by: shell.by, at: struck.id, hp: struck.hp })
      if (struck.hp > 0) continue
      burst(state.sparks, struck, 34, random)
      publish('tank:destroyed', { team: struck.team, x: struck.x, y: struck.y })
    }

    for (const spark of state.sparks) {
      spark.x += spark.dx * spark.life * dt
      spark.y += spark.dy * spark.life * dt
      spark.life -= dt * 1.6
    }
    state.tanks = state.tanks.filter((tank) => tank.hp > 0)
    state.shells = state.shells.filter((shell) => shell.range > 0)
    state.sparks = state.sparks.filter((spark) => spark.life > 0)
  },

  expose: (state) => ({ count: state.tanks.length }),
  query: (state, question) => state.tanks.find((tank) => tank.id === question),

  view: { z: 1 },
  render({ ctx, state, config }) {
    drawTrails(ctx, state.tanks, trailPoints)
    for (const tank of state.tanks) drawTank(ctx, tank, config.size)
    drawShells(ctx, state.shells)
    drawSparks(ctx, state.sparks)
  },
})

function newTank(id: number, team: Team, x: number, y: number, random: Random): Tank {
  const heading = random.range(-Math.PI, Math.PI)
  return { id, team, x, y, heading, aim: heading, hp: 100, reload: random.range(0.5, 2), trail: [] }
}

function newShell(tank: Tank, heading: number, range: number): Shell {
  const muzzle = 2.6
  return {
    by: tank.id,
    team: tank.team,
    x: tank.x + Math.cos(heading) * muzzle,
    y: tank.y + Math.sin(heading) * muzzle,
    heading,
    range,
  }
}

function nearestEnemy(tank: Tank, tanks: readonly Tank[]): Tank | undefined {
  let nearest: Tank | undefined
  let shortest = Infinity
  for (const other of tanks) {
    if (other.team === tank.team) continue
    const away = distance(tank, other)
    if (away >= shortest) continue
    shortest = away
    nearest = other
  }
  return nearest
}

/** The direction a tank would like to drive in: at its enemy, then around it; clear of walls and of other tanks. */
function steer(tank: Tank, target: Tank | undefined, tanks: readonly Tank[], walls: readonly Box[]): number {
  let x = Math.cos(tank.heading) * 0.4
  let y = Math.sin(tank.heading) * 0.4
  if (target !== undefined) {
    const away = distance(tank, target) + 1e-6
    // 1 far away … −0.6 too near; what is left over goes sideways, half the tanks one way, half the other.
    const approach = clamp((away - 15) / 8, -0.6, 1)
    const side = (tank.id % 4 < 2 ? 1 : -1) * (1 - Math.abs(approach))
    x += ((target.x - tank.x) * approach - (target.y - tank.y) * side) / away
    y += ((target.y - tank.y) * approach + (target.x - tank.x) * side) / away
  }
  for (const other of tanks) {
    const away = distance(tank, other)
    if (away > elbowRoom || away === 0) continue
    const push = (1.6 * (elbowRoom - away)) / elbowRoom / away
    x += (tank.x - other.x) * push
    y += (tank.y - other.y) * push
  }
  for (const wall of walls) {
    // From the wall's nearest point.
    const dx = tank.x - clamp(tank.x, wall.x - wall.halfWidth, wall.x + wall.halfWidth)
    const dy = tank.y - clamp(tank.y, wall.y - wall.halfHeight, wall.y + wall.halfHeight)
    const away = Math.sqrt(dx * dx + dy * dy)
    if (away > 5 || away === 0) continue
    x += (dx / away) * ((5 - away) / 5) * 2
    y += (dy / away) * ((5 - away) / 5) * 2
  }
  return Math.atan2(y, x)
}

function leaveTrail(tank: Tank): void {
  const { trail } = tank
  const lastX = trail.at(-2)
  const lastY = trail.at(-1)
  if (lastX !== undefined && lastY !== undefined && distance(tank, { x: lastX, y: lastY }) < 0.8) return
  trail.push(tank.x, tank.y)
  if (trail.length > trailPoints * 2) trail.splice(0, 2)
}

function burst(sparks: Spark[], at: Point, count: number, random: Random): void {
  for (let i = 0; i < count; i++) {
    const heading = random.range(-Math.PI, Math.PI)
    const pace = random.range(2, 5 + count * 0.5)
    sparks.push({
      x: at.x,
      y: at.y,
      dx: Math.cos(heading) * pace,
      dy: Math.sin(heading) * pace,
      life: random.range(0.5, 1),
      size: random.range(0.15, 0.2 + count * 0.012),
    })
  }
}
