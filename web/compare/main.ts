/** The page at /compare: one task measured in every column on this gateway, and shown with the report the command writes. */
import type { Report } from '../../gateway/compare/report.ts';
import { renderReport } from '../../gateway/compare/render-report.ts';
import { reportStyle } from '../../gateway/compare/report-style.ts';
import './compare.css';

interface LiveCase {
  readonly name: string;
  readonly shows: string;
  readonly services: readonly string[];
  readonly need: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const find = <Kind extends Element>(selector: string): Kind => {
  const found = document.querySelector<Kind>(selector);
  if (found === null) throw new Error(`The page has no ${selector}`);
  return found;
};

const form = find<HTMLFormElement>('#wish');
const choice = find<HTMLSelectElement>('#case');
const shows = find<HTMLElement>('#shows');
const need = find<HTMLTextAreaElement>('#need');
const variables = find<HTMLTextAreaElement>('#variables');
const runs = find<HTMLInputElement>('#runs');
const delay = find<HTMLInputElement>('#delay');
const button = find<HTMLButtonElement>('button[type=submit]');
const status = find<HTMLElement>('#status');
const output = find<HTMLElement>('#report');

async function start(): Promise<void> {
  const style = document.createElement('style');
  style.textContent = reportStyle;
  document.head.append(style);
  const cases = await loadCases();
  if (cases === undefined) return;
  choice.replaceChildren(...cases.map(({ name }) => new Option(name, name)));
  const show = () => {
    const chosen = cases.find(({ name }) => name === choice.value);
    if (chosen === undefined) return;
    shows.textContent = `${chosen.shows} Services: ${chosen.services.join(', ')}.`;
    need.value = chosen.need.trim();
    variables.value = JSON.stringify(chosen.variables);
  };
  choice.addEventListener('change', show);
  show();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void measure();
  });
}

async function loadCases(): Promise<readonly LiveCase[] | undefined> {
  try {
    const response = await fetch('/compare/cases');
    if (!response.ok) throw new Error(`the gateway answered ${response.status}`);
    return ((await response.json()) as { cases: readonly LiveCase[] }).cases;
  } catch (error) {
    status.textContent = `The tasks could not be loaded: ${(error as Error).message}. Is the gateway running?`;
    button.disabled = true;
    return undefined;
  }
}

async function measure(): Promise<void> {
  button.disabled = true;
  status.textContent = 'Measuring…';
  try {
    const response = await fetch('/compare/run', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(readForm()),
    });
    const answer = (await response.json()) as Report | { readonly detail?: string };
    if ('cases' in answer) {
      output.innerHTML = renderReport(answer);
      status.textContent = 'Measured.';
    } else status.textContent = `Not measured: ${answer.detail ?? response.status}`;
  } catch (error) {
    status.textContent = `Not measured: ${(error as Error).message}`;
  } finally {
    button.disabled = false;
  }
}

function readForm(): object {
  let values: unknown;
  try {
    values = JSON.parse(variables.value.trim() === '' ? '{}' : variables.value);
  } catch {
    throw new Error('the variables are not JSON');
  }
  const delayed = Number(delay.value);
  const roundTrips = delayed > 0 ? [0, delayed] : [0];
  return { case: choice.value, need: need.value, variables: values, runs: Number(runs.value), roundTrips };
}

void start();
