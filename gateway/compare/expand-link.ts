/** Fills a link template as HAL has them (RFC 6570): `{id}`, `{?title,first}` and `{&after}`; what is not given is left out. */
export function expandLink(template: string, params: Readonly<Record<string, unknown>>): string {
  return template.replaceAll(/\{([?&]?)([^{}]*)\}/g, (_, operator: string, list: string) => {
    const names = list.split(',').filter((name) => params[name] !== undefined && params[name] !== null);
    const texts = names.map((name) => [name, encodeURIComponent(textOf(params[name]))] as const);
    if (operator === '') return texts.map(([, text]) => text).join(',');
    const pairs = texts.map(([name, text]) => `${name}=${text}`).join('&');
    return pairs === '' ? '' : operator + pairs;
  });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
