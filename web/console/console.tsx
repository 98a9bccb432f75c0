/**
 * The bundled explorer: what a browser gets at /console and /graphql, from our own origin and without the internet
 * (experience.md 2 and 4). `?query=`, `?variables=` and `?headers=` fill the editors, `?notice=` is one line of text
 * above them.
 */
import { useEffect, useRef, useState } from 'react';
import { parse, print } from 'graphql';
import { Mark } from '../storefront/parts/mark.tsx';
import { Editor } from './editor.tsx';
import { asCurl, readSchema, runDraft, type Answer, type Draft, type SchemaState } from './graph.ts';
import { addToHistory, nameOf, readHistory } from './history.ts';
import { fittingSamples } from './samples.ts';
import { Tabs } from './tabs.tsx';
import { TypeList } from './type-list.tsx';

type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'running' }
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'failure'; readonly reason: string };

const longestNotice = 200;

export function Console({ address }: { readonly address: URL }) {
  const endpoint = new URL('/graphql', address).href;
  const given = (name: string) => address.searchParams.get(name) ?? '';
  const [draft, setDraft] = useState<Draft>({
    query: given('query'),
    variables: given('variables'),
    headers: given('headers'),
  });
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const [said, setSaid] = useState('');
  const [history, setHistory] = useState(readHistory);
  const [schemaState, reloadSchema] = useSchema(endpoint);
  const running = useRef<AbortController | null>(null);

  const schema = schemaState.state === 'known' ? schemaState.schema : undefined;
  const samples = schema ? fittingSamples(schema) : [];
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));

  // An empty editor teaches nothing: the first sample that fits is put in, unless something is there already.
  const firstSample = samples[0];
  const isUntouched = useRef(draft.query === '');
  useEffect(() => {
    if (!isUntouched.current || firstSample === undefined) return;
    isUntouched.current = false;
    setDraft((before) =>
      before.query === '' ? { ...before, query: firstSample.query, variables: firstSample.variables } : before,
    );
  }, [firstSample]);

  const run = () => {
    if (draft.query.trim() === '') {
      setOutcome({ kind: 'failure', reason: 'There is nothing to run: the operation is empty.' });
      return;
    }
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setOutcome({ kind: 'running' });
    setHistory((before) => addToHistory(before, { query: draft.query, variables: draft.variables }));
    runDraft(endpoint, draft, controller.signal).then(
      (answer) => running.current === controller && setOutcome({ kind: 'answer', answer }),
      (error: unknown) => running.current === controller && setOutcome({ kind: 'failure', reason: messageOf(error) }),
    );
  };
  useRunKey(run);
  const prettify = () => {
    try {
      change({ query: `${print(parse(draft.query))}\n` });
      setSaid('The operation is formatted.');
    } catch (error) {
      setSaid(`It can’t be formatted: ${messageOf(error)}`);
    }
  };
  const copyAsCurl = () => {
    try {
      navigator.clipboard.writeText(asCurl(endpoint, draft)).then(
        () => setSaid('Copied. Paste it into a shell.'),
        () => setSaid('The browser does not let this page copy.'),
      );
    } catch (error) {
      setSaid(messageOf(error));
    }
  };
  const open = (choice: string) => {
    const [kind, at] = choice.split(' ');
    const chosen = (kind === 'sample' ? samples : history)[Number(at)];
    if (chosen) change({ query: chosen.query, variables: chosen.variables });
  };

  return (
    <>
      <header className="bar">
        <h1>
          <Mark />
          Tributary <span className="faint">console</span>
        </h1>
        <div className="actions">
          <button type="button" onClick={run} title="Ctrl+Enter or ⌘+Enter">
            Run
          </button>
          <button type="button" className="quiet" onClick={prettify}>
            Prettify
          </button>
          <button type="button" className="quiet" onClick={copyAsCurl}>
            Copy as curl
          </button>
          <label>
            <span className="sr-only">Open an operation</span>
            <select value="" onChange={(event) => open(event.currentTarget.value)}>
              <option value="" disabled>
                Open …
              </option>
              {samples.length > 0 && (
                <optgroup label="Samples">
                  {samples.map(({ name }, at) => (
                    <option key={name} value={`sample ${at}`}>
                      {name}
                    </option>
                  ))}
                </optgroup>
              )}
              {history.length > 0 && (
                <optgroup label="Run before">
                  {history.map((past, at) => (
                    <option key={past.query} value={`past ${at}`}>
                      {nameOf(past)}
                    </option>
                  ))}
                </optgroup>
              )}
            </select>
          </label>
        </div>
        <nav aria-label="Other pages">
          <a href="/graphql?ide=sandbox">Apollo Sandbox</a>
          <a href="/rest/docs">REST</a>
          <a href="/">Start page</a>
        </nav>
      </header>
      <Lines notice={given('notice').slice(0, longestNotice)} isHidden={schemaState.state === 'hidden'} said={said} />
      <main className="panes">
        <section aria-label="Request" className="pane request">
          <Editor
            label="Operation"
            language="graphql"
            text={draft.query}
            schema={schema}
            onRun={run}
            onChange={(query) => change({ query })}
          />
          <Tabs
            name="Variables and headers"
            tabs={[
              {
                title: 'Variables',
                body: (
                  <Editor
                    label="Variables, as JSON"
                    language="json"
                    text={draft.variables}
                    onRun={run}
                    onChange={(variables) => change({ variables })}
                  />
                ),
              },
              {
                title: 'Headers',
                body: (
                  <Editor
                    label="Headers, as JSON"
                    language="json"
                    text={draft.headers}
                    onRun={run}
                    onChange={(headers) => change({ headers })}
                  />
                ),
              },
            ]}
          />
        </section>
        <section aria-label="Response" className="pane response">
          <OutcomeView outcome={outcome} />
        </section>
        <section aria-label="Schema" className="pane schema" tabIndex={0}>
          <h2>Schema</h2>
          <TypeList schemaState={schemaState} onRetry={reloadSchema} />
        </section>
      </main>
    </>
  );
}

