import type { IncomingMessage } from 'node:http'
import { sweepReceived } from './sweep-received.ts'

/** How long a sender may be silent before the upload is given up, and the room it held with it. */
const silenceMs = 5 * 60_000

/** The other side went away, or stopped sending. Nobody is left to answer. */
export class SenderGoneError extends Error {
  override readonly name = 'SenderGoneError'
}

/**
 * Hands the body on, chunk by chunk, waiting where the taker asks to.
 * @param take gets each chunk; a promise it returns is awaited before the next one, and before the end
 * @throws {SenderGoneError} when the body ends early; whatever `take` throws
 */
export function receiveBody(
  request: IncomingMessage,
  take: (chunk: Uint8Array) => Promise<void> | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onError)
      request.socket.off('timeout', onTimeout)
      request.socket.setTimeout(0)
      finish()
    }
    const fail = (error: unknown) => {
      request.pause()
      settle(() => reject(error))
    }
    let taking: Promise<void> | undefined
    const onData = (chunk: Buffer) => {
      sweepReceived(chunk.length)
      try {
        taking = take(chunk)
        if (taking === undefined) return
        request.pause()
        taking.then(() => request.resume(), fail)
      } catch (error) {
        fail(error)
      }
    }
    // A pause does not hold back the end once the last chunk has been handed on, so it may come while that is taken.
    const onEnd = () => {
      // From now on the request closes because it is complete.
      request.off('close', onClose)
      if (taking === undefined) settle(resolve)
      else taking.then(() => settle(resolve), fail)
    }
    const onClose = () => settle(() => reject(new SenderGoneError('The sender went away')))
    const onError = (error: Error) =>
      settle(() => reject(new SenderGoneError('The body broke off', { cause: error })))
    const onTimeout = () => {
      settle(() => reject(new SenderGoneError('The sender fell silent')))
      request.destroy()
    }
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onError)
    request.socket.setTimeout(silenceMs)
    request.socket.on('timeout', onTimeout)
  })
}
