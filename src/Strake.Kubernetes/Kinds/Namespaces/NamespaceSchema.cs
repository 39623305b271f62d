using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Namespaces and what they may hold.</summary>
static class NamespaceSchema
{
    /// <summary>What is set on a namespace.</summary>
    public static Schema NamespaceSpec { get; } = Record(
        Definitions.Core + "NamespaceSpec", "What is set on a namespace.",
        Field(1, "finalizers", List(Text), "What must be done before the object goes."));

    /// <summary>What is true of the object now, a type each.</summary>
    public static Schema NamespaceCondition { get; } = Record(
        Definitions.Core + "NamespaceCondition", "What is true of the object now, a type each.",
        Field(1, "type", Text, "The type.").Required(),
        Field(2, "status", Text, "What is."),
        Field(4, "lastTransitionTime", Time, "When the status changed."),
        Field(5, "reason", Text, "In one word, for a machine."),
        Field(6, "message", Text, "For a person."));

    /// <summary>Where a namespace is in its life.</summary>
    public static Schema NamespaceStatus { get; } = Record(
        Definitions.Core + "NamespaceStatus", "Where a namespace is in its life.",
        Field(1, "phase", Text, "Where it is in its life."),
        Field(2, "conditions", Keyed(NamespaceCondition, "type"), "What is true of the object now, a type each."));

    /// <summary>A scope of names.</summary>
    public static Schema Namespace { get; } = Record(
        Definitions.Core + "Namespace", "A scope of names.",
        [
            .. MetaSchema.Head,
            Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field(2, "spec", NamespaceSpec, "What is wanted."),
            Field(3, "status", NamespaceStatus, "What is."),
        ]);

    /// <summary>Conditions on labels; all must hold.</summary>
    public static Schema ScopedResourceSelectorRequirement { get; } = Record(
        Definitions.Core + "ScopedResourceSelectorRequirement", "Conditions on labels; all must hold.",
        Field(1, "scopeName", Text, "The scope.").Required(),
        Field(2, "operator", Text, "How key and values relate.").Required(),
        Field(3, "values", List(Text), "The values."));

    /// <summary>Which objects count, by conditions.</summary>
    public static Schema ScopeSelector { get; } = Atomic(Record(
        Definitions.Core + "ScopeSelector", "Which objects count, by conditions.",
        Field(1, "matchExpressions", List(ScopedResourceSelectorRequirement), "Conditions on labels; all must hold.")));

    /// <summary>What is wanted.</summary>
    public static Schema ResourceQuotaSpec { get; } = Record(
        Definitions.Core + "ResourceQuotaSpec", "What is wanted.",
        Field(1, "hard", Map(Quantity), "The limit of each resource."),
        Field(2, "scopes", List(Text), "Which objects count."),
        Field(3, "scopeSelector", ScopeSelector, "Which objects count, by conditions."));

    /// <summary>What is.</summary>
    public static Schema ResourceQuotaStatus { get; } = Record(
        Definitions.Core + "ResourceQuotaStatus", "What is.",
        Field(1, "hard", Map(Quantity), "The limit of each resource."),
        Field(2, "used", Map(Quantity), "What is used."));

    /// <summary>How much a namespace may have.</summary>
    public static Schema ResourceQuota { get; } = Record(
        Definitions.Core + "ResourceQuota", "How much a namespace may have.",
        [
            .. MetaSchema.Head,
            Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field(2, "spec", ResourceQuotaSpec, "What is wanted."),
            Field(3, "status", ResourceQuotaStatus, "What is."),
        ]);

    /// <summary>The most that may be used.</summary>
    public static Schema LimitRangeItem { get; } = Record(
        Definitions.Core + "LimitRangeItem", "The most that may be used.",
        Field("type", Text, "The type.").Required(),
        Field("max", Map(Quantity), "The most."),
        Field("min", Map(Quantity), "The least."),
        Field("default", Map(Quantity), "The limit where none is given."),
        Field("defaultRequest", Map(Quantity), "The request where none is given."),
        Field("maxLimitRequestRatio", Map(Quantity), "How many times the request a limit may be."));

    /// <summary>What is wanted.</summary>
    public static Schema LimitRangeSpec { get; } = Record(
        Definitions.Core + "LimitRangeSpec", "What is wanted.",
        Field("limits", List(LimitRangeItem), "The most that may be used.").Required());

    /// <summary>Least, most and default of what objects of a namespace may ask for.</summary>
    public static Schema LimitRange { get; } = Record(
        Definitions.Core + "LimitRange", "Least, most and default of what objects of a namespace may ask for.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", LimitRangeSpec, "What is wanted."),
        ]);
}
