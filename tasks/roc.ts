/** Gathers the judged synthetic recordings: how well the verdict, and each of its witnesses, finds lost spikes. */
import { DataError, defineTask, figure, gathered, table } from 'groundwork/task';
import { levelsTable, rocParams, rocTable, witnessesTable } from '../schemas/tasks/roc.ts';
import { judgedTable } from '../schemas/tasks/synthetic.ts';
import { rocCurves } from './lib/figure/roc-curves.ts';
import { medianOf } from './lib/signal/median-of.ts';
import { verdictLevels } from './lib/synthetic/levels.ts';
import { COMPLETE, LOST, rate, type Testimony, witnesses } from './lib/synthetic/witnesses.ts';

export default defineTask({
  inputs: { judged: gathered(table(judgedTable)) },
  params: rocParams,
  outputs: {
    levels: table(levelsTable, { csv: true }),
    witnesses: table(witnessesTable, { csv: true, headline: 'area' }),
    roc: table(rocTable, { csv: true }),
    roc_curves: figure(),
  },
  async run({ inputs, outputs }) {
    const scenarios = await Promise.all(
      inputs.judged.map(async ({ recording, value }) => ({ recording, columns: await value.columns() })),
    );
    const testimonies = scenarios.flatMap(({ recording, columns }) =>
      Array.from(columns.verdict, (verdict, row) => ({
        recording,
        level: columns.level[row] as number,
        varies: columns.varies[row] as string,
        missed: columns.missed_share[row] as number,
        verdict,
        edgeFraction: columns.edge_fraction[row] ?? null,
        missedFraction: columns.missed_fraction[row] ?? null,
        inWindows: columns.missed_fraction_in_windows[row] ?? null,
        amplitudeCutoff: columns.amplitude_cutoff[row] ?? null,
        uncutGaussian: columns.uncut_gaussian[row] ?? null,
      })),
    );
    const lost = testimonies.filter(({ missed }) => missed >= LOST).length;
    const complete = testimonies.filter(({ missed }) => missed <= COMPLETE).length;
    if (lost === 0 || complete === 0) {
      throw new DataError(
        `expected recordings that lost 10 % of their spikes or more and recordings that lost 1 % at most, found ${lost} and ` +
          `${complete}; gather more scenarios`,
      );
    }

    const levels = scenarios.flatMap(({ recording }) =>
      verdictLevels(testimonies.filter((testimony) => testimony.recording === recording)),
    );
    const medians = (value: (testimony: Testimony) => number | null) =>
      levels.map(({ judged }) => medianOf(Float64Array.from(judged.flatMap((testimony) => value(testimony) ?? []))));
    await outputs.levels.write({
      scenario: levels.map(({ judged }) => judged[0]?.recording ?? ''),
      level: levels.map(({ level }) => level),
      varies: levels.map(({ judged }) => judged[0]?.varies ?? ''),
      recordings: levels.map(({ judged }) => judged.length),
      missed_share: levels.map(({ missed }) => missed),
      accept: levels.map(({ accept }) => accept),
      borderline: levels.map(({ borderline }) => borderline),
      reject: levels.map(({ reject }) => reject),
      missed_fraction: medians(({ missedFraction }) => missedFraction),
      missed_fraction_in_windows: medians(({ inWindows }) => inWindows),
      edge_fraction: medians(({ edgeFraction }) => edgeFraction),
      amplitude_cutoff: medians(({ amplitudeCutoff }) => amplitudeCutoff),
      uncut_gaussian: medians(({ uncutGaussian }) => uncutGaussian),
    });

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
