// Whether what came over a port is what engines hand each other: revisions and texts, programs to take over, to try out and to compute again.
// No deeper than a mistake of ours would go.

import type { CodeText, ProgramRevision } from '../protocol/code.ts'
import type { TakeOver } from '../protocol/journal.ts'
import type { RehearsalRequest } from '../protocol/rehearsal.ts'
import type { ReplayRequest } from '../protocol/replay.ts'
import type { VerificationRequest } from '../protocol/verification.ts'
import { isRecord } from './definition.ts'

/** A revision with manifest, modules and texts. */
export function isRevision(value: unknown): value is ProgramRevision {
  if (!isRecord(value)) return false
  const { manifest, modules, texts, ms } = value
  return (
    isFinite(value['revision']) &&
    isRecord(manifest) &&
    Array.isArray(manifest['modules']) &&
    Array.isArray(modules) &&
    isTexts(texts) &&
    isRecord(ms)
  )
}

/** What is to be tried out. */
export function isRehearsal(value: unknown): value is RehearsalRequest {
  return (
    isRecord(value) &&
    isRecord(value['manifest']) &&
    Array.isArray(value['modules']) &&
    Array.isArray(value['entries']) &&
    isRecord(value['base']) &&
    isRecord(value['present']) &&
    isTexts(value['texts'])
  )
}

/** Frames to be compared. */
export function isVerification(value: unknown): value is VerificationRequest {
  return (
    isRecord(value) &&
    isRecord(value['manifest']) &&
    Array.isArray(value['entries']) &&
    isRecord(value['from']) &&
    isRecord(value['to']) &&
    isTexts(value['texts'])
  )
}

/** Memory of captures. */
export function isBuffer(value: unknown): value is SharedArrayBuffer | ArrayBuffer {
  return (
    value instanceof ArrayBuffer || (typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer)
  )
}

/** A program to go on with. */
export function isTakeOver(value: unknown): value is TakeOver {
  return (
    isRecord(value) &&
    isRevision(value['revision']) &&
    isTexts(value['texts']) &&
    Array.isArray(value['entries']) &&
    isRecord(value['captures'])
  )
}

/** A run to be computed again. */
export function isReplay(value: unknown): value is ReplayRequest {
  return isRecord(value) && isFinite(value['timeline']) && Array.isArray(value['entries']) && isTexts(value['texts'])
}

/** Texts of code. */
export function isTexts(value: unknown): value is readonly CodeText[] {
  return (
    Array.isArray(value) &&
    value.every(
      (text) =>
        isRecord(text) &&
        isText(text['hash']) &&
        isText(text['file']) &&
        isText(text['text']) &&
        isRecord(text['imports']),
    )
  )
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isFinite(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
