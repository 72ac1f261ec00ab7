// What the engine says of itself and its modules: the answers `status` and `modules`, and the events of those names.

import type { ManifestModule } from '../protocol/manifest.ts'
import type { ModuleInfo, Status } from '../protocol/program.ts'
import type { EngineCore } from './engine-core.ts'
import type { ModuleInstance } from './module-instance.ts'

/** The engine's present status. */
export function statusOf(core: EngineCore): Status {
  const { loop, program } = core
  const sockets = program.manifest?.sockets ?? []
  const { offReason } = core.reproducibility
  const { copies } = core.history
  return {
    type: 'debug',
    running: loop.isRunning,
    paused: loop.isPaused,
    timeline: program.timeline,
    frame: program.frame,
    targetFps: program.targetFps,
    fps: loop.isRunning ? core.frameRate.perSecond(core.host.clock.now()) : 0,
    averageFps: loop.averageFps,
    runtimeSeconds: loop.runtimeSeconds,
    speed: loop.speed,
    modulesLoaded: program.modules.length,
    hasCoordinator: sockets.some(({ coordinator }) => coordinator.length > 0),
    clientSockets: sockets.filter(({ receive, send }) => receive.length > 0 || send.length > 0).length,
    isolated: core.host.isIsolated,
    ...(copies === undefined ? {} : { copiedEvery: copies.pauseSeconds }),
    reproducible: core.reproducibility.isReproducible,
    ...(offReason === undefined ? {} : { verifyingOff: offReason }),
    canUndoReset: core.kept !== undefined,
    ...(core.kept === undefined ? {} : { resetFrom: core.kept.moment }),
    isManifestHeld: core.reloads.isManifestHeld,
    pausesOnFailure: core.trials.pauseOnFailure,
  }
}

/** In manifest order: what runs, and what should but can't yet (version 0). */
export function moduleInfos(core: EngineCore): readonly ModuleInfo[] {
  const { program } = core
  const desired = core.reloads.desired?.manifest.modules ?? []
  const infos = program.modules.map((module) => infoOf(core, module))
  for (const manifest of desired) {
    if (program.module(manifest.name) === undefined && !core.reloads.isUnloaded(manifest.name))
      infos.push(absentInfo(core, manifest))
  }
  return infos
}

function infoOf(core: EngineCore, module: ModuleInstance): ModuleInfo {
  const { definition, manifest } = module
  const error =
    core.problems.get(`run:${module.name}`) ??
    core.problems.get(`load:${module.name}`) ??
    core.problems.get(`config:${module.name}`) ??
    core.problems.get(`render:${module.name}`)
  const tasks = core.tasks.counts(module.name)
  const hostNote = core.hosted.noteOf(module)
  const trial = module.isParked ? undefined : core.trials.leftOf(module.name)
  const capturedEvery = core.history.capture.periodOf(module.name)
  return {
    name: module.name,
    path: manifest.path,
    strategy: manifest.strategy,
    hz: core.program.targetFps / module.period,
    version: module.version,
    stateVersion: definition.stateVersion,
    status: module.isParked ? 'failed' : trial === undefined ? 'running' : 'trial',
    health: core.health.of(module, core.program, core.loop.isPaused),
    averageMs: core.metrics.averageMs(module.index),
    lastMs: core.metrics.lastMs(module.index),
    dependencies: definition.dependencies,
    draws: definition.render !== undefined,
    missedFrames: module.missedFrames,
    configRevision: module.configRevision,
    ...(capturedEvery > 1 ? { capturedEvery } : {}),
    ...(hostNote === undefined ? {} : { hostNote }),
    ...(trial === undefined ? {} : { trial }),
    ...(tasks === undefined ? {} : { tasks }),
    ...(error === undefined ? {} : { error }),
  }
}

function absentInfo(core: EngineCore, manifest: ManifestModule): ModuleInfo {
  const problem = core.problems.get(`load:${manifest.name}`) ?? core.problems.get(`config:${manifest.name}`)
  return {
    name: manifest.name,
    path: manifest.path,
    strategy: manifest.strategy,
    hz: manifest.hz ?? core.program.targetFps,
    version: 0,
    stateVersion: 1,
    status: core.reloads.isBusy ? 'loading' : 'failed',
    health: { status: 'ok' },
    averageMs: 0,
    lastMs: 0,
    dependencies: [],
    draws: false,
    missedFrames: 0,
    configRevision: 0,
    ...(problem === undefined ? {} : { error: problem }),
  }
}
