/** A line of `--reporter json`: an event of `run`, `plan` or `verify`. */
const text = { type: 'string' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const action = { type: 'string', description: 'step@recording, or only the step if it runs once.' } as const;
const actions = { type: 'array', items: action } as const;
const milliseconds = { type: 'number', minimum: 0 } as const;
const logLine = {
  type: 'object',
  properties: { level: { enum: ['info', 'notice', 'warning'] }, message: text },
  required: ['level', 'message'],
} as const;

/** An object in which all properties are required and no others allowed. */
const all = <P extends { readonly [name: string]: object }>(description: string, properties: P) => ({
  type: 'object',
  description,
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

/** An object of `all` with a property that may be missing. */
const withOptional = <O extends ReturnType<typeof all>>(
  object: O,
  properties: { readonly [name: string]: object },
) => ({
  ...object,
  properties: { ...object.properties, ...properties },
});

const cause = {
  description: 'Why an action was, or would be, executed.',
  oneOf: [
    all('No earlier run of it is known.', { cause: { const: 'first-run' } }),
    all('Asked for with --force.', { cause: { const: 'forced' } }),
    all('A stored output is gone or damaged.', { cause: { const: 'result-lost' }, port: { type: ['string', 'null'] } }),
    all('A parameter changed; null stands for absent.', {
      cause: { const: 'param-changed' },
      param: text,
      from: {},
      to: {},
      position: { type: ['string', 'null'], description: 'file:line, or --set.' },
    }),
    all("The task's code changed.", { cause: { const: 'code-changed' }, files: { type: 'array', items: text } }),
    all('Versions of npm packages changed.', {
      cause: { const: 'packages-changed' },
      packages: { type: 'array', items: text },
    }),
    all('The text of a shell step changed.', { cause: { const: 'command-changed' } }),
    all('A variable of a shell step changed.', { cause: { const: 'env-changed' }, name: text }),
    all('The content of an input changed; null stands for absent.', {
      cause: { const: 'input-changed' },
      port: text,
      recording: { type: ['string', 'null'] },
      source: { type: 'string', description: 'The action or file from which it comes.' },
      from: { type: ['string', 'null'] },
      to: { type: ['string', 'null'] },
    }),
    all('The same content comes under another extension, which the action sees.', {
      cause: { const: 'extension-changed' },
      port: text,
      recording: { type: ['string', 'null'] },
      from: text,
      to: text,
    }),
    all('The recordings that an input gathers come in another order.', {
      cause: { const: 'order-changed' },
      port: text,
    }),
    all('The declaration of an output changed.', { cause: { const: 'outputs-changed' }, port: text }),
    all('Results are kept in another format.', { cause: { const: 'format-changed' }, from: count, to: count }),
  ],
};
const why = { type: 'array', items: cause } as const;

const failure = {
  type: ['object'],
  description: 'Why an action has no result; further members depend on the reason.',
  properties: {
    reason: {
      enum: [
        'data',
        'threw',
        'output-missing',
        'output-invalid',
        'input-missing',
        'input-changed',
        'input-damaged',
        'input-unsettled',
        'input-kind',
        'shell',
        'timed-out',
        'worker-died',
        'job-lost',
        'access-denied',
        'file-system',
      ],
    },
  },
  required: ['reason'],
} as const;

const headline = {
  type: ['object', 'null'],
  description: "The last step's headline table, as text.",
  properties: {
    step: text,
    port: text,
    column: text,
    columns: { type: 'array', items: text },
    rows: { type: 'array', items: { type: 'array', items: text } },
  },
  required: ['step', 'port', 'column', 'columns', 'rows'],
} as const;

const digest = { type: ['string', 'null'], description: 'SHA-256; null if there is no such content.' } as const;
const difference = all('Where an output is not what it was.', {
  port: { type: ['string', 'null'], description: 'Null for an action that the lock does not have.' },
  sibling: {
    type: ['string', 'null'],
    description: 'Extension of a file beside the output (.csv, .png); null for the output itself.',
  },
  against: { enum: ['lock', 'store'] },
  expected: digest,
  found: digest,
  stored: { type: 'boolean', description: 'The store has the found content, so the lock is out of date.' },
  first: {
    description: 'Offset of the first difference, from 0; null if the expected content is not in the store.',
    oneOf: [
      { type: 'null' },
      all('A value of a table.', { kind: { const: 'value' }, row: count, column: text, expected: text, found: text }),
      all('Its number of rows.', { kind: { const: 'rows' }, expected: count, found: count }),
      all('A byte; path is empty unless it is a folder.', { kind: { const: 'byte' }, path: text, offset: count }),
      all('Equal bytes, of which only one may be executed; found: that which was made now.', {
        kind: { const: 'executable' },
        path: text,
        found: { type: 'boolean' },
      }),
      all('A file, or an empty folder (its path ends in /), that only one folder has.', {
        kind: { enum: ['only-expected', 'only-found'] },
        path: text,
      }),
    ],
  },
});
const verified = { type: { const: 'action-verified' }, action, executed: { type: 'boolean' }, milliseconds } as const;

const finished = { type: { const: 'action-finished' }, action, milliseconds } as const;
const warnings = { type: 'array', items: text } as const;

export const eventsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'One event of groundproof run, plan or verify, a line each with --reporter json',
  oneOf: [
    withOptional(
      all('The run begins.', {
        type: { const: 'run-started' },
        run: text,
        pipeline: text,
        steps: {
          type: 'array',
          items: all('A step of this run.', {
            step: text,
            actions: count,
            seconds: { type: ['number', 'null'], description: 'Duration of an action the last time.' },
          }),
        },
        jobs: { ...count, description: 'Number of actions at once.' },
        on: { enum: ['local', 'slurm'], description: 'Place of execution.' },
      }),
      {
        notSelected: { ...actions, description: 'The actions that --skip leaves out; missing if it leaves out none.' },
      },
    ),
    all('Jobs were handed to a cluster (submitted), or found there, handed over by an earlier run (joined).', {
      type: { enum: ['jobs-submitted', 'jobs-joined'] },
      submission: text,
      jobs: { type: 'array', items: all('A job, and how many tasks of it wait or run.', { job: text, tasks: count }) },
    }),
    all('Something about the cluster that a person should know.', {
      type: { const: 'cluster-warning' },
      message: text,
    }),
    all('A file of the project was changed while the run went on: run again to take the change in.', {
      type: { const: 'file-changed' },
      path: { type: 'string', description: "Relative to the pipeline's folder." },
      actions: {
        ...actions,
        description: 'Actions that used its content from before; empty if it is the pipeline or the code of a task.',
      },
    }),
    all('An action begins to be executed.', { type: { const: 'action-started' }, action, why }),
    all('How much of it is done.', {
      type: { const: 'action-progress' },
      action,
      fraction: { type: 'number', minimum: 0, maximum: 1 },
    }),
    all('It says something.', { type: { const: 'action-log' }, action, ...logLine.properties }),
    all('It was executed.', { ...finished, outcome: { const: 'executed' }, why, warnings }),
    all('An earlier result of it was taken.', { ...finished, outcome: { const: 'reused' }, warnings }),
    all('It failed.', {
      ...finished,
      outcome: { const: 'failed' },
      why,
      failure,
      log: { type: 'array', items: logLine },
    }),
    all('It needs what failed.', { ...finished, outcome: { const: 'blocked' }, by: actions }),
    all('It was not started, or stopped.', { ...finished, outcome: { const: 'cancelled' } }),
    all('What run would do with an action.', {
      type: { const: 'action-planned' },
      action,
      decision: { enum: ['execute', 'reuse', 'unknown', 'not-selected'] },
      why,
      waitsFor: actions,
      failure: { ...failure, type: ['object', 'null'] },
    }),
    all('Another run uses out/, and this one waits for it.', {
      type: { const: 'out-busy' },
      out: text,
      pid: count,
      host: { type: ['string', 'null'], description: 'Null for this machine.' },
      stopped: { type: 'boolean', description: 'The process is suspended; somebody must continue or end it.' },
      run: { type: ['string', 'null'], description: 'Null if the other run has not told yet.' },
      pipeline: { type: ['string', 'null'], description: 'Relative to out/.' },
      since: { type: ['string', 'null'] },
    }),
    all('What out/ shows beside the results of this run.', {
      type: { const: 'out-also-shows' },
      out: text,
      earlier: {
        type: 'array',
        items: all('Actions that an earlier run showed.', { run: text, actions }),
      },
      leftovers: { ...actions, description: 'Actions that no step of the pipeline makes any more.' },
    }),
    all('The store had grown over its size, and results that no recent run used were dropped.', {
      type: { const: 'store-freed' },
      results: count,
      blobs: count,
      bytes: count,
      maxSize: count,
    }),
    all('The remote cache was of no use, as a whole or for one action; the run goes on without it.', {
      type: { const: 'remote-trouble' },
      url: { type: 'string', description: 'Its address, which holds no credentials.' },
      message: text,
    }),
    all('All actions have ended, and the run waits for results that are being sent to the remote cache.', {
      type: { const: 'remote-upload' },
      results: count,
      bytes: { ...count, description: 'Upper bound: content that is there already is not sent.' },
      seconds: { ...count, description: 'Content that is not sent after this time is left to the next run.' },
    }),
    all('The run ends; always the last event, unless run-failed follows.', {
      type: { const: 'run-finished' },
      run: text,
      executed: count,
      reused: count,
      failed: count,
      blocked: count,
      cancelled: count,
      milliseconds,
      interrupted: { type: 'boolean' },
      out: text,
      report: {
        type: ['string', 'null'],
        description: 'Path of the page that shows the results; null without a page.',
      },
      headline,
      remote: {
        description: 'Traffic from and to the remote cache; null without a remote cache.',
        oneOf: [
          { type: 'null' },
          all('Results, and bytes with those that were for nothing left out.', {
            taken: count,
            stored: count,
            bytesDown: count,
            bytesUp: count,
          }),
        ],
      },
    }),
    all('Nothing could be run, or, after run-finished, what was made could not be shown in out/.', {
      type: { const: 'run-failed' },
      failure: {
        type: 'object',
        description: 'The reason; further members depend on it.',
        properties: { reason: text },
        required: ['reason'],
      },
    }),
    all('Where a submission to a cluster stands; what status says.', {
      type: { const: 'submission-status' },
      submission: text,
      began: text,
      steps: {
        type: 'array',
        items: all('Its actions of a step.', {
          step: text,
          done: count,
          running: count,
          waiting: count,
          failed: count,
          blocked: count,
        }),
      },
      jobs: {
        type: 'array',
        items: all('A job that waits or runs.', {
          job: text,
          running: count,
          waiting: count,
          nodes: { type: 'array', items: text },
          since: { type: ['string', 'null'] },
          reasons: { type: 'array', items: text },
        }),
      },
      failures: { type: 'array', items: all('What failed or was lost.', { action, failure }) },
    }),
    all('verify begins.', {
      type: { const: 'verify-started' },
      pipeline: text,
      actions: count,
      sampled: { ...count, description: 'The number that is executed.' },
      seed: { type: ['string', 'null'], description: 'The seed that chose them; null if all are executed.' },
      lock: { type: ['string', 'null'], description: 'The lock to compare with; null means only the store.' },
      jobs: count,
      network: { enum: ['denied', 'not-watched'] },
      shell: { ...count, description: 'Shell steps among them, of which reads and writes are not watched.' },
    }),
    all('Executed again, it gave the same.', { ...verified, outcome: { const: 'same' } }),
    all('It needs the network and was not executed: the store was hashed again and is what it and the lock say.', {
      ...verified,
      outcome: { const: 'skipped' },
      reason: { const: 'network' },
    }),
    all('It gave something else, or the lock says something else than the store.', {
      ...verified,
      outcome: { const: 'differs' },
      differences: { type: 'array', items: difference },
    }),
    all('Executed again, it failed.', {
      ...verified,
      outcome: { const: 'failed' },
      failure,
      log: { type: 'array', items: logLine },
    }),
    all('verify ends; always its last event.', {
      type: { const: 'verify-finished' },
      same: count,
      differs: count,
      failed: count,
      skipped: count,
      gone: { ...actions, description: 'In the lock, but not in the pipeline.' },
      milliseconds,
      interrupted: { type: 'boolean' },
    }),
  ],
};
