using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Who may do what.</summary>
static class RoleSchema
{
    /// <summary>What is allowed.</summary>
    public static Schema PolicyRule { get; } = Record(
        Definitions.Rbac + "PolicyRule", "What is allowed.",
        Field(1, "verbs", List(Text), "What may be done; * for all.").Required(),
        Field(2, "apiGroups", List(Text), "The API groups; * for all."),
        Field(3, "resources", List(Text), "What is asked for, and the most that may be used."),
        Field(4, "resourceNames", List(Text), "The names of the objects; none: all."),
        Field(5, "nonResourceURLs", List(Text), "Paths that are no resources."));

    /// <summary>What may be done in a namespace.</summary>
    public static Schema Role { get; } = Record(
        Definitions.Rbac + "Role", "What may be done in a namespace.",
        [
            .. MetaSchema.Head,
            Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field(2, "rules", List(PolicyRule), "What is allowed."),
        ]);

    /// <summary>How the rules are gathered from other roles.</summary>
    public static Schema AggregationRule { get; } = Record(
        Definitions.Rbac + "AggregationRule", "How the rules are gathered from other roles.",
        Field(1, "clusterRoleSelectors", List(MetaSchema.LabelSelector), "Labels of the cluster roles whose rules are gathered."));

    /// <summary>What may be done.</summary>
    public static Schema ClusterRole { get; } = Record(
        Definitions.Rbac + "ClusterRole", "What may be done.",
        [
            .. MetaSchema.Head,
            Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field(2, "rules", List(PolicyRule), "What is allowed."),
            Field(3, "aggregationRule", AggregationRule, "How the rules are gathered from other roles."),
        ]);

    /// <summary>To whom.</summary>
    public static Schema Subject { get; } = Atomic(Record(
        Definitions.Rbac + "Subject", "To whom.",
        Field(1, "kind", Text, "The kind.").Required(),
        Field(2, "apiGroup", Text, "The API group; empty for the core group."),
        Field(3, "name", Text, "The name.").Required(),
        Field(4, "namespace", Text, "The namespace.")));

    /// <summary>The role that is granted.</summary>
    public static Schema RoleRef { get; } = Atomic(Record(
        Definitions.Rbac + "RoleRef", "The role that is granted.",
        Field(1, "apiGroup", Text, "The API group; empty for the core group."),
        Field(2, "kind", Text, "The kind.").Required(),
        Field(3, "name", Text, "The name.").Required()));

    /// <summary>Who has a role in a namespace.</summary>
    public static Schema RoleBinding { get; } = Record(
        Definitions.Rbac + "RoleBinding", "Who has a role in a namespace.",
        [
            .. MetaSchema.Head,
            Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field(2, "subjects", List(Subject), "To whom."),
            Field(3, "roleRef", RoleRef, "The role that is granted.").Required(),
        ]);

    /// <summary>Who has a role everywhere.</summary>
    public static Schema ClusterRoleBinding { get; } = Record(
        Definitions.Rbac + "ClusterRoleBinding", "Who has a role everywhere.",
        [
            .. MetaSchema.Head,
            Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field(2, "subjects", List(Subject), "To whom."),
            Field(3, "roleRef", RoleRef, "The role that is granted.").Required(),
        ]);
}
