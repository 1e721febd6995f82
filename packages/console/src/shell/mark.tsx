/** Granary's mark: an ear of grain. */
export function Mark({ size }: { size: number }) {
  return <img src="/granary.svg" width={size} height={size} alt="" />
}
