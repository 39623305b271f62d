using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>What objects of every kind have.</summary>
static class MetaSchema
{
    /// <summary>The two fields that say what an object is.</summary>
    public static SchemaField[] Head { get; } =
    [
        Field("apiVersion", Text, "The API group and version."),
        Field("kind", Text, "The kind."),
    ];

    /// <summary>An object that this one belongs to.</summary>
    public static Schema OwnerReference { get; } = Atomic(Record(
        Definitions.Meta + "OwnerReference", "An object that this one belongs to; it goes with the last of them.",
        Field(5, "apiVersion", Text, "The API group and version.").Required(),
        Field(1, "kind", Text, "The kind.").Required(),
        Field(3, "name", Text, "The name.").Required(),
        Field(4, "uid", Text, "The id.").Required(),
        Field(6, "controller", Flag, "Whether it keeps this object as it is."),
        Field(7, "blockOwnerDeletion", Flag, "Whether a foreground deletion of the owner waits for this object.")));

    /// <summary>Who wrote which fields.</summary>
    public static Schema ManagedFieldsEntry { get; } = Record(
        Definitions.Meta + "ManagedFieldsEntry", "The fields that a writer has set.",
        Field(1, "manager", Text, "The writer."),
        Field(2, "operation", Text, "Apply or Update."),
        Field(3, "apiVersion", Text, "The version in which the fields are named."),
        Field(4, "time", Time, "When they were last changed."),
        Field(6, "fieldsType", Text, "FieldsV1."),
        Field(7, "fieldsV1", Anything, "The fields, as a tree."),
        Field(8, "subresource", Text, "The subresource through which they were written."));

    /// <summary>The metadata.</summary>
    public static Schema ObjectMeta { get; } = Record(
        Definitions.Meta + "ObjectMeta", "What objects of every kind have: a name, labels, a life.",
        Field(1, "name", Text, "The name, unique among objects of its kind and namespace. Cannot be changed."),
        Field(2, "generateName", Text, "A prefix; the server adds five characters and makes a name of it."),
        Field(3, "namespace", Text, "The namespace. Cannot be changed."),
        Field(4, "selfLink", Text, "Not used any more."),
        Field(5, "uid", Text, "The id, unique over space and time; set by the server."),
        Field(6, "resourceVersion", Text, "The version of the object; set by the server. Sent along with a change, it refuses the change of an older version."),
        Field(7, "generation", Number64, "How often the specification changed; set by the server.").OmittingZero(),
        Field(8, "creationTimestamp", Time, "When it was created; set by the server."),
        Field(9, "deletionTimestamp", Time, "When it goes, once it was deleted; set by the server. It stays while finalizers are there."),
        Field(10, "deletionGracePeriodSeconds", Number64, "Seconds that it had to end; set by the server."),
        Field(11, "labels", Map(Text), "Names and values by which objects are selected."),
        Field(12, "annotations", Map(Text), "Names and values for programs and people; nothing is selected by them."),
        Field(13, "ownerReferences", Keyed(OwnerReference, "uid"), "The objects that this one belongs to."),
        Field(14, "finalizers", Set(Text), "What must be done before the object goes; who did it takes its name away."),
        Field(17, "managedFields", List(ManagedFieldsEntry), "Who wrote which fields; kept by the server."));

    /// <summary>One of several conditions on labels.</summary>
    public static Schema LabelSelectorRequirement { get; } = Record(
        Definitions.Meta + "LabelSelectorRequirement", "A condition on labels.",
        Field(1, "key", Text, "The label.").Required(),
        Field(2, "operator", Text, "In, NotIn, Exists or DoesNotExist.").Required(),
        Field(3, "values", List(Text), "The values, for In and NotIn."));

    /// <summary>Conditions on labels.</summary>
    public static Schema LabelSelector { get; } = Atomic(Record(
        Definitions.Meta + "LabelSelector", "Conditions on labels; all must hold. None: everything.",
        Field(1, "matchLabels", Map(Text), "Labels and their values."),
        Field(2, "matchExpressions", List(LabelSelectorRequirement), "Conditions on labels.")));

    /// <summary>Something that is true of an object, or not.</summary>
    public static Schema Condition { get; } = Record(
        Definitions.Meta + "Condition", "Something that is true of an object, or not.",
        Field("type", Text, "What.").Required(),
        Field("status", OneOf("True", "False", "Unknown"), "Whether.").Required(),
        Field("observedGeneration", Number64, "The generation that it is about."),
        Field("lastTransitionTime", Time, "When that changed.").Required(),
        Field("reason", Text, "In one word, for a machine.").Required(),
        Field("message", Text, "For a person.").Required());

    /// <summary>Metadata of a list.</summary>
    public static Schema ListMeta { get; } = Record(
        Definitions.Meta + "ListMeta", "What lists of every kind have.",
        Field("continue", Text, "What to ask with for the rest; empty: there is none."),
        Field("remainingItemCount", Number64, "How many items are left, about."),
        Field("resourceVersion", Text, "The version of the list: where a watch continues it."),
        Field("selfLink", Text, "Not used any more."));

    /// <summary>What a deletion may be told.</summary>
    public static Schema DeleteOptions { get; } = Record(
        Definitions.Meta + "DeleteOptions", "How something is deleted.",
        [
            .. Head,
            Field(1, "gracePeriodSeconds", Number64, "Seconds that it has to end."),
            Field(2, "preconditions", Record(
                Definitions.Meta + "Preconditions", "What must be so for the deletion to happen.",
                Field(1, "uid", Text, "The id."),
                Field(2, "resourceVersion", Text, "The version.")), "What must be so for the deletion to happen."),
            Field(3, "orphanDependents", Flag, "Not used any more: propagationPolicy."),
            Field(4, "propagationPolicy", OneOf("Orphan", "Background", "Foreground"), "What becomes of what belongs to it."),
            Field(5, "dryRun", List(Text), "All: nothing is really done."),
            Field("ignoreStoreReadErrorWithClusterBreakingPotential", Flag, "Whether an object that cannot be read is deleted all the same."),
        ]);

    /// <summary>The outcome of a call that has no object to answer with.</summary>
    public static Schema Status { get; } = Record(
        Definitions.Meta + "Status", "The outcome of a call.",
        [
            .. Head,
            Field("metadata", ListMeta, "What lists of every kind have."),
            Field("status", Text, "Success or Failure."),
            Field("message", Text, "What happened, for a person."),
            Field("reason", Text, "Why, in one word."),
            Field("details", Anything, "What it is about, and each cause."),
            Field("code", Number32, "The HTTP status."),
        ]);
}
