namespace Strake.Images;

/// <summary>A request to a registry, as often as it has to be made.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Target">A path below the host's root, or the whole of an address to which the registry has led.</param>
/// <param name="Scope">What it needs to be allowed, such as <c>repository:library/busybox:pull</c>; empty: nothing.</param>
sealed record RegistryRequest(HttpMethod Method, string Target, string Scope)
{
    /// <summary>Media types that are understood.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>The first byte wanted of a blob.</summary>
    public long From { get; init; }

    /// <summary>Makes the body; null: there is none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>Whether <see cref="Content"/> can be made again.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>Whether it is a login: a token for later ones is wanted.</summary>
    public bool IsLogin { get; init; }
}
