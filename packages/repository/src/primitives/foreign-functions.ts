/**
 * Node's way to call C functions, where this Node has it. It is marked experimental, and says so on stderr at its
 * first use; what stands on it here works without it too, so people are spared the warning.
 */
function loadQuietly(): typeof import('node:ffi') | undefined {
  const emitWarning = process.emitWarning
  process.emitWarning = () => {}
  try {
    return process.getBuiltinModule('node:ffi')
  } finally {
    process.emitWarning = emitWarning
  }
}

export const foreignFunctions = loadQuietly()
