/**
 * The registry: every operation that is served, under its wire name. To add one, add its file and its
 * line here; what is not listed is answered with an error that names it.
 */
export {};
