// Who network sockets say they are comes from the environment alone.

import { expect, test } from 'vitest'
import { socketCredentials } from './socket-credentials.ts'

test('[MB5] token or user come from the environment, and nothing where it says nothing', () => {
  expect(socketCredentials({})).toEqual({})
  expect(socketCredentials({ COPPICE_NATS_TOKEN: 't', PATH: '/bin' })).toEqual({ token: 't' })
  expect(socketCredentials({ COPPICE_NATS_USER: 'u', COPPICE_NATS_PASSWORD: 'p' })).toEqual({
    user: 'u',
    password: 'p',
  })
})
