/**
 * Requests to a running service, whose answers are held against its contract: the status must be listed for the operation,
 * and the body must fit what the contract says about that status and media type. Remembers what was answered, so that a
 * test can tell which part of the contract nobody has seen at work.
 */
import { readContract, type Contract, type Operation } from '../../subgraphs/chassis/contract.ts';
import { findContract } from '../../subgraphs/chassis/find-contract.ts';

export interface ClientRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; as it is when it is text or bytes. */
  readonly body?: unknown;
}

export interface ClientAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

export interface ContractClient {
  send(request: ClientRequest): Promise<ClientAnswer>;
  /** Successes of the contract that were never answered, such as "getBook 304". */
  unseen(): string[];
}

export function createContractClient(service: string, url: () => string): ContractClient {
  const contract = readContract(findContract(service));
  const seen = new Set<string>();
  return {
    async send({ method = 'GET', path, headers = {}, body }) {
      const isRaw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
      const response = await fetch(url() + path, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = response.headers.get('content-type')?.includes('json') === true && text !== '';
      const answer = {
        status: response.status,
        headers: response.headers,
        body: (json ? JSON.parse(text) : {}) as Record<string, unknown>,
        text,
      };
      const operation = findOperation(contract, method, path);
      if (operation === undefined) checkRefusal(answer);
      else if (method !== 'HEAD') {
        checkAnswer(operation, answer);
        seen.add(`${operation.id} ${answer.status}`);
      }
      return answer;
    },
    unseen() {
      const successes = contract.operations.flatMap(({ id, answers }) =>
        [...answers.keys()].filter((status) => Number(status) < 400).map((status) => `${id} ${status}`),
      );
      return successes.filter((success) => !seen.has(success));
    },
  };
}

function findOperation(contract: Contract, method: string, path: string): Operation | undefined {
  const [plain] = path.split('?');
  return contract.operations.find((operation) => {
    const pattern = new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
    return operation.method === (method === 'HEAD' ? 'GET' : method) && pattern.test(plain!);
  });
}

/** Routes and methods that are in no contract are refused with a problem all the same. */
function checkRefusal({ status, headers, text }: ClientAnswer): void {
  if (status === 204 || headers.get('content-type')?.startsWith('application/problem+json') === true) return;
  throw new Error(`A request outside the contract was answered ${status}: ${text}`);
}

function checkAnswer(operation: Operation, { status, headers, body, text }: ClientAnswer): void {
  const contents = operation.answers.get(String(status));
  if (contents === undefined) throw new Error(`${operation.id} answered ${status}, which the contract lacks: ${text}`);
  if (contents.size === 0) {
    if (text !== '') throw new Error(`${operation.id} answered a body on ${status}, the contract has none`);
    return;
  }
  const mediaType = headers.get('content-type')?.split(';')[0] ?? '';
  const findFaults = contents.get(mediaType);
  if (findFaults === undefined) throw new Error(`${operation.id} answered "${mediaType}" on ${status}`);
  const faults = findFaults(body);
  if (faults.length > 0) {
    throw new Error(`${operation.id} answered on ${status} what the contract lacks: ${JSON.stringify(faults)}`);
  }
}
