/**
 * The product's name and version, as its manifest states them.
 */
import manifest from "../../package.json" with { type: "json" };

export const VERSION = manifest.version;
export const USER_AGENT = `${manifest.name}/${manifest.version}`;
