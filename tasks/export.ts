/** Exports the vetted truth for spike sorters: for part 2 of the study, and for SpikeInterface. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DataError, defineTask, file, folder, gathered, table } from 'groundproof/task';
import { exportParams } from '../schemas/tasks/export.ts';
import { type Info, infoTable } from '../schemas/tasks/unzip.ts';
import { acceptedPeriodsTable, verdictTable } from '../schemas/tasks/verdict.ts';
import { loadInPython } from './lib/export/load-in-python.ts';
import { npyUnitPeriods, npzSorting, readBinaryArguments } from './lib/export/spikeinterface.ts';
import { positionsOf, readElectrodePositions } from './lib/recording/electrode-positions.ts';
import { meaLayout } from './lib/recording/mea.ts';
import { type Decision, readPublished } from './lib/verdict/published.ts';

export default defineTask({
  inputs: {
    indexes: gathered(file()),
    info: gathered(table(infoTable)),
    verdicts: gathered(table(verdictTable)),
    accepted_periods: gathered(table(acceptedPeriodsTable)),
    published: file({ optional: true }),
    electrodes: file({ optional: true }),
  },
  params: exportParams,
  outputs: { ground_truth: folder() },
  async run({ inputs, outputs, log }) {
    const indexFiles = byRecording(inputs.indexes);
    const infos = byRecording(inputs.info);
    const periods = byRecording(inputs.accepted_periods);
    const decisions = inputs.published === undefined ? new Map<string, Decision>() : readPublished(inputs.published);
    const positions = inputs.electrodes === undefined ? null : readElectrodePositions(inputs.electrodes);

    const recordings = [];
    for (const { recording, value } of inputs.verdicts) {
      const { verdict, reason } = await value.row();
      const info = await valueFor(recording, infos, 'info').row();
      const { start_sample, end_sample } = await valueFor(recording, periods, 'accepted_periods').columns();
      const indexFile = valueFor(recording, indexFiles, 'indexes');
      const indexes = readIndexes(indexFile, recording);
      const { fileChannels } = meaLayout(info);

      const folder = join(outputs.ground_truth.path, recording);
      mkdirSync(folder);
      copyFileSync(indexFile, join(folder, 'juxta_peak_indexes.raw'));
      writeFileSync(join(folder, 'sorting.npz'), npzSorting(indexes, info.sampling_rate));
      writeFileSync(join(folder, 'accepted_periods.npy'), npyUnitPeriods(start_sample, end_sample));
      recordings.push({
        recording,
        verdict,
        reason,
        published: decisions.get(recording) ?? null,
        spikes: indexes.length / 8,
        mea: describeMea(recording, info),
        read_binary: readBinaryArguments(info),
        electrodes: Array.from(fileChannels),
        positions: positions && positionsOf(fileChannels, positions, basename(inputs.electrodes ?? '')),
      });
    }
    const document = { description: DESCRIPTION, files: FILES, python: loadInPython, recordings };
    writeFileSync(join(outputs.ground_truth.path, 'ground_truth.json'), toJson(document));
    log(`${recordings.length} recordings, ${recordings.filter(({ verdict }) => verdict === 'accept').length} accepted`);
  },
});

const DESCRIPTION =
  'Ground truth for spike sorters: the juxtacellular spikes of every recording, and what is needed to read its ' +
  'array recording. Electrodes are columns of the MEA file, counted from 0; positions are theirs, in um, where known.';

const FILES = {
  'juxta_peak_indexes.raw': 'Samples of the spikes, int64 little-endian, as part 2 of the study reads them.',
  'sorting.npz': "The same as a sorting of one unit, 0, for SpikeInterface's read_npz_sorting.",
  'accepted_periods.npy':
    "Where the truth holds, for SpikeInterface's select_periods (0.104 or later): records of segment_index, " +
    'start_sample_index, end_sample_index (exclusive), unit_index, int64. None where it does not.',
};

/** Names the array's recording twice: the file that `unzip` wrote, which is not copied, and the member of the archive. */
const describeMea = (recording: string, { stem, padding, samples, channels }: Info) => ({
  file: `../../unzip/${recording}/mea.raw`,
  name_in_archive: `${stem}.raw`,
  bytes: Number(padding) + Number(samples) * channels * 2,
  samples: Number(samples),
});

/** Reads the bytes of a list of int64. */
function readIndexes(path: string, recording: string): Uint8Array {
  const bytes = readFileSync(path);
  if (bytes.length % 8 === 0) return bytes;
  throw new DataError(
    `the spike indexes of ${recording} (${basename(path)}) have ${bytes.length} bytes, not a whole number of int64 of ` +
      '8 bytes: they must be the output indexes of detect',
  );
}

const byRecording = <V>(
  entries: readonly { readonly recording: string; readonly value: V }[],
): ReadonlyMap<string, V> => new Map(entries.map(({ recording, value }) => [recording, value]));

function valueFor<V>(recording: string, values: ReadonlyMap<string, V>, port: string): V {
  const value = values.get(recording);
  if (value !== undefined) return value;
  throw new DataError(
    `${recording} has a verdict but nothing in the input ${port}: connect it to the step that the verdict comes from`,
  );
}

/** Writes indented JSON, with each list of numbers on a single line. */
const toJson = (document: unknown): string =>
  `${JSON.stringify(document, null, 2).replace(/\[\n[-+.\deE,\s[\]]*\]/g, (list) =>
    list.replace(/\s+/g, '').replaceAll(',', ', '),
  )}\n`;
