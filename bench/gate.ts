/** Lets so many in at once; the others wait in line. */
export interface Gate {
  enter(): Promise<void>;
  /** For each `enter` that resolved. */
  leave(): void;
}

export function createGate(width: number): Gate {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return {
    async enter() {
      if (inside < width) inside += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave() {
      const next = waiting.shift();
      if (next === undefined) inside -= 1;
      else next();
    },
  };
}
