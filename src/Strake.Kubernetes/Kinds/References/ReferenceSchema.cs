using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>References from one object to another, and conditions on nodes: what many kinds share.</summary>
static class ReferenceSchema
{
    /// <summary>Another object.</summary>
    public static Schema ObjectReference { get; } = Atomic(Record(
        Definitions.Core + "ObjectReference", "Another object.",
        Field(1, "kind", Text, "The kind."),
        Field(2, "namespace", Text, "The namespace."),
        Field(3, "name", Text, "The name."),
        Field(4, "uid", Text, "The id, unique over space and time."),
        Field(5, "apiVersion", Text, "The API group and version."),
        Field(6, "resourceVersion", Text, "The version of the object."),
        Field(7, "fieldPath", Text, "The path of a field.")));

    /// <summary>Secrets with credentials of registries.</summary>
    public static Schema LocalObjectReference { get; } = Atomic(Record(
        Definitions.Core + "LocalObjectReference", "Secrets with credentials of registries.",
        Field(1, "name", Text, "The name.")));

    /// <summary>What the new volume is filled from: a snapshot or a claim.</summary>
    public static Schema TypedLocalObjectReference { get; } = Atomic(Record(
        Definitions.Core + "TypedLocalObjectReference", "What the new volume is filled from: a snapshot or a claim.",
        Field("apiGroup", Text, "The API group; empty for the core group."),
        Field("kind", Text, "The kind.").Required(),
        Field("name", Text, "The name.").Required()));

    /// <summary>What the new volume is filled from; any kind that a populator knows.</summary>
    public static Schema TypedObjectReference { get; } = Record(
        Definitions.Core + "TypedObjectReference", "What the new volume is filled from; any kind that a populator knows.",
        Field("apiGroup", Text, "The API group; empty for the core group."),
        Field("kind", Text, "The kind.").Required(),
        Field("name", Text, "The name.").Required(),
        Field("namespace", Text, "The namespace."));

    /// <summary>The secret.</summary>
    public static Schema SecretReference { get; } = Atomic(Record(
        Definitions.Core + "SecretReference", "The secret.",
        Field("name", Text, "The name."),
        Field("namespace", Text, "The namespace.")));

    /// <summary>Conditions on labels; all must hold.</summary>
    public static Schema NodeSelectorRequirement { get; } = Record(
        Definitions.Core + "NodeSelectorRequirement", "Conditions on labels; all must hold.",
        Field("key", Text, "The key.").Required(),
        Field("operator", Text, "How key and values relate.").Required(),
        Field("values", List(Text), "The values."));

    /// <summary>What is preferred.</summary>
    public static Schema NodeSelectorTerm { get; } = Atomic(Record(
        Definitions.Core + "NodeSelectorTerm", "What is preferred.",
        Field("matchExpressions", List(NodeSelectorRequirement), "Conditions on labels; all must hold."),
        Field("matchFields", List(NodeSelectorRequirement), "Conditions on fields; all must hold.")));

    /// <summary>Nodes, by their labels.</summary>
    public static Schema NodeSelector { get; } = Atomic(Record(
        Definitions.Core + "NodeSelector", "Nodes, by their labels.",
        Field("nodeSelectorTerms", List(NodeSelectorTerm), "Alternatives; one must match.").Required()));

    /// <summary>The nodes that can use it, or that the pod wants.</summary>
    public static Schema VolumeNodeAffinity { get; } = Record(
        Definitions.Core + "VolumeNodeAffinity", "The nodes that can use it, or that the pod wants.",
        Field("required", NodeSelector, "What must hold."));

    /// <summary>Conditions on labels; all must hold.</summary>
    public static Schema TopologySelectorLabelRequirement { get; } = Record(
        Definitions.Core + "TopologySelectorLabelRequirement", "Conditions on labels; all must hold.",
        Field("key", Text, "The key.").Required(),
        Field("values", List(Text), "The values.").Required());

    /// <summary>Where volumes of the class can be made.</summary>
    public static Schema TopologySelectorTerm { get; } = Atomic(Record(
        Definitions.Core + "TopologySelectorTerm", "Where volumes of the class can be made.",
        Field("matchLabelExpressions", List(TopologySelectorLabelRequirement), "Conditions on labels; all must hold.")));

    /// <summary>A field of the pod.</summary>
    public static Schema ObjectFieldSelector { get; } = Atomic(Record(
        Definitions.Core + "ObjectFieldSelector", "A field of the pod.",
        Field("apiVersion", Text, "The API group and version.").Defaults("\"v1\""),
        Field("fieldPath", Text, "The path of a field.").Required()));

    /// <summary>A resource of a container.</summary>
    public static Schema ResourceFieldSelector { get; } = Atomic(Record(
        Definitions.Core + "ResourceFieldSelector", "A resource of a container.",
        Field("containerName", Text, "The container."),
        Field("resource", Text, "The resource.").Required(),
        Field("divisor", Quantity, "What the value is divided by.")));

    /// <summary>The entries that become files; none named: all.</summary>
    public static Schema KeyToPath { get; } = Record(
        Definitions.Core + "KeyToPath", "The entries that become files; none named: all.",
        Field("key", Text, "The key.").Required(),
        Field("path", Text, "The path.").Required(),
        Field("mode", Number32, "The file's mode."),
        Field("user", Number64, "The user."));

    /// <summary>An entry of a secret.</summary>
    public static Schema SecretKeySelector { get; } = Atomic(Record(
        Definitions.Core + "SecretKeySelector", "An entry of a secret.",
        Field("name", Text, "The name."),
        Field("key", Text, "The key.").Required(),
        Field("optional", Flag, "Whether it may be missing.")));

    /// <summary>An entry of a config map.</summary>
    public static Schema ConfigMapKeySelector { get; } = Atomic(Record(
        Definitions.Core + "ConfigMapKeySelector", "An entry of a config map.",
        Field("name", Text, "The name."),
        Field("key", Text, "The key.").Required(),
        Field("optional", Flag, "Whether it may be missing.")));
}
