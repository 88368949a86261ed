import { configInvalid } from '../errors/cognest-error.js';

/** What becomes of the audit at boot: it is logged; it stops the boot on an undecided handler, too; it is left out. */
export type AuditMode = 'log' | 'enforce' | false;

/** @throws {CognestError} `config_invalid` for anything but an {@link AuditMode}. */
export function readAuditMode(given: AuditMode = 'log'): AuditMode {
  if (given === 'log' || given === 'enforce' || given === false) return given;
  throw configInvalid('"audit"', '"log", "enforce" or false', given);
}
