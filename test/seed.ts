/**
 * Random tests find the same in every run, so that a red run is about the change and not about the dice. TRIBUTARY_SEED chooses
 * another seed; the nightly run throws anew, and a failure says with what.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['TRIBUTARY_SEED'] ?? 20260229) });
