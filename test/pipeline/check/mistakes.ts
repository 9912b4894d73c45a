/** The tasks of a small pipeline for tests, and the mistakes of a pipeline of these tasks as text. */

import { figure, file, folder, gathered, table } from 'groundproof/task';
import colors from 'picocolors';
import { err, ok, type Result } from '../../../src/base/result.ts';
import { checkPipeline, type Interfaces } from '../../../src/pipeline/check/check.ts';
import { parsePipeline } from '../../../src/pipeline/check/parse.ts';
import type { Pipeline } from '../../../src/pipeline/pipeline.ts';
import type { Overrides } from '../../../src/pipeline/text/override.ts';
import { diagnosticsText } from '../../../src/report/diagnostic.ts';
import type { TaskInterface } from '../../../src/task/define.ts';

const info = {
  description: 'How the recording lies on disk',
  columns: { rate: { type: 'float64', unit: 'Hz', description: 'Samples a second' } },
} as const;

const peaks = {
  description: 'Detected spikes',
  columns: {
    sample_index: { type: 'int64', description: 'Where' },
    time: { type: 'float64', unit: 's', description: 'When' },
    amplitude: { type: 'float32', description: 'How high', nullable: true },
  },
} as const;

const wantedPeaks = {
  description: 'What histogram reads',
  columns: {
    sample_index: { type: 'int32', description: 'Where' },
    time: { type: 'float64', unit: 'ms', description: 'When' },
    amplitude: { type: 'float32', description: 'How high' },
    width: { type: 'float64', description: 'How wide' },
  },
} as const;

const noParams = { type: 'object', properties: {}, additionalProperties: false } as const;

const interfaces: Interfaces = new Map<string, Result<TaskInterface, string>>([
  [
    './unzip.ts',
    ok({
      inputs: { archive: file() },
      params: noParams,
      outputs: {
        mea: file('.raw'),
        juxta: file('.raw'),
        triggers: file('.npy', { optional: true }),
        info: table(info),
        all: folder(),
      },
    }),
  ],
  [
    './detect.ts',
    ok({
      inputs: { juxta: file(), info: table(info), triggers: file({ optional: true }) },
      params: {
        type: 'object',
        properties: {
          mad_multiplier: { type: 'number', exclusiveMinimum: 0, default: 8 },
          half_width: { type: 'integer', minimum: 1, default: 10 },
          peak_sign: { enum: ['-', '+', 'negative'], default: '-' },
          label: { type: 'string', default: '' },
          count: { oneOf: [{ type: 'integer', minimum: 1 }, { const: 'all' }], default: 150 },
          window: {
            type: 'object',
            properties: { before: { type: 'integer' }, after: { type: 'integer' } },
            default: { before: 45, after: 60 },
          },
        },
      },
      outputs: { peaks: table(peaks), picture: figure() },
    }),
  ],
  [
    './histogram.ts',
    ok({ inputs: { peaks: table(wantedPeaks), folder: folder({ optional: true }) }, params: noParams, outputs: {} }),
  ],
  ['./page.ts', ok({ inputs: { picture: file() }, params: noParams, outputs: { page: file('.html') } })],
  [
    './verdict.ts',
    ok({
      inputs: { peaks: table(peaks), triggers: file() },
      params: { type: 'object', properties: { recording: { type: 'string' } }, required: ['recording'] },
      outputs: { verdict: table(info) },
    }),
  ],
  [
    './summary.ts',
    ok({ inputs: { verdicts: gathered(table(info)) }, params: noParams, outputs: { table: table(info) } }),
  ],
  ['./wrong.ts', ok({ inputs: {}, params: { type: 'object', minimun: 3 }, outputs: {} })],
  ['./lost.ts', err('there is no file lost.ts')],
  ['tasks/detect.ts', err("there is no package 'tasks'")],
]);

/** The part of a pipeline before its steps. */
export const each = 'each: { recording: [r1, r2] }\n';

/** A step whose outputs other steps take. */
export const unzip = `  unzip:
    uses: ./unzip.ts
    each: recording
    inputs: { archive: { file: "data/{recording}.tar.gz" } }
`;

export const detect = `  detect:
    uses: ./detect.ts
    each: recording
    inputs: { juxta: unzip.juxta, info: unzip.info }
`;

/** A pipeline of `unzip`, `detect` and the given text. */
export const steps = (text: string): string => `${each}steps:\n${unzip}${detect}${text}`;

export function check(text: string, overrides: Overrides = {}) {
  return checkPipeline(parsePipeline({ name: 'pipeline.yaml', text }, overrides), interfaces);
}

export function valid(text: string, overrides: Overrides = {}): Pipeline {
  const checked = check(text, overrides);
  if (!checked.ok) throw new Error(diagnosticsText(checked.error, colors.createColors(false)));
  return checked.value;
}

/** The diagnostics as text, or `none`. */
export function mistakes(text: string, overrides: Overrides = {}): string {
  const checked = check(text, overrides);
  return checked.ok ? 'none' : diagnosticsText(checked.error, colors.createColors(false));
}
