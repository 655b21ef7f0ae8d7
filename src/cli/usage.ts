/** The command was called wrongly, or what it needs is not there; the message is a sentence for whoever called it. Exit code 2. */
export class UsageError extends Error {}
