using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Settings and accounts of pods.</summary>
static class SettingsSchema
{
    /// <summary>Settings for pods.</summary>
    public static Schema ConfigMap { get; } = Record(
        Definitions.Core + "ConfigMap", "Settings for pods.",
        [
            .. MetaSchema.Head,
            Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field(4, "immutable", Flag, "Whether the entries may never change."),
            Field(2, "data", Map(Text), "The entries."),
            Field(3, "binaryData", Map(Bytes), "Values that are not text, base64."),
        ]);

    /// <summary>Settings for pods that not everybody may read.</summary>
    public static Schema Secret { get; } = Record(
        Definitions.Core + "Secret", "Settings for pods that not everybody may read.",
        [
            .. MetaSchema.Head,
            Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field(5, "immutable", Flag, "Whether the entries may never change."),
            Field(2, "data", Map(Bytes), "The entries."),
            Field(4, "stringData", Map(Text), "Entries as text; written only, they become data."),
            Field(3, "type", Text, "The type.").Defaults("\"Opaque\""),
        ]);

    /// <summary>Who a pod is to the API.</summary>
    public static Schema ServiceAccount { get; } = Record(
        Definitions.Core + "ServiceAccount", "Who a pod is to the API.",
        [
            .. MetaSchema.Head,
            Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field(2, "secrets", Keyed(ReferenceSchema.ObjectReference, "name"), "The secrets that pods of the account may use."),
            Field(3, "imagePullSecrets", List(ReferenceSchema.LocalObjectReference), "Secrets with credentials of registries."),
            Field(4, "automountServiceAccountToken", Flag, "Whether the service account's token is mounted."),
        ]);
}
