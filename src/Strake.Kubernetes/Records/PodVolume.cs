using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A volume of a pod that is a claim.</summary>
/// <param name="Name">What the pod calls it.</param>
/// <param name="ClaimName">The claim, in the pod's namespace.</param>
/// <param name="ReadOnly">Whether the pod only reads it.</param>
/// <param name="IsEphemeral">Whether the claim is made for the pod and goes with it.</param>
public sealed record PodVolume(string Name, string ClaimName, bool ReadOnly = false, bool IsEphemeral = false)
{
    internal static IEnumerable<PodVolume> Read(string pod, JsonElement volume)
    {
        string name = volume.Text("name");
        JsonElement claim = volume.At("persistentVolumeClaim");
        if (claim.ValueKind is JsonValueKind.Object) yield return new PodVolume(name, claim.Text("claimName"), claim.Flag("readOnly"));
        else if (volume.Has("ephemeral")) yield return new PodVolume(name, $"{pod}-{name}", IsEphemeral: true);
    }
}
