/** The measured lines as one SVG, a plot an axis, both scales from zero. */
export interface Line {
  readonly name: string;
  readonly points: readonly { readonly value: number; readonly cpuMs: number }[];
}

const WIDTH = 300;
const HEIGHT = 160;
const MARGIN = { left: 48, top: 34, right: 16, bottom: 24 };
const CELL = { width: WIDTH + MARGIN.left + MARGIN.right, height: HEIGHT + MARGIN.top + MARGIN.bottom };
const COLUMNS = 2;

export function drawPlots(lines: readonly Line[], title: string): string {
  const rows = Math.ceil(lines.length / COLUMNS);
  const size = { width: CELL.width * COLUMNS, height: CELL.height * rows + 10 };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    '<style>text{font:11px system-ui,sans-serif;fill:#444}.name{font-weight:600}.line{fill:none;stroke:#0a6c74;stroke-width:2}',
    '.dot{fill:#0a6c74}.axis{stroke:#999}@media(prefers-color-scheme:dark){text{fill:#ccc}.line{stroke:#5cc8d0}.dot{fill:#5cc8d0}}</style>',
    ...lines.map((line, index) => {
      const at = {
        x: (index % COLUMNS) * CELL.width + MARGIN.left,
        y: Math.floor(index / COLUMNS) * CELL.height + MARGIN.top,
      };
      return `<g transform="translate(${at.x} ${at.y})">${drawPlot(line)}</g>`;
    }),
    '</svg>\n',
  ].join('\n');
}

function drawPlot({ name, points }: Line): string {
  const most = {
    value: Math.max(...points.map((point) => point.value)),
    cpuMs: Math.max(...points.map((point) => point.cpuMs)),
  };
  const x = (value: number): string => ((value / most.value) * WIDTH).toFixed(1);
  const y = (cpuMs: number): string => (HEIGHT - (cpuMs / most.cpuMs) * HEIGHT).toFixed(1);
  return [
    `<text class="name" x="0" y="-16">${name}</text>`,
    `<path class="axis" fill="none" d="M0 0V${HEIGHT}H${WIDTH}"/>`,
    `<text x="-6" y="4" text-anchor="end">${most.cpuMs.toPrecision(2)}</text><text x="-6" y="${HEIGHT}" text-anchor="end">0</text>`,
    `<text x="${WIDTH}" y="${HEIGHT + 16}" text-anchor="end">${most.value}</text>`,
    `<polyline class="line" points="${points.map(({ value, cpuMs }) => `${x(value)},${y(cpuMs)}`).join(' ')}"/>`,
    ...points.map(({ value, cpuMs }) => `<circle class="dot" r="2.5" cx="${x(value)}" cy="${y(cpuMs)}"/>`),
  ].join('');
}
