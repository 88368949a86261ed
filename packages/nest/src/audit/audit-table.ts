import type { AuditedHandler } from './cognito-route-audit.js';

const ACCESSES = ['guarded', 'optional', 'public', 'custom', 'undecided'] as const;

const PER_REQUEST = '(instance per request)';

/** The audit for people: how many handlers of which kind, and one line for each. */
export function auditTable(handlers: readonly AuditedHandler[]): string {
  const counts = ACCESSES.map(
    (access) => [handlers.filter((handler) => handler.access === access).length, access] as const,
  )
    .filter(([count, access]) => count > 0 || access !== 'custom')
    .map(([count, access]) => `${count} ${access}`);
  const rows = handlers.map((handler) => [
    handler.access,
    handler.address,
    handler.handler,
    policyText(handler),
    [...handler.from, ...(handler.perRequest ? [PER_REQUEST] : [])].join(' '),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [`${handlers.length} handlers: ${counts.join(', ')}`, ...lines].join('\n');
}

function policyText({ policy = {} }: AuditedHandler): string {
  const parts = Object.entries(policy).flatMap(([part, value]) =>
    typeof value === 'object' && !Array.isArray(value)
      ? Object.entries(value).map(([how, names]) => `${part}.${how}=${String(names)}`)
      : [`${part}=${String(value)}`],
  );
  return parts.join(' ');
}
