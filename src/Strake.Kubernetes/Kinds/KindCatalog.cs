using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Strake.Kubernetes.Kinds;

/// <summary>The kinds that are served. Immutable; custom kinds make a new one.</summary>
public sealed class KindCatalog
{
    readonly ImmutableDictionary<(string Group, string Version, string Plural), ResourceKind> byPath;
    readonly FrozenDictionary<string, ResourceKind> byPrefix;
    readonly FrozenDictionary<(Objects.GroupVersion Version, string Kind), ResourceKind> byKind;

    KindCatalog(IReadOnlyList<ResourceKind> all)
    {
        All = all;
        byPath = all.DistinctBy(static kind => (kind.Group, kind.Version, kind.Plural)).ToImmutableDictionary(static kind => (kind.Group, kind.Version, kind.Plural));
        Stored = [.. all.Where(static kind => kind.StoredAs is null)];
        byPrefix = Stored.DistinctBy(static kind => kind.KeyPrefix).ToFrozenDictionary(static kind => kind.KeyPrefix, StringComparer.Ordinal);
        byKind = all.DistinctBy(static kind => (kind.GroupVersion, kind.Kind)).ToFrozenDictionary(static kind => (kind.GroupVersion, kind.Kind));
    }

    /// <summary>The kinds that are always there: the one list of them.</summary>
    public static KindCatalog BuiltIn { get; } = new(
    [
        NamespaceKind.Kind, NodeKind.Kind, PodKind.Kind, PersistentVolumeKind.Kind, PersistentVolumeClaimKind.Kind, EventKind.Kind,
        ConfigMapKind.Kind, SecretKind.Kind, ServiceAccountKind.Kind, ServiceKind.Kind, ResourceQuotaKind.Kind, LimitRangeKind.Kind,
        StatefulSetKind.Kind, DeploymentKind.Kind, ReplicaSetKind.Kind, DaemonSetKind.Kind, ControllerRevisionKind.Kind,
        LeaseKind.Kind, EventKind.InOwnGroup,
        RoleKinds.ClusterRole, RoleKinds.ClusterRoleBinding, RoleKinds.Role, RoleKinds.RoleBinding,
        CsiDriverKind.Kind, CsiNodeKind.Kind, CsiStorageCapacityKind.Kind, StorageClassKind.Kind, VolumeAttachmentKind.Kind, VolumeAttributesClassKind.Kind,
        SnapshotKinds.Snapshot, SnapshotKinds.Content, SnapshotKinds.Class,
        CustomResourceDefinitionKind.Kind,
        VolumeSourceKind.Kind,
    ]);

    /// <summary>All kinds, in the order in which groups are published.</summary>
    public IReadOnlyList<ResourceKind> All { get; }

    /// <summary>Those under which objects are stored: each object is of exactly one of them.</summary>
    public IReadOnlyList<ResourceKind> Stored { get; }

    /// <summary>The groups with their versions, the core group among them as the empty one.</summary>
    public IEnumerable<Objects.GroupVersion> GroupVersions => All.Select(static kind => kind.GroupVersion).Distinct();

    /// <summary>The kind at a path; null when there is none.</summary>
    public ResourceKind? Find(string group, string version, string plural) => byPath.GetValueOrDefault((group, version, plural));

    /// <summary>The kind of a name, as objects name it themselves and each other; null when there is none.</summary>
    public ResourceKind? Find(Objects.GroupVersion version, string kind) => byKind.GetValueOrDefault((version, kind));

    /// <summary>The kind under which the objects of a group's plural are stored; null when there is none.</summary>
    public ResourceKind? FindStored(string group, string plural) => byPrefix.GetValueOrDefault($"kube/{(group.Length == 0 ? "core" : group)}/{plural}/");

    /// <summary>The kind under which an object is stored; null when there is none.</summary>
    /// <param name="key">The object's key.</param>
    internal ResourceKind? FindStored(string key)
    {
        int group = key.IndexOf('/', StringComparison.Ordinal) + 1;
        int plural = key.IndexOf('/', group) + 1;
        int name = plural == 0 ? 0 : key.IndexOf('/', plural) + 1;
        return name == 0 ? null : byPrefix.GetValueOrDefault(key[..name]);
    }

    /// <summary>This one with further kinds.</summary>
    public KindCatalog With(IEnumerable<ResourceKind> more) => new([.. All, .. more]);
}
