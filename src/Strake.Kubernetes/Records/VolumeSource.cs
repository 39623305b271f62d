using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>Where a volume's storage is.</summary>
/// <param name="Type">The field of the document that says it: hostPath, local, nfs, csi, awsElasticBlockStore …; empty when there is none.</param>
/// <param name="Driver">Of csi and flexVolume, the driver's name; else empty.</param>
/// <param name="Handle">Of csi and of a plugin's flexVolume, the volume's name at the driver; of hostPath, local and nfs, the path; else empty.</param>
public sealed record VolumeSource(string Type, string Driver = "", string Handle = "")
{
    /// <summary>Of nfs, the server; else empty.</summary>
    public string Server { get; init; } = "";

    /// <summary>Of local, the file system on the device at the path; empty for a directory, and for the other types.</summary>
    public string FsType { get; init; } = "";

    /// <summary>Of hostPath, what must be at the path: Directory, FileOrCreate …; empty for whatever.</summary>
    public string PathType { get; init; } = "";

    /// <summary>Whether it can only be read.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>No storage.</summary>
    public static VolumeSource None { get; } = new("");

    // Every other field of a volume's spec that is an object is its source.
    static readonly HashSet<string> s_notSources = new(StringComparer.Ordinal) { "capacity", "claimRef", "nodeAffinity" };

    /// <summary>Reads one from a document.</summary>
    /// <param name="spec">spec of a volume.</param>
    public static VolumeSource Read(JsonElement spec)
    {
        if (spec.ValueKind is not JsonValueKind.Object) return None;
        JsonProperty source = spec.EnumerateObject().FirstOrDefault(static field => field.Value.ValueKind is JsonValueKind.Object && !s_notSources.Contains(field.Name));
        if (source.Value.ValueKind is JsonValueKind.Undefined) return None;
        return new VolumeSource(source.Name, source.Value.Text("driver"), HandleOf(source.Name, source.Value))
        {
            Server = source.Value.Text("server"),
            FsType = source.Name is "local" ? source.Value.Text("fsType") : "",
            PathType = source.Name is "hostPath" ? source.Value.Text("type") : "",
            ReadOnly = source.Value.Flag("readOnly"),
        };
    }

    static string HandleOf(string type, JsonElement source) => type switch
    {
        "csi" => source.Text("volumeHandle"),
        "flexVolume" => source.At("options").Text("volume"),
        _ => source.Text("path"),
    };
}
