import pino, { type Logger } from 'pino'

/** The server's log: one JSON object a line on standard error, warnings and worse by default. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

/** @param level `debug`, `info`, `warn` or `error` */
export function openLog(level: string, bindings: Record<string, unknown> = {}): Logger {
  return pino({ level, base: bindings }, pino.destination({ dest: 2, sync: true }))
}
