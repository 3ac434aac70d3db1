import { FAULT_TYPES } from "./trouble-actions.ts";

export const USAGE = `Usage: sandbox <command>

  state                                  what is where
  names <category>                       PRIMARY's models
  show <category> <name>                 one record
  add <category> <name> [json]           add or replace a record on PRIMARY (made-up fields without json)
  edit <category> <name> <field=value>…  change fields (values are JSON, or else text)
  remove <category> <name>               remove a record from PRIMARY
  prs                                    pull requests
  diff <repository> <number>             what a pull request changes
  merge <repository> <number>            merge it, and delete its branch
  close <repository> <number>            close it
  person <deed> <repository> [number] [value]
                                         what people do: see \`deeds\`; without a number to the newest one
  deeds                                  what they do, and what the value is
  conditions                             how GitHub can be unkind, and which of it is so
  begin, end <condition> [repository]    make it so, or not any more; everywhere without a repository
  kind                                   end all conditions
  advance <minutes>                      let time pass for PRIMARY and GitHub
  fault <primary|github> <type> [key=value]…
                                         type: ${FAULT_TYPES.join(", ")}
                                         keys: method, path, status, ms, retryAfter, body, times (or forever), skip
  clear                                  forget all faults
  log                                    the requests so far
  tick [cron]                            run the Worker's cron, "* * * * *" or "0 */6 * * *"
`;
