using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>What keeps pods running.</summary>
static class WorkloadSchema
{
    /// <summary>How an update proceeds.</summary>
    public static Schema RollingUpdateStatefulSetStrategy { get; } = Record(
        Definitions.Apps + "RollingUpdateStatefulSetStrategy", "How an update proceeds.",
        Field("partition", Number32, "The partition; 0 for the whole disk. Of an update: the first ordinal that is updated."),
        Field("maxUnavailable", IntOrText, "How many pods may be missing."));

    /// <summary>How pods are replaced.</summary>
    public static Schema StatefulSetUpdateStrategy { get; } = Record(
        Definitions.Apps + "StatefulSetUpdateStrategy", "How pods are replaced.",
        Field("type", Text, "The type."),
        Field("rollingUpdate", RollingUpdateStatefulSetStrategy, "How an update proceeds."));

    /// <summary>What becomes of the claims.</summary>
    public static Schema StatefulSetPersistentVolumeClaimRetentionPolicy { get; } = Record(
        Definitions.Apps + "StatefulSetPersistentVolumeClaimRetentionPolicy", "What becomes of the claims.",
        Field("whenDeleted", Text, "What becomes of claims when the set goes: Retain or Delete.").Defaults("\"Retain\""),
        Field("whenScaled", Text, "What becomes of claims when the set shrinks: Retain or Delete.").Defaults("\"Retain\""));

    /// <summary>How pods are numbered.</summary>
    public static Schema StatefulSetOrdinals { get; } = Record(
        Definitions.Apps + "StatefulSetOrdinals", "How pods are numbered.",
        Field("start", Number32, "The first number."));

    /// <summary>What is wanted.</summary>
    public static Schema StatefulSetSpec { get; } = Record(
        Definitions.Apps + "StatefulSetSpec", "What is wanted.",
        Field("replicas", Number32, "How many.").Defaults("1"),
        Field("selector", MetaSchema.LabelSelector, "The labels.").Required(),
        Field("template", PodSchema.PodTemplateSpec, "What is made.").Required(),
        Field("volumeClaimTemplates", List(ClaimSchema.PersistentVolumeClaim), "Claims that each pod gets."),
        Field("serviceName", Text, "The service that names the pods."),
        Field("podManagementPolicy", OneOf("OrderedReady", "Parallel"), "Whether pods come one by one or all at once.").Defaults("\"OrderedReady\""),
        Field("updateStrategy", StatefulSetUpdateStrategy, "How pods are replaced."),
        Field("revisionHistoryLimit", Number32, "How many old revisions are kept.").Defaults("10"),
        Field("minReadySeconds", Number32, "Seconds that a pod must be ready to count as available."),
        Field("persistentVolumeClaimRetentionPolicy", StatefulSetPersistentVolumeClaimRetentionPolicy, "What becomes of the claims."),
        Field("ordinals", StatefulSetOrdinals, "How pods are numbered."));

    /// <summary>What is true of the object now, a type each.</summary>
    public static Schema StatefulSetCondition { get; } = Record(
        Definitions.Apps + "StatefulSetCondition", "What is true of the object now, a type each.",
        Field("type", Text, "The type."),
        Field("status", Text, "What is."),
        Field("lastTransitionTime", Time, "When the status changed."),
        Field("reason", Text, "In one word, for a machine."),
        Field("message", Text, "For a person."));

    /// <summary>What is.</summary>
    public static Schema StatefulSetStatus { get; } = Record(
        Definitions.Apps + "StatefulSetStatus", "What is.",
        Field("observedGeneration", Number64, "The generation that the status is about."),
        Field("replicas", Number32, "How many.").Required(),
        Field("readyReplicas", Number32, "Pods that are ready."),
        Field("currentReplicas", Number32, "Pods of the current revision."),
        Field("updatedReplicas", Number32, "Pods of the new revision."),
        Field("currentRevision", Text, "The revision that pods had before the update."),
        Field("updateRevision", Text, "The revision that pods get."),
        Field("collisionCount", Number32, "How many names of replica sets were taken."),
        Field("conditions", Keyed(StatefulSetCondition, "type"), "What is true of the object now, a type each."),
        Field("availableReplicas", Number32, "Pods that have been ready for long enough."));

