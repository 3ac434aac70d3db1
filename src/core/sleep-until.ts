/** Sleeps for so long, or until the signal; at once where it came before. */
export async function sleepUntil(
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  let wake = () => {};
  const awake = new Promise<void>((resolve) => {
    wake = resolve;
    signal.addEventListener("abort", wake, { once: true });
  });
  await Promise.race([sleep(ms, signal), awake]);
  signal.removeEventListener("abort", wake);
}
