/** The path and query that were asked for, as a page's form may lead to them: `//host/path` would lead to another host. */
export function ownPathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname.replace(/^\/+/, "/")}${search}`;
}
