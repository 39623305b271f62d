namespace Strake.Images;

/// <summary>A request to a registry, as often as it has to be made.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Target">Its address, or a path below the host's root.</param>
/// <param name="Scope">What it needs to be allowed, such as <c>repository:library/busybox:pull</c>; empty: nothing.</param>
sealed record RegistryRequest(HttpMethod Method, string Target, string Scope)
{
    /// <summary>Media types that are understood.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>The first byte wanted of a blob.</summary>
    public long From { get; init; }

    /// <summary>Makes the body; null: there is none. A body that can be made once is for a request that is not repeated.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>Whether a failure that may pass is followed by another try: it changes nothing, or the same thing again.</summary>
    public bool IsRepeatable { get; init; } = true;
}
