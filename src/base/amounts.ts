/** Parses amounts that people write with a unit (undefined if the text is no such amount), and prints sizes. */

const PREFIXES = ['', 'K', 'M', 'G', 'T'];

/** Returns bytes: `50GB`, `500 MB`, `1.5TiB`, `1000`. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([KMGT]?)|([KMGT])i)B?$/i.exec(text.trim());
  if (!match) return undefined;
  const [, digits, decimal = '', binary] = match;
  const power = PREFIXES.indexOf((binary ?? decimal).toUpperCase());
  return Math.floor(Number(digits) * (binary === undefined ? 1000 : 1024) ** power);
}

const SECONDS: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Returns seconds: `90s`, `30m`, `1.5h`, `1d`. */
export function parseSeconds(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([smhd])$/.exec(text.trim()) ?? [];
  const seconds = SECONDS[unit];
  return seconds === undefined ? undefined : Number(digits) * seconds;
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** Prints a size in decimal units, as disks are sold: `812 bytes`, `1.2 GB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // From 999.5 on, rounding would print "1000": use the next unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}
