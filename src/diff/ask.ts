/** Compares two runs that the store remembers, with their tables. */
import { existsSync, readFileSync } from 'node:fs';
import { fileSystemFailure, type RunFailure } from '../base/failure.ts';
import { err, ok, type Result } from '../base/result.ts';
import { findRun } from '../history/find-run.ts';
import { historyOf } from '../history/history.ts';
import type { Request } from '../load/request.ts';
import { type StorePaths, storePaths } from '../store/layout.ts';
import { readableColumns } from '../task/cell-text.ts';
import { decodeTable } from '../task/table-file.ts';
import type { Table } from './match-rows.ts';
import { diffRuns, flipsOf, type OutputDiff, type OutputPair, type RunDiff, type Side } from './runs.ts';
import { type TableDiff, tableDiff } from './tables.ts';

/** @param names two runs, or a single run to compare with the last; the last two runs if left out */
export async function diff(request: Request, names: readonly string[] = []): Promise<Result<RunDiff, RunFailure>> {
  try {
    if (!existsSync(request.pipeline)) return err({ reason: 'pipeline-missing', path: request.pipeline });
    const store = storePaths(request.store);
    const history = historyOf(store);
    const before = findRun(store, history, request.pipeline, names[0] ?? 'previous');
    if (!before.ok) return before;
    const after = findRun(store, history, request.pipeline, names[1] ?? 'last');
    if (!after.ok) return after;
    const runs = { history, before: before.value, after: after.value };
    const { outputs: pairs, ...withoutTables } = diffRuns(runs);
    const outputs: OutputDiff[] = [];
    for (const pair of pairs) {
      const { before: _, after: __, ...output } = pair;
      outputs.push({ ...output, table: await tableOf(store, pair) });
    }
    return ok({ ...withoutTables, flips: flipsOf(runs, outputs), outputs });
  } catch (error) {
    const failure = fileSystemFailure(error);
    if (failure) return err(failure);
    throw error;
  }
}

async function tableOf(store: StorePaths, { before, after }: OutputPair): Promise<TableDiff | null> {
  if (before?.declared.kind !== 'table' || after?.declared.kind !== 'table') return null;
  const [from, to] = [await readSide(store, before), await readSide(store, after)];
  return from && to ? tableDiff(from, to, after.declared.headline ?? null) : null;
}

/** Undefined if the blob is gone or damaged: then the diff only says that the table changed. */
async function readSide(store: StorePaths, { digest, declared }: Side): Promise<Table | undefined> {
  const path = store.blob(digest);
  if (declared.kind !== 'table' || !existsSync(path)) return undefined;
  const columns = await decodeTable(readFileSync(path), declared.table);
  return columns.ok ? { schema: declared.table, columns: readableColumns(declared.table, columns.value) } : undefined;
}
