/** Files from this size on are split into parts that threads store side by side. */
export const largeFileBytes = 8 * 1024 * 1024
