// What the page posts to a worker that is to be an engine, before the port carries commands.

/** Comes with the port for commands. `pulse`: memory to show in what the engine is at, where it can be shared. */
export interface WorkerStart {
  readonly kind: 'connect'
  readonly pulse?: SharedArrayBuffer
}