    /// <summary>Pods with names and claims of their own.</summary>
    public static Schema StatefulSet { get; } = Record(
        Definitions.Apps + "StatefulSet", "Pods with names and claims of their own.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", StatefulSetSpec, "What is wanted."),
            Field("status", StatefulSetStatus, "What is."),
        ]);

    /// <summary>How an update proceeds.</summary>
    public static Schema RollingUpdateDeployment { get; } = Record(
        Definitions.Apps + "RollingUpdateDeployment", "How an update proceeds.",
        Field("maxUnavailable", IntOrText, "How many pods may be missing."),
        Field("maxSurge", IntOrText, "How many pods there may be above the number wanted."));

    /// <summary>How pods are replaced.</summary>
    public static Schema DeploymentStrategy { get; } = Record(
        Definitions.Apps + "DeploymentStrategy", "How pods are replaced.",
        Field("type", Text, "The type."),
        Field("rollingUpdate", RollingUpdateDeployment, "How an update proceeds."));

    /// <summary>What is wanted.</summary>
    public static Schema DeploymentSpec { get; } = Record(
        Definitions.Apps + "DeploymentSpec", "What is wanted.",
        Field(1, "replicas", Number32, "How many.").Defaults("1"),
        Field(2, "selector", MetaSchema.LabelSelector, "The labels.").Required(),
        Field(3, "template", PodSchema.PodTemplateSpec, "What is made.").Required(),
        Field(4, "strategy", DeploymentStrategy, "How pods are replaced.").RetainingKeys(),
        Field(5, "minReadySeconds", Number32, "Seconds that a pod must be ready to count as available.").OmittingZero(),
        Field(6, "revisionHistoryLimit", Number32, "How many old revisions are kept.").Defaults("10"),
        Field(7, "paused", Flag, "Whether nothing is to be done for now.").OmittingZero(),
        Field(9, "progressDeadlineSeconds", Number32, "Seconds without progress after which the rollout has failed.").Defaults("600"));

    /// <summary>What is true of the object now, a type each.</summary>
    public static Schema DeploymentCondition { get; } = Record(
        Definitions.Apps + "DeploymentCondition", "What is true of the object now, a type each.",
        Field("type", Text, "The type."),
        Field("status", Text, "What is."),
        Field("lastUpdateTime", Time, "When the condition was last told."),
        Field("lastTransitionTime", Time, "When the status changed."),
        Field("reason", Text, "In one word, for a machine."),
        Field("message", Text, "For a person."));

    /// <summary>What is.</summary>
    public static Schema DeploymentStatus { get; } = Record(
        Definitions.Apps + "DeploymentStatus", "What is.",
        Field("observedGeneration", Number64, "The generation that the status is about."),
        Field("replicas", Number32, "How many."),
        Field("updatedReplicas", Number32, "Pods of the new revision."),
        Field("readyReplicas", Number32, "Pods that are ready."),
        Field("availableReplicas", Number32, "Pods that have been ready for long enough."),
        Field("unavailableReplicas", Number32, "Pods that are missing."),
        Field("terminatingReplicas", Number32, "Pods that are ending."),
        Field("conditions", Keyed(DeploymentCondition, "type"), "What is true of the object now, a type each."),
        Field("collisionCount", Number32, "How many names of replica sets were taken."));

    /// <summary>Pods that are all alike, and how they are replaced.</summary>
    public static Schema Deployment { get; } = Record(
        Definitions.Apps + "Deployment", "Pods that are all alike, and how they are replaced.",
        [
            .. MetaSchema.Head,
            Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field(2, "spec", DeploymentSpec, "What is wanted."),
            Field("status", DeploymentStatus, "What is."),
        ]);

    /// <summary>What is wanted.</summary>
    public static Schema ReplicaSetSpec { get; } = Record(
        Definitions.Apps + "ReplicaSetSpec", "What is wanted.",
        Field("replicas", Number32, "How many.").Defaults("1"),
        Field("minReadySeconds", Number32, "Seconds that a pod must be ready to count as available."),
        Field("selector", MetaSchema.LabelSelector, "The labels.").Required(),
        Field("template", PodSchema.PodTemplateSpec, "What is made."));

    /// <summary>What is true of the object now, a type each.</summary>
    public static Schema ReplicaSetCondition { get; } = Record(
        Definitions.Apps + "ReplicaSetCondition", "What is true of the object now, a type each.",
        Field("type", Text, "The type."),
        Field("status", Text, "What is."),
        Field("lastTransitionTime", Time, "When the status changed."),
        Field("reason", Text, "In one word, for a machine."),
        Field("message", Text, "For a person."));

    /// <summary>What is.</summary>
    public static Schema ReplicaSetStatus { get; } = Record(
        Definitions.Apps + "ReplicaSetStatus", "What is.",
        Field("replicas", Number32, "How many.").Required(),
        Field("fullyLabeledReplicas", Number32, "Pods with all labels of the template."),
        Field("readyReplicas", Number32, "Pods that are ready."),
        Field("availableReplicas", Number32, "Pods that have been ready for long enough."),
        Field("terminatingReplicas", Number32, "Pods that are ending."),
        Field("observedGeneration", Number64, "The generation that the status is about."),
        Field("conditions", Keyed(ReplicaSetCondition, "type"), "What is true of the object now, a type each."));

    /// <summary>A number of pods that are all alike.</summary>
    public static Schema ReplicaSet { get; } = Record(
        Definitions.Apps + "ReplicaSet", "A number of pods that are all alike.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", ReplicaSetSpec, "What is wanted."),
            Field("status", ReplicaSetStatus, "What is."),
        ]);

    /// <summary>How pods are replaced.</summary>
    public static Schema DaemonSetUpdateStrategy { get; } = Record(
        Definitions.Apps + "DaemonSetUpdateStrategy", "How pods are replaced.",
        Field("type", Text, "The type."),
        Field("rollingUpdate", Record(
            Definitions.Apps + "RollingUpdateDaemonSet", "How an update proceeds.",
            Field("maxUnavailable", IntOrText, "How many pods may be missing."),
            Field("maxSurge", IntOrText, "How many nodes may have two pods.")), "How an update proceeds."));

    /// <summary>What is wanted.</summary>
    public static Schema DaemonSetSpec { get; } = Record(
        Definitions.Apps + "DaemonSetSpec", "What is wanted.",
        Field("selector", MetaSchema.LabelSelector, "The labels.").Required(),
        Field("template", PodSchema.PodTemplateSpec, "What is made.").Required(),
        Field("updateStrategy", DaemonSetUpdateStrategy, "How pods are replaced."),
        Field("minReadySeconds", Number32, "Seconds that a pod must be ready to count as available."),
        Field("revisionHistoryLimit", Number32, "How many old revisions are kept.").Defaults("10"));

    /// <summary>What is.</summary>
    public static Schema DaemonSetStatus { get; } = Record(
        Definitions.Apps + "DaemonSetStatus", "What is.",
        Field("currentNumberScheduled", Number32, "Nodes that have a pod.").Required(),
        Field("numberMisscheduled", Number32, "Nodes that have one and should not.").Required(),
        Field("desiredNumberScheduled", Number32, "Nodes that should have one.").Required(),
        Field("numberReady", Number32, "Pods that are ready.").Required(),
        Field("observedGeneration", Number64, "The generation that the status is about."),
        Field("updatedNumberScheduled", Number32, "Nodes that have one of the new template."),
        Field("numberAvailable", Number32, "Pods that have been ready for long enough."),
        Field("numberUnavailable", Number32, "Pods that are missing."),
        Field("collisionCount", Number32, "How many names of revisions were taken."),
        Field("conditions", Keyed(ReplicaSetCondition, "type"), "What is true of the object now, a type each."));

    /// <summary>A pod on every node.</summary>
    public static Schema DaemonSet { get; } = Record(
        Definitions.Apps + "DaemonSet", "A pod on every node.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", DaemonSetSpec, "What is wanted."),
            Field("status", DaemonSetStatus, "What is."),
        ]);

    /// <summary>A former state of a controller's template.</summary>
    public static Schema ControllerRevision { get; } = Record(
        Definitions.Apps + "ControllerRevision", "A former state of a controller's template.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("data", Anything, "The entries.").Required(),
            Field("revision", Number64, "The number of the revision."),
        ]);
}
