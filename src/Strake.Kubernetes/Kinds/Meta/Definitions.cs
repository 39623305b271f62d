namespace Strake.Kubernetes.Kinds;

/// <summary>The prefixes of the names under which Kubernetes publishes its schemas; clients look some of them up.</summary>
static class Definitions
{
    public const string Core = "io.k8s.api.core.v1.";
    public const string Storage = "io.k8s.api.storage.v1.";
    public const string Apps = "io.k8s.api.apps.v1.";
    public const string Coordination = "io.k8s.api.coordination.v1.";
    public const string Events = "io.k8s.api.events.v1.";
    public const string Rbac = "io.k8s.api.rbac.v1.";
    public const string Authorization = "io.k8s.api.authorization.v1.";
    public const string Authentication = "io.k8s.api.authentication.v1.";
    public const string Meta = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    public const string Snapshots = "io.k8s.csi.snapshot.v1.";
    public const string Extensions = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
}
