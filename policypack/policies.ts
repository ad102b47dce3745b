/** The list of rules. */
import { Policies } from "@pulumi/policy";
import { bucketEncryptionKms } from "./rules/bucketEncryptionKms";
import { bucketKeyEnabled } from "./rules/bucketKeyEnabled";
import { bucketNamespace } from "./rules/bucketNamespace";
import { bucketOwnerEnforced } from "./rules/bucketOwnerEnforced";
import { bucketPolicyCrossAccountNarrowed } from "./rules/bucketPolicyCrossAccountNarrowed";
import { bucketPolicyNoForeignAdministration } from "./rules/bucketPolicyNoForeignAdministration";
import { bucketPolicyNoPublicPrincipal } from "./rules/bucketPolicyNoPublicPrincipal";
import { bucketPublicAccessBlocked } from "./rules/bucketPublicAccessBlocked";
import { bucketTlsRequired } from "./rules/bucketTlsRequired";
import { bucketVersioningEnabled } from "./rules/bucketVersioningEnabled";
import { keyDeletionWindow } from "./rules/keyDeletionWindow";
import { keyPolicyCrossAccountNarrowed } from "./rules/keyPolicyCrossAccountNarrowed";
import { keyPolicyNoWildcardPrincipal } from "./rules/keyPolicyNoWildcardPrincipal";
import { keyRotationEnabled } from "./rules/keyRotationEnabled";
import { providerAccountPinned } from "./rules/providerAccountPinned";
import { publicAccessBlockComplete } from "./rules/publicAccessBlockComplete";
import { replicatedBucketNoForceDestroy } from "./rules/replicatedBucketNoForceDestroy";
import { replicationCrossAccountOwner } from "./rules/replicationCrossAccountOwner";
import { replicationFailuresWatched } from "./rules/replicationFailuresWatched";
import { replicationKmsEncryption } from "./rules/replicationKmsEncryption";
import { replicationMetrics } from "./rules/replicationMetrics";
import { replicationRoleKmsConditions } from "./rules/replicationRoleKmsConditions";
import { replicationRoleLeastPrivilege } from "./rules/replicationRoleLeastPrivilege";
import { replicationRoleTrust } from "./rules/replicationRoleTrust";
import { resourceClassReadable } from "./rules/resourceClassReadable";
import { sseCBlocked } from "./rules/sseCBlocked";

/** The rules, in the order of the table in README.md. */
export const policies: Policies = [
  bucketVersioningEnabled,
  bucketEncryptionKms,
  bucketKeyEnabled,
  sseCBlocked,
  replicationKmsEncryption,
  replicationCrossAccountOwner,
  replicationRoleTrust,
  replicationRoleLeastPrivilege,
  replicationRoleKmsConditions,
  bucketPolicyNoPublicPrincipal,
  bucketPolicyCrossAccountNarrowed,
  bucketPolicyNoForeignAdministration,
  bucketTlsRequired,
  keyPolicyNoWildcardPrincipal,
  keyPolicyCrossAccountNarrowed,
  keyRotationEnabled,
  keyDeletionWindow,
  publicAccessBlockComplete,
  bucketPublicAccessBlocked,
  bucketOwnerEnforced,
  bucketNamespace,
  replicatedBucketNoForceDestroy,
  replicationMetrics,
  replicationFailuresWatched,
  providerAccountPinned,
  resourceClassReadable,
];
