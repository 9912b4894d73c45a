/** Makes the page about all recordings: first verdicts and reasons, then the evidence, to be checked by eye. */
import { readFileSync } from 'node:fs';
import { defineTask, file, gathered, table } from 'groundproof/task';
import { reportParams } from '../schemas/tasks/report.ts';
import { verdictsTable } from '../schemas/tasks/summary.ts';
import { infoTable } from '../schemas/tasks/unzip.ts';
import { criteriaTable } from '../schemas/tasks/verdict.ts';
import { pageOf } from './lib/report/document.ts';
import { rowsOf } from './lib/report/rows.ts';

export default defineTask({
  inputs: {
    verdicts: table(verdictsTable),
    info: gathered(table(infoTable)),
    criteria: gathered(table(criteriaTable)),
    sections: gathered(file()),
    sparklines: gathered(file()),
  },
  params: reportParams,
  outputs: { report: file('.html') },
  async run({ inputs, params, outputs }) {
    const criteria = new Map(
      await Promise.all(
        inputs.criteria.map(async ({ recording, value }) => [recording, rowsOf(await value.columns())] as const),
      ),
    );
    const modelled = new Map(
      await Promise.all(
        inputs.info.map(async ({ recording, value }) => [recording, (await value.row()).modelled] as const),
      ),
    );
    const texts = (files: typeof inputs.sections) =>
      new Map(files.map(({ recording, value }) => [recording, readFileSync(value, 'utf8')]));
    const [sections, sparklines] = [texts(inputs.sections), texts(inputs.sparklines)];
    const recordings = rowsOf(await inputs.verdicts.columns()).map((row) => ({
      ...row,
      modelled: modelled.get(row.recording) ?? null,
      criteria: criteria.get(row.recording) ?? [],
      sparkline: sparklines.get(row.recording) ?? '',
      section: sections.get(row.recording) ?? '',
    }));
    outputs.report.write(Buffer.from(pageOf(params.title, recordings)));
  },
});
