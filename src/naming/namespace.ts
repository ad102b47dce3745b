/** The name that the package, the Pulumi project, its configuration and its tokens share. */
export const NAMESPACE = "s3-replication";
