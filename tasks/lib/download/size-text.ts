const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** A size for a person, decimal as disks are sold: `12 bytes`, `1.97 GB`. */
export function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  for (; value >= 1000 && unit < UNITS.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${UNITS[unit]}`;
}
