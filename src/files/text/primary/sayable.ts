/** Whether a cell can hold the text: UTF-8 has no half characters, and Python's reader stops at a NUL. */
export function isSayable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}
