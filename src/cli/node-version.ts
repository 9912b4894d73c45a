/** Says that a version of Node is too old, or undefined if it will do: `engines` of package.json as a sentence. */
export function oldNodeText(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 2) || (major === 20 && minor >= 15)) return undefined;
  return `groundproof needs Node 20.15 or later (22.2 or later from 22 on), and this is Node ${version}: see https://nodejs.org`;
}
