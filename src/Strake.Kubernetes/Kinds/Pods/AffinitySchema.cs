using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Where a pod wants to run.</summary>
static class AffinitySchema
{
    /// <summary>Wishes with their weights.</summary>
    public static Schema PreferredSchedulingTerm { get; } = Record(
        Definitions.Core + "PreferredSchedulingTerm", "Wishes with their weights.",
        Field("weight", Number32, "How much it weighs, 1 to 100.").Required(),
        Field("preference", ReferenceSchema.NodeSelectorTerm, "What is preferred.").Required());

    /// <summary>The nodes that can use it, or that the pod wants.</summary>
    public static Schema NodeAffinity { get; } = Record(
        Definitions.Core + "NodeAffinity", "The nodes that can use it, or that the pod wants.",
        Field("requiredDuringSchedulingIgnoredDuringExecution", ReferenceSchema.NodeSelector, "What must hold."),
        Field("preferredDuringSchedulingIgnoredDuringExecution", List(PreferredSchedulingTerm), "Wishes with their weights."));

    /// <summary>The pods, and what near means.</summary>
    public static Schema PodAffinityTerm { get; } = Record(
        Definitions.Core + "PodAffinityTerm", "The pods, and what near means.",
        Field("labelSelector", MetaSchema.LabelSelector, "The labels."),
        Field("namespaces", List(Text), "The namespaces that count."),
        Field("topologyKey", Text, "The label that tells places apart.").Required(),
        Field("namespaceSelector", MetaSchema.LabelSelector, "Labels of the namespaces that count."),
        Field("matchLabelKeys", List(Text), "Labels whose values are the pod's own."),
        Field("mismatchLabelKeys", List(Text), "Labels whose values are not the pod's own."));

    /// <summary>Wishes with their weights.</summary>
    public static Schema WeightedPodAffinityTerm { get; } = Record(
        Definitions.Core + "WeightedPodAffinityTerm", "Wishes with their weights.",
        Field("weight", Number32, "How much it weighs, 1 to 100.").Required(),
        Field("podAffinityTerm", PodAffinityTerm, "The pods, and what near means.").Required());

    /// <summary>Pods near which the pod wants to be.</summary>
    public static Schema PodAffinity { get; } = Record(
        Definitions.Core + "PodAffinity", "Pods near which the pod wants to be.",
        Field("requiredDuringSchedulingIgnoredDuringExecution", List(PodAffinityTerm), "What must hold."),
        Field("preferredDuringSchedulingIgnoredDuringExecution", List(WeightedPodAffinityTerm), "Wishes with their weights."));

    /// <summary>Pods from which the pod wants to be apart.</summary>
    public static Schema PodAntiAffinity { get; } = Record(
        Definitions.Core + "PodAntiAffinity", "Pods from which the pod wants to be apart.",
        Field("requiredDuringSchedulingIgnoredDuringExecution", List(PodAffinityTerm), "What must hold."),
        Field("preferredDuringSchedulingIgnoredDuringExecution", List(WeightedPodAffinityTerm), "Wishes with their weights."));

    /// <summary>Where the pod wants to run.</summary>
    public static Schema Affinity { get; } = Record(
        Definitions.Core + "Affinity", "Where the pod wants to run.",
        Field("nodeAffinity", NodeAffinity, "The nodes that can use it, or that the pod wants."),
        Field("podAffinity", PodAffinity, "Pods near which the pod wants to be."),
        Field("podAntiAffinity", PodAntiAffinity, "Pods from which the pod wants to be apart."));

    /// <summary>Taints that the pod bears.</summary>
    public static Schema Toleration { get; } = Record(
        Definitions.Core + "Toleration", "Taints that the pod bears.",
        Field("key", Text, "The key."),
        Field("operator", Text, "How key and values relate."),
        Field("value", Text, "The value."),
        Field("effect", OneOf("NoSchedule", "PreferNoSchedule", "NoExecute"), "What the taint does to pods that do not bear it."),
        Field("tolerationSeconds", Number64, "Seconds that the taint is borne."));

    /// <summary>whenUnsatisfiable</summary>
    public static Schema TopologySpreadConstraint { get; } = Record(
        Definitions.Core + "TopologySpreadConstraint", "whenUnsatisfiable",
        Field("maxSkew", Number32, "By how many pods places may differ.").Required(),
        Field("topologyKey", Text, "The label that tells places apart.").Required(),
        Field("whenUnsatisfiable", OneOf("DoNotSchedule", "ScheduleAnyway"), "What to do where it cannot be: DoNotSchedule or ScheduleAnyway.").Required(),
        Field("labelSelector", MetaSchema.LabelSelector, "The labels."),
        Field("minDomains", Number32, "The least number of places."),
        Field("nodeAffinityPolicy", Text, "Whether the pod's node affinity counts."),
        Field("nodeTaintsPolicy", Text, "Whether taints count."),
        Field("matchLabelKeys", List(Text), "Labels whose values are the pod's own."));
}
