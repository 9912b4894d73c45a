/** Measures how well the verdict and each of its witnesses find lost spikes, on the held-back half of the synthetic recordings. */
import { DataError, defineTask, figure, gathered, table } from 'groundproof/task';
import { rocParams, rocTable, witnessesTable } from '../schemas/tasks/roc.ts';
import { judgedTable } from '../schemas/tasks/synthetic.ts';
import { rocCurves } from './lib/figure/roc-curves.ts';
import { COMPLETE, LOST, rate, witnesses } from './lib/synthetic/witnesses.ts';

export default defineTask({
  inputs: { judged: gathered(table(judgedTable)) },
  params: rocParams,
  outputs: {
    witnesses: table(witnessesTable, { csv: true, headline: 'area' }),
    roc: table(rocTable, { csv: true }),
    roc_curves: figure(),
  },
  async run({ inputs, outputs }) {
    const scenarios = await Promise.all(inputs.judged.map(async ({ value }) => ({ columns: await value.columns() })));
    const judged = scenarios.flatMap(({ columns }) =>
      Array.from(columns.verdict, (verdict, row) => ({
        half: columns.half[row] as string,
        missed: columns.missed_share[row] as number,
        verdict,
        edgeFraction: columns.edge_fraction[row] ?? null,
        missedFraction: columns.missed_fraction[row] ?? null,
        inWindows: columns.missed_fraction_in_windows[row] ?? null,
        amplitudeCutoff: columns.amplitude_cutoff[row] ?? null,
        uncutGaussian: columns.uncut_gaussian[row] ?? null,
      })),
    );
    const testimonies = judged.filter(({ half }) => half === 'held back');
    const lost = testimonies.filter(({ missed }) => missed >= LOST).length;
    const complete = testimonies.filter(({ missed }) => missed <= COMPLETE).length;
    if (lost === 0 || complete === 0) {
      throw new DataError(
        `expected recordings of the half held back that lost 10 % of their spikes or more and recordings that lost 1 % at most, found ${lost} and ` +
          `${complete}; gather more scenarios`,
      );
    }

    const rated = witnesses.map((witness) => rate(witness, testimonies));
    await outputs.witnesses.write({
      witness: rated.map(({ name }) => name),
      area: rated.map(({ area }) => area),
      limit: rated.map(({ limit }) => limit),
      true_positive: rated.map(({ truePositive }) => truePositive),
      false_positive: rated.map(({ falsePositive }) => falsePositive),
      between: rated.map(({ between }) => between),
      positives: rated.map(({ positives }) => positives),
      negatives: rated.map(({ negatives }) => negatives),
    });
    const points = rated.flatMap(({ name, curve }) => curve.map((point) => ({ name, ...point })));
    await outputs.roc.write({
      witness: points.map(({ name }) => name),
      limit: points.map(({ limit }) => limit),
      false_positive: points.map(({ falsePositive }) => falsePositive),
      true_positive: points.map(({ truePositive }) => truePositive),
    });
    await outputs.roc_curves.write(rocCurves(rated));
  },
});
