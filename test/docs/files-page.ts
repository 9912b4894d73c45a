/** Makes docs/files.md, a list of all files of the default pipeline in `out/`, from its tasks' declarations. */
import type { OutputPort } from '../../src/task/ports.ts';
import type { TableSchema } from '../../src/task/table-schema.ts';

export interface StepOutputs {
  readonly step: string;
  readonly each: boolean;
  /** The comment at the top of the task. */
  readonly purpose: string;
  readonly outputs: { readonly [port: string]: OutputPort };
}

/** Describes the content of files, folders and figures; tables describe themselves. */
const CONTENT: { readonly [stepAndPort: string]: string } = {
  'replica.archive':
    'An archive of the published format: `STEM.raw`, `STEM.juxta.raw`, `STEM.triggers.npy`, `STEM.txt`.',
  'unzip.mea':
    "The array's recording as in the archive: a header of `padding` bytes, then uint16, little-endian, channels interleaved.",
  'unzip.juxta': "The pipette's trace: float32, little-endian, a single channel, no header.",
  'unzip.triggers': "The authors' own spikes: samples, as a NumPy array. Absent if the archive has no such file.",
  'detect.indexes':
    '`sample_index` of `peaks` as the notebook writes it (`juxta_peak_indexes.raw`): int64, little-endian.',
  'detect.juxta_detection': 'The first ten seconds of the trace, its spikes and the detection level.',
  'histogram.juxta_peak_amplitude': 'Spikes by amplitude, with the baseline, its noise and the threshold.',
  'histogram.juxta_amplitude_over_time':
    'Amplitude of every spike over time, beside the histogram: this figure shows the reasons for the verdict.',
  'waveforms.gt_waveforms_flatten': 'The median waveforms of all electrodes, side by side.',
  'waveforms.gt_waveforms': 'The median waveforms at the positions of the electrodes.',
  'view.section': "The recording's section of the report.",
  'view.sparkline': "A small figure of the recording's amplitudes over time.",
  'summary.accepted': 'Names of the accepted recordings, a name per line.',
  'export.ground_truth':
    '`ground_truth.json` (verdicts, arguments of `read_binary`, the Python code that loads everything) and, for each recording, ' +
    '`juxta_peak_indexes.raw`, `sorting.npz` and `accepted_periods.npy`.',
  'report.report': 'A page about all recordings, with their figures, to be opened in a browser.',
};

export const filesPage = (steps: readonly StepOutputs[]): string =>
  `# The files in out/

\`out/\` holds the results of the last runs: \`out/<step>/<recording>/<port>.<extension>\`, or \`out/<step>/<port>.<extension>\`
for a step that takes all recordings together. It can be deleted; the next run restores it from the store. Tables are Arrow IPC
files (\`.arrow\`; [how to read them](read-tables.md)) with these units and sentences in the metadata of their fields. Each figure
is an \`.svg\` and a \`.png\`. Files of 16 MB and more are read-only links to the store.

\`out/\` belongs to a single run at a time; another run waits, and names the run that it waits for. Each action's files belong to the
pipeline that showed them. Another pipeline with a step of the same name is refused as long as the first pipeline exists: give it its
own \`--out\`. \`out/RUN.json\` names the run whose results these are, says whether it was complete, and lists the actions whose files
are from earlier runs. After a run, files that no step makes any more are reported; \`groundproof prune\` removes them. Your own files
in \`out/\` stay. If such a file stands in the way of a result, the run says so.

Before a result is shown or used again, its files are hashed again: small files (at most 1 MB and 1,000 files in an output) each
time, larger files if that was not done for a week, or for a day if the store is on a network file system. Damaged files are made
again, with everything that was made from them. A run that has nothing to do hashes nothing.

The tasks' declarations make this page; \`npx vitest run test/docs-files.test.ts --update\` writes it again.
${steps.map(stepText).join('')}`;

const stepText = ({ step, each, purpose, outputs }: StepOutputs): string =>
  `
## ${step}

${purpose}

${Object.entries(outputs)
  .map(([port, output]) => portText(`out/${step}/${each ? '<recording>/' : ''}${port}`, `${step}.${port}`, output))
  .join('\n')}`;

function portText(path: string, name: string, port: OutputPort): string {
  if (port.kind === 'table') {
    const files = [`\`${path}.arrow\``, ...(port.csv ? ['`.csv`'] : [])].join(' and ');
    return `**${files}**: ${port.table.description}\n\n${columnsText(port.table)}`;
  }
  const content = CONTENT[name];
  if (content === undefined) throw new Error(`describe the content of ${name} in test/docs/files-page.ts`);
  const files = { file: `\`${path}${port.kind === 'file' ? (port.extension ?? '') : ''}\``, folder: `\`${path}/\`` };
  return `**${port.kind === 'figure' ? `\`${path}.svg\` and \`.png\`` : files[port.kind]}**: ${content}\n`;
}

const columnsText = ({ columns }: TableSchema): string =>
  `| column | type | unit | |
|---|---|---|---|
${Object.entries(columns)
  .map(
    ([name, { type, unit = '', nullable, description }]) =>
      `| \`${name}\` | ${type}${nullable ? ' or null' : ''} | ${unit} | ${cell(description)} |\n`,
  )
  .join('')}`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
