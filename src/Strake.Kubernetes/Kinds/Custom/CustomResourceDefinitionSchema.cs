using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Definitions of kinds that users bring along.</summary>
static class CustomResourceDefinitionSchema
{
    /// <summary>The names of a kind.</summary>
    public static Schema CustomResourceDefinitionNames { get; } = Record(
        Definitions.Extensions + "CustomResourceDefinitionNames", "The names of a kind.",
        Field("plural", Text, "The plural, in paths.").Required(),
        Field("singular", Text, "The singular, in commands."),
        Field("shortNames", List(Text), "Short names for commands."),
        Field("kind", Text, "The kind.").Required(),
        Field("listKind", Text, "The kind of lists."),
        Field("categories", List(Text), "Groups of kinds that commands show together."));

    /// <summary>A column of <c>kubectl get</c>.</summary>
    public static Schema CustomResourceColumnDefinition { get; } = Record(
        Definitions.Extensions + "CustomResourceColumnDefinition", "A column of kubectl get.",
        Field("name", Text, "The heading.").Required(),
        Field("type", Text, "integer, number, string, boolean or date.").Required(),
        Field("format", Text, "How the value is shaped."),
        Field("description", Text, "What stands there."),
        Field("priority", Number32, "0: always shown; above: only with -o wide."),
        Field("jsonPath", Text, "Where the value is.").Required());

    /// <summary>Where the number of replicas is.</summary>
    public static Schema CustomResourceSubresourceScale { get; } = Record(
        Definitions.Extensions + "CustomResourceSubresourceScale", "Where the number of replicas is.",
        Field("specReplicasPath", Text, "Where the number that is wanted is.").Required(),
        Field("statusReplicasPath", Text, "Where the number that there is is.").Required(),
        Field("labelSelectorPath", Text, "Where the selector is."));

    /// <summary>Parts of objects that are written apart.</summary>
    public static Schema CustomResourceSubresources { get; } = Record(
        Definitions.Extensions + "CustomResourceSubresources", "Parts of objects that are written apart.",
        Field("status", Anything, "Whether the status is one; an empty object: yes."),
        Field("scale", CustomResourceSubresourceScale, "Where the number of replicas is."));

    /// <summary>What objects look like.</summary>
    public static Schema CustomResourceValidation { get; } = Record(
        Definitions.Extensions + "CustomResourceValidation", "What objects look like.",
        Field("openAPIV3Schema", Anything, "The schema, a structural one."));

    /// <summary>A version of the kind.</summary>
    public static Schema CustomResourceDefinitionVersion { get; } = Record(
        Definitions.Extensions + "CustomResourceDefinitionVersion", "A version of the kind.",
        Field("name", Text, "The version.").Required(),
        Field("served", Flag, "Whether it is served.").Required(),
        Field("storage", Flag, "Whether objects are stored in it; of one version this is so.").Required(),
        Field("deprecated", Flag, "Whether users should turn to another."),
        Field("deprecationWarning", Text, "What they are told then."),
        Field("schema", CustomResourceValidation, "What objects look like."),
        Field("subresources", CustomResourceSubresources, "Parts of objects that are written apart."),
        Field("additionalPrinterColumns", List(CustomResourceColumnDefinition), "Columns of kubectl get."),
        Field("selectableFields", List(Anything), "Fields by which objects are selected."));

    /// <summary>How objects get from one version to another.</summary>
    public static Schema CustomResourceConversion { get; } = Record(
        Definitions.Extensions + "CustomResourceConversion", "How objects get from one version to another.",
        Field("strategy", Text, "None: only the name of the version changes.").Required(),
        Field("webhook", Anything, "Who converts."));

    /// <summary>What is wanted.</summary>
    public static Schema CustomResourceDefinitionSpec { get; } = Record(
        Definitions.Extensions + "CustomResourceDefinitionSpec", "What is wanted.",
        Field("group", Text, "The group.").Required(),
        Field("names", CustomResourceDefinitionNames, "The names of the kind.").Required(),
        Field("scope", OneOf("Cluster", "Namespaced"), "Whether objects live in namespaces.").Required(),
        Field("versions", List(CustomResourceDefinitionVersion), "The versions.").Required(),
        Field("conversion", CustomResourceConversion, "How objects get from one version to another."),
        Field("preserveUnknownFields", Flag, "Not used any more."));

    /// <summary>What is true of the definition now, a type each.</summary>
    public static Schema CustomResourceDefinitionCondition { get; } = Record(
        Definitions.Extensions + "CustomResourceDefinitionCondition", "What is true of the definition now, a type each.",
        Field("type", Text, "The type.").Required(),
        Field("status", Text, "What is.").Required(),
        Field("lastTransitionTime", Time, "When the status changed."),
        Field("reason", Text, "In one word, for a machine."),
        Field("message", Text, "For a person."));

    /// <summary>What is.</summary>
    public static Schema CustomResourceDefinitionStatus { get; } = Record(
        Definitions.Extensions + "CustomResourceDefinitionStatus", "What is.",
        Field("conditions", Keyed(CustomResourceDefinitionCondition, "type"), "What is true of the definition now, a type each."),
        Field("acceptedNames", CustomResourceDefinitionNames, "The names that are served."),
        Field("storedVersions", List(Text), "Versions in which objects may be stored."));

    /// <summary>A kind that users bring along.</summary>
    public static Schema CustomResourceDefinition { get; } = Record(
        Definitions.Extensions + "CustomResourceDefinition", "A kind that users bring along.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", CustomResourceDefinitionSpec, "What is wanted.").Required(),
            Field("status", CustomResourceDefinitionStatus, "What is."),
        ]);
}
