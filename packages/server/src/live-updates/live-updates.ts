export { serveEventStream } from './event-stream.ts'
