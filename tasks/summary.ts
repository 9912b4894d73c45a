/** Gathers the results of all recordings: their ground truth, the verdicts, and the list of accepted recordings. */
import { defineTask, file, gathered, table } from 'groundproof/task';
import { gtInfoTable } from '../schemas/tasks/snr.ts';
import { gtInfoSummaryTable, summaryParams, verdictsTable } from '../schemas/tasks/summary.ts';
import { verdictTable } from '../schemas/tasks/verdict.ts';
import { agreementCounts, agreesWith } from './lib/verdict/agreement.ts';
import { type Decision, readPublished } from './lib/verdict/published.ts';

export default defineTask({
  inputs: {
    gt_info: gathered(table(gtInfoTable)),
    verdicts: gathered(table(verdictTable)),
    published: file({ optional: true }),
  },
  params: summaryParams,
  outputs: {
    gt_info: table(gtInfoSummaryTable, { csv: true }),
    verdicts: table(verdictsTable, { csv: true, headline: 'verdict' }),
    accepted: file('.txt'),
  },
  async run({ inputs, outputs, log }) {
    const infos = await rows(inputs.gt_info);
    await outputs.gt_info.write({
      recording: infos.map(({ recording }) => recording),
      nb_spike: infos.map(({ row }) => row.nb_spike),
      max_on_channel: infos.map(({ row }) => row.max_on_channel),
      peak_value: infos.map(({ row }) => row.peak_value),
      peak_snr: infos.map(({ row }) => row.peak_snr),
      noise_mad: infos.map(({ row }) => row.noise_mad),
      file_channel: infos.map(({ row }) => row.file_channel),
    });

    const decisions = inputs.published === undefined ? new Map<string, Decision>() : readPublished(inputs.published);
    const judged = (await rows(inputs.verdicts)).map(({ recording, row: { verdict, reason } }) => {
      const published = decisions.get(recording) ?? null;
      return { recording, verdict, published, agrees: agreesWith(published, verdict), reason };
    });
    await outputs.verdicts.write({
      recording: judged.map(({ recording }) => recording),
      verdict: judged.map(({ verdict }) => verdict),
      published: judged.map(({ published }) => published),
      agrees: judged.map(({ agrees }) => agrees),
      reason: judged.map(({ reason }) => reason),
    });

    const accepted = judged.filter(({ verdict }) => verdict === 'accept').map(({ recording }) => `${recording}\n`);
    outputs.accepted.write(Buffer.from(accepted.join('')));

    const { known, agree, differ, borderline } = agreementCounts(judged);
    log(
      `${accepted.length} of ${judged.length} accepted; of ${known} published decisions ${agree} agree, ${differ} differ, ` +
        `${borderline} of borderline recordings`,
    );
  },
});

/** Reads the single row of each gathered table, in the pipeline's order. */
function rows<R>(
  tables: readonly { readonly recording: string; readonly value: { row(): Promise<R> } }[],
): Promise<{ recording: string; row: R }[]> {
  return Promise.all(tables.map(async ({ recording, value }) => ({ recording, row: await value.row() })));
}
