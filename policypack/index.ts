/** The policy pack, as Pulumi loads it. */
import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies";

new PolicyPack("s3-replication", { policies });
