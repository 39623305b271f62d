using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>The files that a new volume begins with: a directory of an image.</summary>
/// <param name="Image">The image.</param>
/// <param name="Path">The directory, absolute in the image.</param>
/// <param name="PullPolicy">Always, IfNotPresent or Never.</param>
public sealed record VolumeFiles(string Image, string Path, string PullPolicy)
{
    /// <summary>Reads it from a VolumeSource's document.</summary>
    /// <param name="document">The object.</param>
    public static VolumeFiles Read(JsonElement document)
    {
        JsonElement image = document.At("spec", "image");
        return new VolumeFiles(image.Text("reference"), image.TextOrNull("path") ?? "/", image.TextOrNull("pullPolicy") ?? "IfNotPresent");
    }
}
