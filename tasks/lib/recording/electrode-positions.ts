/** Reads the positions of an array's electrodes from a CSV with the columns file_channel, x and y (um). */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { DataError } from 'groundproof/task';

export type Position = readonly [x: number, y: number];

const HEADER = 'file_channel,x,y';
const ROW = /^(\d+),(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/;

/**
 * Returns positions in um by the electrode's column in the MEA file.
 *
 * @throws DataError, with the line, for a line of another form and for a repeated channel.
 */
export function readElectrodePositions(path: string): ReadonlyMap<number, Position> {
  const file = basename(path);
  const lines = readFileSync(path, 'utf8').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines[0] !== HEADER) throw new DataError(`${file}, line 1: expected '${HEADER}', found '${lines[0] ?? ''}'`);
  const positions = new Map<number, Position>();
  for (const [row, text] of lines.slice(1).entries()) {
    const line = `${file}, line ${row + 2}`;
    const [, channel, x, y] = ROW.exec(text) ?? [];
    if (channel === undefined) {
      throw new DataError(
        `${line}: expected a file channel and its place in um, such as '69,360,300', found '${text}'`,
      );
    }
    if (positions.has(Number(channel))) throw new DataError(`${line}: file channel ${channel} comes a second time`);
    positions.set(Number(channel), [Number(x), Number(y)]);
  }
  return positions;
}

/**
 * Returns the positions of the given channels, in their order.
 *
 * @param file names the list in errors.
 * @throws DataError if a channel has no position.
 */
export function positionsOf(
  fileChannels: Int32Array,
  positions: ReadonlyMap<number, Position>,
  file: string,
): readonly Position[] {
  return Array.from(fileChannels, (channel) => {
    const position = positions.get(channel);
    if (position !== undefined) return position;
    const missing = fileChannels.filter((each) => !positions.has(each));
    throw new DataError(
      `${file} has no position for ${missing.length} of ${fileChannels.length} electrodes, the first is file channel ` +
        `${channel}: add them, or list the columns that are no electrodes in dropped_channels of unzip`,
    );
  });
}
