/**
 * Structured logging: one JSON event per line, with fixed event names, for Workers Logs and `grep` alike.
 *
 * Pure code never logs. Values given as fields must not be secrets; the configuration is never logged.
 */

export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  /** Shown only with `VERBOSE_LOGGING`. */
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A logger whose every event carries `fields` too, such as the run's id. */
  with(fields: LogFields): Logger;
}

export interface LoggerOptions {
  readonly verbose: boolean;
  /** Receives one line without a newline. */
  readonly write: (level: LogLevel, line: string) => void;
}

/** Example line: `{"level":"info","event":"sync.planned","run":"mhx0…","repository":"o/n","changes":3}` */
export function createLogger(options: LoggerOptions, base: LogFields = {}): Logger {
  const emit = (level: LogLevel, event: string, fields: LogFields = {}) => {
    if (level === "debug" && !options.verbose) return;
    options.write(level, JSON.stringify({ level, event, ...base, ...fields }));
  };
  return {
    debug: (event, fields) => emit("debug", event, fields),
    info: (event, fields) => emit("info", event, fields),
    warn: (event, fields) => emit("warn", event, fields),
    error: (event, fields) => emit("error", event, fields),
    with: (fields) => createLogger(options, { ...base, ...fields }),
  };
}

/** Writes to the console method of the level, which is what Workers Logs reads severities from. */
export function writeToConsole(level: LogLevel, line: string): void {
  console[level](line);
}

/** The loggable part of any thrown value: name, message, stack and the chain of causes; no enumerable extras. */
export function describeFault(error: unknown): LogFields {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeFault(error.cause) }),
  };
}
