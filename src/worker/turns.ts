// How a thread gives way to what waits for it: a message to itself, behind those that are there.

/** What it gives calls back once, when all messages that were there have been taken. */
export const createTurns = (): ((callback: () => void) => void) => {
  let port: MessagePort | undefined
  let waiting: readonly (() => void)[] = []
  const open = (): MessagePort => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      const callbacks = waiting
      waiting = []
      for (const callback of callbacks) callback()
    })
    port1.start()
    return port2
  }
  return (callback) => {
    port ??= open()
    waiting = [...waiting, callback]
    if (waiting.length === 1) port.postMessage(undefined)
  }
}
