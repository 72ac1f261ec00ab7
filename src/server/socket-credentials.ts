// How the environment of this process lets network sockets in: never the manifest.

import type { SocketCredentials } from '../protocol/sockets.ts'

/** From COPPICE_NATS_TOKEN, or COPPICE_NATS_USER and COPPICE_NATS_PASSWORD. */
export const socketCredentials = (environment: NodeJS.ProcessEnv): SocketCredentials => {
  const { COPPICE_NATS_TOKEN: token, COPPICE_NATS_USER: user, COPPICE_NATS_PASSWORD: password } = environment
  return {
    ...(token === undefined ? {} : { token }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  }
}
