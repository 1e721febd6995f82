import { assembleScryptMix, type ScryptMixExports } from './scrypt-mix-wasm.ts'

const pageBytes = 65_536
/** Calls are short, so that V8 goes over to its optimized code after some of them. */
const stepsPerCall = 512

/** Mixes lanes of scrypt, one after the other, in memory that it uses again: 128 × N × r bytes. */
export class ScryptMix {
  readonly #N: number
  readonly #r: number
  readonly #exports: ScryptMixExports

  /** @param N a power of two, 4 at least */
  constructor(N: number, r: number) {
    this.#N = N
    this.#r = r
    const pages = Math.ceil((128 * r * (N + 2)) / pageBytes)
    const module = new WebAssembly.Module(assembleScryptMix(pages))
    this.#exports = new WebAssembly.Instance(module).exports as ScryptMixExports
  }

  /** Mixes a block of 128 × r bytes in its own memory. */
  mix(block: Uint8Array): void {
    const [N, r] = [this.#N, this.#r]
    const { memory, fill, mix } = this.#exports
    const blockBytes = 128 * r
    const bytes = new Uint8Array(memory.buffer)
    bytes.set(block)
    for (let filled = 0; filled < N; filled += stepsPerCall) {
      fill(Math.min(stepsPerCall, N - filled), r, filled * blockBytes)
    }
    const at = N * blockBytes
    for (let mixed = 0; mixed < N; mixed += stepsPerCall) {
      mix(Math.min(stepsPerCall, N - mixed), r, N - 1, at, at + blockBytes, 0)
    }
    block.set(bytes.subarray(at, at + blockBytes))
  }
}
