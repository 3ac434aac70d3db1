// Prints `N passed, N failed, N skipped` from the results of the last test run.
import { readFileSync } from "node:fs";

const results = new URL("../.vitest/results.json", import.meta.url);
try {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(results, "utf8"));
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests + numTodoTests} skipped`);
} catch {
  console.log("0 passed, 0 failed, 0 skipped");
}
