// WS1: requests of other origins read and write nothing. Vite checks the host and a token that its own client carries;
// this check stands beside it and does not trust who can read that client.

import type { IncomingMessage } from 'node:http'
import type { Connect } from 'vite'

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

const hostOf = (origin: string): string | undefined => {
  try {
    return new URL(origin).host.toLowerCase()
  } catch {
    return undefined
  }
}

/** `hosts` as in Vite's `server.allowedHosts`: `.example.com` stands for that and all below it. */
const isNamed = (host: string, hosts: readonly string[]): boolean => {
  const name = host.replace(/:\d+$/, '')
  return hosts.some((allowed) =>
    allowed.startsWith('.') ? name === allowed.slice(1) || name.endsWith(allowed) : name === allowed,
  )
}

/**
 * True for the page this server gave out: its origin is the host it was asked by (or one the user named, for servers
 * behind a proxy). Without an Origin it is no browser: then it must be on this machine.
 */
export const isOwnOrigin = (
  request: Pick<IncomingMessage, 'headers' | 'socket'>,
  allowedHosts: readonly string[],
): boolean => {
  const { origin, host } = request.headers
  if (origin === undefined) return loopback.has(request.socket.remoteAddress ?? '')
  const from = hostOf(origin)
  return from !== undefined && (from === host?.toLowerCase() || isNamed(from, allowedHosts))
}

/** Refuses plain requests that a page of another origin makes. */
export const refuseOtherOrigins =
  (allowedHosts: readonly string[]): Connect.NextHandleFunction =>
  (request, response, next) => {
    if (request.headers.origin === undefined || isOwnOrigin(request, allowedHosts)) {
      next()
      return
    }
    response.statusCode = 403
    response.setHeader('Content-Type', 'text/plain')
    response.end(`Refused: ${request.headers.origin} is another origin.`)
  }
