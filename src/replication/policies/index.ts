/**
 * The policy documents of both accounts, and the statement that grants one missing permission: what is deployed and
 * what is recommended are this one piece of code.
 */
export * from "./destination";
export * from "./document";
export * from "./role";
export * from "./source";
