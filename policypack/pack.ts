/** The pack as the engine starts it. */
import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies";
import { refuseUnknownRules } from "./ruleNames";

refuseUnknownRules(policies);
new PolicyPack("s3-replication", { policies });
