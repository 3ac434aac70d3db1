import { indexMembers, type Member } from "../../../files/json/members.ts";
import { parseNode } from "../../../files/json/tree.ts";
import { describeNonObject } from "../describe-value.ts";
import { findRepeated, joinReasons, REPEATED } from "../issues.ts";
import type { ReferenceDocument, ReferenceIssue } from "../reference-document.ts";
import type { JsonCategoryName } from "../sources.ts";
import { convertGenericRecord } from "./generic-record.ts";
import { convertImageRecord } from "./image-record.ts";
import { createRecordFields, type Findings } from "./record-fields.ts";

/** The v2 records of a JSON category. Of members with one name the last counts, at the place of the first. */
export function convertRecords(category: JsonCategoryName, members: readonly Member[]): ReferenceDocument {
  const repeated = findRepeated(members.map(({ name }) => name));
  const records = new Map<string, string>();
  const issues: ReferenceIssue[] = [];
  for (const [name, { value }] of indexMembers(members)) {
    const findings: Findings = { problems: [], notes: repeated.has(name) ? [REPEATED] : [] };
    const record = convertRecord(category, { name, value }, findings);
    if (findings.problems.length === 0) records.set(name, record);
    const reasons = findings.problems.length > 0 ? findings.problems : findings.notes;
    if (reasons.length > 0) issues.push(joinReasons(name, reasons, findings.problems.length > 0));
  }
  return { records, issues };
}

/** The record's v2 text, which means nothing when `findings` gets problems. */
function convertRecord(
  category: JsonCategoryName,
  { name, value }: Pick<Member, "name" | "value">,
  findings: Findings,
): string {
  const node = parseNode(value);
  if (node.kind !== "object") {
    findings.problems.push(describeNonObject(node));
    return "";
  }
  const fields = createRecordFields(node, findings);
  return category === "image_generation"
    ? convertImageRecord(fields, name)
    : convertGenericRecord(category, fields, name);
}
