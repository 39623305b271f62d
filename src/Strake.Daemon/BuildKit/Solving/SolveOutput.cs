namespace Strake.Daemon.BuildKit.Solving;

/// <summary>One of the outputs of a build.</summary>
/// <param name="Index">Which, from 0: by this the client knows its file or directory again.</param>
/// <param name="Kind">What it is.</param>
sealed record SolveOutput(int Index, SolveOutputKind Kind)
{
    /// <summary>The names that the image gets, as the client wrote them.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Whether the image is pushed under its names when it is there.</summary>
    public bool Push { get; init; }

    /// <summary>Whether registries are asked without TLS, or without knowing their certificates.</summary>
    public bool Insecure { get; init; }

    /// <summary>How layers that leave are compressed: <c>gzip</c>, <c>zstd</c>, <c>uncompressed</c>; empty: as the engine does.</summary>
    public string Compression { get; init; } = "";

    /// <summary>Annotations of the manifest.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
