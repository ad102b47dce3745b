<<<<<<< HEAD
/** The policy pack, as Pulumi loads it. */
=======
/** The pack as the engine runs it. */
>>>>>>> cdce21e (A misspelt rule in the pack's configuration stops it, with the nearest name)
import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies";
import { refuseUnknownRules } from "./ruleNames";

refuseUnknownRules(policies);
new PolicyPack("s3-replication", { policies });
