/**
 * A systemd unit, as far as its command and its environment go.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html
 */
export interface ServiceUnit {
  /** Words of `ExecStart=`. */
  readonly command: readonly string[];
  /** `NAME=value` of `Environment=`. */
  readonly environment: readonly string[];
  readonly environmentFiles: readonly string[];
  /** Paths by the credential's name. */
  readonly credentials: ReadonlyMap<string, string>;
}

/** @param specifiers what stands behind `%`, such as `{ d: "/run/credentials/x" }` */
export function parseServiceUnit(text: string, specifiers: Readonly<Record<string, string>>): ServiceUnit {
  const values = new Map<string, string[]>();
  let section = "";
  for (const line of joinContinued(text)) {
    section = /^\[(\w+)\]$/.exec(line)?.[1] ?? section;
    const [, name = "", value = ""] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (section === "Service" && name !== "")
      values.set(name, [...(values.get(name) ?? []), expand(value, specifiers)]);
  }
  const of = (name: string) => values.get(name) ?? [];
  return {
    command: of("ExecStart").join(" ").split(/\s+/),
    environment: of("Environment"),
    environmentFiles: of("EnvironmentFile"),
    credentials: new Map(
      of("LoadCredential").map((value) => {
        const [name = "", path = ""] = value.split(":");
        return [name, path];
      }),
    ),
  };
}

/** `EnvironmentFile=` wins over `Environment=`, in whatever order they stand. */
export function environmentOf(unit: ServiceUnit, readFile: (path: string) => string): Record<string, string> {
  const lines = [...unit.environment, ...unit.environmentFiles.flatMap((path) => readFile(path).split("\n"))];
  const pairs = lines.flatMap((line) => {
    const [, name = "", value = ""] = /^(\w+)=(.*)$/.exec(line.trim()) ?? [];
    return name === "" ? [] : [[name, value]];
  });
  return Object.fromEntries(pairs);
}

function joinContinued(text: string): string[] {
  const lines = text.split("\n").filter((line) => !/^\s*[#;]/.test(line));
  return lines
    .join("\n")
    .replace(/\\\n\s*/g, " ")
    .split("\n");
}

function expand(value: string, specifiers: Readonly<Record<string, string>>): string {
  return value.replace(/%(.)/g, (_whole, letter: string) => {
    const known = specifiers[letter];
    if (known === undefined) throw new Error(`What %${letter} stands for is not known here.`);
    return known;
  });
}
