/** The API of the GitHub that everybody has. */
export const GITHUB_API_URL = "https://api.github.com";
