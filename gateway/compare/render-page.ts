/** The report as one HTML file that needs nothing else: no script, nothing from outside. */
import { renderReport } from './render-report.ts';
import type { Report } from './report.ts';
import { reportStyle } from './report-style.ts';

export const renderPage = (report: Report): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>REST and GraphQL over the same data</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
<h1>REST and GraphQL over the same data</h1>
${renderReport(report)}
</main>
</body>
</html>
`;
