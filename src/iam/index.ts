/** IAM decisions: policy documents and a request in, a decision with its reasons out. */
export * from "./types";
export { dnsSuffixOfRegion, parseArn, partitionOfRegion, splitArn } from "../naming/arn";
export type { Arn, ArnSegments } from "../naming/arn";
export { parseCidr } from "./address";
export { parseDate } from "./date";
export { decide } from "./decide";
export { writtenPolicy } from "./writtenPolicy";
export { parsePolicy, PolicySyntaxError } from "./document";
export type { ParseOptions, PolicyKind, SyntaxFault } from "./document";
export { conditionKeysOf, patternsOf } from "./documentKeys";
export type { DocumentPattern, DocumentPatterns } from "./documentKeys";
export { matchesPattern, parsePattern } from "./pattern";
export type { PatternOptions, PatternPart, PolicyVersion, StepCounter } from "./pattern";
export { looseForms } from "./resourcePattern";
export { isPublic } from "./publicPolicy";
export { MAX_WORLDS } from "./worlds";
