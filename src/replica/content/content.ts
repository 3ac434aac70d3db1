/**
 * From the bytes of a category's source files to its bodies, each made once. Pure; throws where they cannot be read.
 */
import type { CategoryName } from "../../categories.ts";
import { SyncError } from "../../core/errors.ts";
import type { Converter } from "../convert/converter.ts";
import { printDocument, type ReferenceIssue } from "../convert/reference-document.ts";
import { createBody, revisionOf } from "./body.ts";
import type { Body, Form } from "./reference.ts";
import type { SourceShas } from "./sources.ts";

export interface ReplicaContent {
  readonly revision: string;
  readonly records: number;
  readonly isEmpty: boolean;
  /** What is there already, made here or taken over. */
  known(form: Form): Body | null;
  /** Takes over what was made of the same files elsewhere. */
  take(form: Form, body: Body): void;
  /** @throws SyncError `legacy-malformed` */
  make(form: Form): Body;
  /** What is to tell of the records in this form; makes it where it was taken over. */
  issues(form: "v1" | "v2"): readonly ReferenceIssue[];
}

export interface Source {
  readonly category: CategoryName;
  readonly shas: SourceShas;
  /** By path; `null` for a file that is missing. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer> | null>;
}

/**
 * Content that nobody has read yet.
 *
 * @throws SyncError `legacy-malformed`
 */
export function createContent(source: Source, converter: Converter): ReplicaContent {
  const v1 = makeLegacy(source, converter);
  return assemble({ source, converter, records: v1.records, made: new Map([["v1", v1]]) });
}

/** Content that was read before, and had so many records. Reads nothing until a form is asked for. */
export function restoreContent(source: Source, records: number, converter: Converter): ReplicaContent {
  return assemble({ source, converter, records, made: new Map() });
}

interface Made {
  readonly body: Body;
  readonly issues: readonly ReferenceIssue[];
}

interface Parts {
  readonly source: Source;
  readonly converter: Converter;
  readonly records: number;
  readonly made: Map<Form, Made>;
}

function assemble({ source, converter, records, made }: Parts): ReplicaContent {
  const taken = new Map<Form, Body>();
  const known = (form: Form) => made.get(form)?.body ?? taken.get(form) ?? null;

  function convert(form: Form): Made {
    switch (form) {
      case "v1":
        return makeLegacy(source, converter);
      case "v2":
        return makeReference(source, converter);
      case "v1-grouped": {
        const { payload, leftOut } = known("v1") ?? make("v1").body;
        return { body: bodyOf(converter.groupModels(new TextDecoder().decode(payload.bytes)), leftOut), issues: [] };
      }
    }
  }

  function make(form: Form): Made {
    const found = made.get(form) ?? convert(form);
    made.set(form, found);
    return found;
  }

  return {
    revision: revisionOf(source.shas),
    records,
    isEmpty: records === 0,
    known,
    take: (form, body) => void taken.set(form, body),
    make: (form) => make(form).body,
    issues: (form) => make(form).issues,
  };
}

function makeLegacy({ category, files }: Source, converter: Converter): Made & { readonly records: number } {
  const texts = decodeFiles(files);
  const { text, records, issues } = converter.readLegacy(category, texts);
  // A JSON category is mostly served as its file is; then its bytes need not be there twice.
  const own = [...files].find(([path]) => texts.get(path) === text)?.[1];
  const leftOut = countLeftOut(issues);
  return { body: own == null ? bodyOf(text, leftOut) : createBody(own, leftOut), records, issues };
}

function makeReference({ category, files }: Source, converter: Converter): Made {
  const document = converter.convertReference(category, decodeFiles(files));
  return { body: bodyOf(printDocument(document), countLeftOut(document.issues)), issues: document.issues };
}

function bodyOf(text: string, leftOut: number): Body {
  return createBody(new TextEncoder().encode(text), leftOut);
}

function countLeftOut(issues: readonly ReferenceIssue[]): number {
  return issues.filter(({ isLeftOut }) => isLeftOut).length;
}

function decodeFiles(files: Source["files"]): Map<string, string | null> {
  return new Map(Array.from(files, ([path, bytes]) => [path, bytes === null ? null : decode(path, bytes)]));
}

/** A byte order mark stays: the text must be that of the file, so that its bytes can be served. */
function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SyncError("legacy-malformed", `${path} is not valid UTF-8.`, { cause });
  }
}
