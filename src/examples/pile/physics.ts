// The Rapier world: a bowl, a stirrer, and what falls in. A body that leaves through the drain comes in at the top
// again. Lengths are units of the view; Rapier is told so, as it expects metres.

import RAPIER from '@dimforge/rapier2d-compat'
import { bowl, kinds, stirrerArms } from './scene.ts'

export interface Physics {
  world: RAPIER.World
  /** Handle of the stirrer, the first body made. */
  readonly stirrer: number
}

export async function createWorld(gravity: number): Promise<Physics> {
  await RAPIER.init()
  const world = new RAPIER.World({ x: 0, y: gravity })
  world.lengthUnit = 100

  const ground = world.createRigidBody(RAPIER.RigidBodyDesc.fixed())
  for (const line of bowl) {
    world.createCollider(RAPIER.ColliderDesc.polyline(new Float32Array(line.flat())).setFriction(0.4), ground)
  }
  const stirrer = world.createRigidBody(
    RAPIER.RigidBodyDesc.kinematicPositionBased().setTranslation(stirrerArms.x, stirrerArms.y),
  )
  for (const turn of [0, Math.PI / 2]) {
    const arm = RAPIER.ColliderDesc.roundCuboid(stirrerArms.length - 6, 1, 6).setRotation(turn)
    world.createCollider(arm, stirrer)
  }
  return { world, stirrer: stirrer.handle }
}

export function restoreWorld(physics: Physics, data: Uint8Array): void {
  const world = RAPIER.World.restoreSnapshot(data)
  physics.world.free()
  physics.world = world
}

/** Adds one body; returns the handle by which it is known from now on. */
export function addBody(
  { world }: Physics,
  kind: number,
  size: number,
  at: { x: number; y: number; angle: number; bounce: number; friction: number },
): number {
  const body = world.createRigidBody(
    RAPIER.RigidBodyDesc.dynamic().setTranslation(at.x, at.y).setRotation(at.angle).setLinvel(0, 200),
  )
  const corners = kinds[kind]?.corners ?? []
  const shape =
    corners.length === 0
      ? RAPIER.ColliderDesc.ball(size)
      : RAPIER.ColliderDesc.convexHull(new Float32Array(corners.flatMap(([x, y]) => [x * size, y * size])))
  if (shape === null) throw new Error(`Shape ${kind} has no area`)
  world.createCollider(shape.setRestitution(at.bounce).setFriction(at.friction), body)
  return body.handle
}

export function stir({ world, stirrer }: Physics, angle: number): void {
  world.getRigidBody(stirrer).setNextKinematicRotation(angle)
}

/** Copies positions out of the world, and sends what has left through the drain back to the top. */
export function readPoses({ world }: Physics, bodies: readonly { handle: number }[], poses: Float32Array): void {
  for (const [index, { handle }] of bodies.entries()) {
    const body = world.getRigidBody(handle)
    const { x, y } = body.translation()
    poses[index * 3] = x
    poses[index * 3 + 1] = y
    poses[index * 3 + 2] = body.rotation()
    if (y < 800) continue
    body.setTranslation({ x: 360 + ((index * 37) % 280), y: -60 }, true)
    body.setLinvel({ x: 0, y: 200 }, true)
  }
}
