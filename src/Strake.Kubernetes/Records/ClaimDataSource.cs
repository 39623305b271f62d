using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>What a claim's volume shall hold from its beginning.</summary>
/// <param name="ApiGroup">The source's group; empty for the core group.</param>
/// <param name="Kind">The source's kind.</param>
/// <param name="Namespace">The source's namespace; empty for the claim's own.</param>
/// <param name="Name">The source's name.</param>
public sealed record ClaimDataSource(string ApiGroup, string Kind, string Namespace, string Name)
{
    /// <summary>Reads one from a document; null when there is none.</summary>
    /// <param name="spec">spec of a claim; dataSourceRef wins over dataSource, whose meaning it includes.</param>
    public static ClaimDataSource? Read(JsonElement spec)
    {
        JsonElement source = spec.Has("dataSourceRef") ? spec.At("dataSourceRef") : spec.At("dataSource");
        return source.Has("name") ? new ClaimDataSource(source.Text("apiGroup"), source.Text("kind"), source.Text("namespace"), source.Text("name")) : null;
    }
}
