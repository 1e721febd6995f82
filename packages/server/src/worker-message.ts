/** What a worker tells the primary. */
export interface WorkerMessage {
  readonly kind: 'listening'
  readonly host: string
  readonly port: number
}

/** The exit code of a worker that could not listen. */
export const addressRefused = 2