interface LinesProps {
  readonly notice: string;
  readonly isHidden: boolean;
  readonly said: string;
}

function Lines({ notice, isHidden, said }: LinesProps) {
  return (
    <div className="notes">
      {notice !== '' && (
        <section aria-label="Notice">
          <p className="note">{notice}</p>
        </section>
      )}
      {isHidden && (
        <p className="note">
          Introspection is off, so there is no completion and no schema to show; the setting{' '}
          <code>server.introspection</code> turns it on.
        </p>
      )}
      <p role="status" className="said">
        {said}
      </p>
    </div>
  );
}

function OutcomeView({ outcome }: { readonly outcome: Outcome }) {
  return (
    <>
      <p role="status" className={`summary ${outcome.kind}`}>
        {summary(outcome)}
      </p>
      {outcome.kind === 'answer' && <Editor label="Response" language="json" text={outcome.answer.text} />}
    </>
  );
}

function summary(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'none':
      return 'Press Run, or Ctrl+Enter. The answer comes here.';
    case 'running':
      return 'Running …';
    case 'failure':
      return outcome.reason;
    case 'answer': {
      const { status, durationMs, bytes } = outcome.answer;
      return `HTTP ${status} · ${Math.round(durationMs)} ms · ${bytes.toLocaleString('en')} bytes`;
    }
  }
}

/** The schema of the endpoint, and a way to ask for it again. */
function useSchema(endpoint: string): readonly [SchemaState, () => void] {
  const [attempt, setAttempt] = useState(0);
  const [schemaState, setSchemaState] = useState<SchemaState>({ state: 'loading' });
  useEffect(() => {
    let isCurrent = true;
    setSchemaState({ state: 'loading' });
    void readSchema(endpoint).then((found) => {
      if (isCurrent) setSchemaState(found);
    });
    return () => {
      isCurrent = false;
    };
  }, [endpoint, attempt]);
  return [schemaState, () => setAttempt((before) => before + 1)];
}

/** Ctrl+Enter or ⌘+Enter anywhere on the page; in an editor, the editor has handled it already. */
function useRunKey(run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
