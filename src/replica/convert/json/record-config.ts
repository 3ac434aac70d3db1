import { printObject, printOptional, printRecord, printText } from "../compact-json.ts";
import { listChoices, quoteShort } from "../describe-value.ts";
import type { RecordFields } from "./record-fields.ts";

/** A file of a model: an entry of v1's `config.files` with the URL of the `config.download` entry of the same name. */
interface ModelFile {
  readonly name: string;
  /** Empty when nothing says where to get it. */
  readonly url: string;
  readonly sha256sum: string | null;
  readonly purpose: string | null;
  readonly contentHash: string | null;
}

export interface RecordConfig {
  readonly files: readonly ModelFile[];
  /** JSON text of the hashes of components inside the checkpoint, by kind of component. */
  readonly embeddedHashes: string | null;
}

/**
 * Reads `config` of a v1 record.
 *
 * yaml files do not count. Of several files with one path the last counts, at the place of the first. A download that
 * names none of the files is a problem.
 */
export function readConfig(record: RecordFields): RecordConfig {
  const config = record.object("config");
  if (config === null) return { files: [], embeddedHashes: null };
  const files = new Map<string, ModelFile>();
  for (const entry of config.objects("files")) {
    const file = readFile(entry);
    if (file !== null) files.set(file.name, file);
  }
  for (const entry of config.objects("download")) addUrl(files, entry);
  for (const { name, url } of files.values()) {
    if (url === "") record.note(`config.download has no file_url for ${quoteShort(name)}`);
  }
  return { files: [...files.values()], embeddedHashes: readHashes(config.object("embedded_component_hashes")) };
}

/**
 * `config` of a v2 record.
 *
 * @param isSparse leave out what equals its default, as image_generation does: no files, and a checksum not known
 * @returns `null` when nothing is left of it
 */
export function printConfig({ files, embeddedHashes }: RecordConfig, isSparse: boolean): string | null {
  const downloads =
    files.length === 0 && isSparse ? null : `[${files.map((file) => printFile(file, isSparse)).join(",")}]`;
  if (downloads === null && embeddedHashes === null) return null;
  return printRecord({
    download: downloads,
    embedded_component_hashes: embeddedHashes,
  });
}

/** What v2 says of a checksum that is not known. */
export const NO_CHECKSUM = "FIXME";
const CHECKSUM = /^[0-9a-fA-F]{64}$/;
const MOST_NAMES = 5;

function readFile(entry: RecordFields): ModelFile | null {
  const name = entry.required("path");
  const sha256sum = entry.string("sha256sum") || null;
  const purpose = entry.string("file_type");
  const contentHash = entry.string("content_hash");
  entry.string("md5sum");
  if (name === "") entry.note("has no path");
  if (name === "" || name.toLowerCase().includes("yaml")) return null;
  if (sha256sum === null && !name.includes(".json")) entry.note("has no sha256sum");
  if (sha256sum !== null && !CHECKSUM.test(sha256sum)) entry.note("has a sha256sum that is not 64 hexadecimal digits");
  return { name, url: "", sha256sum, purpose, contentHash };
}

function addUrl(files: Map<string, ModelFile>, entry: RecordFields): void {
  const name = entry.string("file_name") ?? "";
  const url = entry.string("file_url") ?? "";
  entry.string("file_path");
  const file = files.get(name);
  if (file !== undefined) files.set(name, { ...file, url });
  else entry.reject(`names no file of config.files: ${quoteShort(name)} is not ${listNames(files)}`);
}

function listNames(files: ReadonlyMap<string, ModelFile>): string {
  if (files.size === 0) return "there, which has no file but yaml files";
  const shown: string[] = [];
  for (const name of files.keys()) {
    if (shown.length === MOST_NAMES) return `${listChoices(shown)} and ${files.size - MOST_NAMES} more`;
    shown.push(name);
  }
  return listChoices(shown);
}

function readHashes(hashes: RecordFields | null): string | null {
  if (hashes === null) return null;
  return printObject(Array.from(hashes.values.keys(), (kind) => [kind, printText(hashes.required(kind))]));
}

function printFile(file: ModelFile, isSparse: boolean): string {
  return printRecord({
    file_name: printText(file.name),
    file_url: printText(file.url),
    sha256sum: printOptional(file.sha256sum ?? (isSparse ? null : NO_CHECKSUM)),
    content_hash: printOptional(file.contentHash),
    file_purpose: printOptional(file.purpose),
    known_slow_download: String(file.name.toLowerCase().includes("civitai")),
  });
}
