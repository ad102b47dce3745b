import type { ProofCase, RefusedCase } from "../expected";
import { ACCOUNT_POLICIES } from "./accountPolicies";
import { ARTICLES, REFUSED_ARTICLES } from "./articles";
import { BUCKET_POLICIES } from "./bucketPolicies";
import { DENIES } from "./denies";
import { IDLE_RULES } from "./idleRules";
import { KEYS } from "./keys";
import { OBJECTS } from "./objects";
import { ORGANIZATIONS } from "./organizations";
import { REPLICA_KEYS } from "./replicaKeys";
import { REQUESTS } from "./requests";
import { ROLES } from "./roles";
import { RULES } from "./rules";
import { STYLES } from "./styles";
import { TEMPLATES } from "./templates";
import { TRUST } from "./trust";

export const CASES: readonly ProofCase[] = [
  ...ARTICLES,
  ...STYLES,
  ...TEMPLATES,
  ...BUCKET_POLICIES,
  ...ORGANIZATIONS,
  ...DENIES,
  ...KEYS,
  ...REPLICA_KEYS,
  ...TRUST,
  ...ROLES,
  ...ACCOUNT_POLICIES,
  ...RULES,
  ...IDLE_RULES,
  ...REQUESTS,
  ...OBJECTS,
];

export const REFUSED: readonly RefusedCase[] = REFUSED_ARTICLES;
