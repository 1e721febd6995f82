/** The part of the WebAssembly API that is used here; Node's own types leave it out. */
declare namespace WebAssembly {
  interface Exports {
    readonly [name: string]: unknown
  }
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>)
  }
  class Instance {
    constructor(module: Module)
    readonly exports: Exports
  }
  class Memory {
    private constructor()
    readonly buffer: ArrayBufferLike
  }
}
