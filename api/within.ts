/** True when it was done in time. For what is only a hint: the sweep repeats what it missed. */
export async function within(ms: number, attempt: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const done = attempt().then(
    () => true,
    () => false,
  )
  const inTime = await Promise.race([done, late])
  clearTimeout(timer)
  return inTime
}
