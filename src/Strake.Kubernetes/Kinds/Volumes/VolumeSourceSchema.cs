using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>What new volumes can begin with.</summary>
static class VolumeSourceSchema
{
    /// <summary>What new volumes can begin with.</summary>
    public static Schema VolumeSource { get; } = Record(
        "dev.strake.v1.VolumeSource", "What new volumes can begin with: a claim's dataSourceRef names one.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", Record(
                "dev.strake.v1.VolumeSourceSpec", "What it is.",
                Field("image", Record(
                    "dev.strake.v1.ImageSource", "A directory of an image.",
                    Field("reference", Text, "The image.").Required(),
                    Field("path", Text, "The directory, absolute; the image's root by default.").Defaults("\"/\""),
                    Field("pullPolicy", OneOf("Always", "Never", "IfNotPresent"), "Whether it is pulled: Always, IfNotPresent, Never.").Defaults("\"IfNotPresent\"")), "A directory of an image.").Required()),
                "What it is.").Required(),
        ]);
}
