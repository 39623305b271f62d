namespace Strake.Daemon.BuildKit.Solving;

/// <summary>Where steps of earlier builds are known from, or are to be known from.</summary>
/// <param name="Type"><c>registry</c>, <c>inline</c>, <c>local</c>, …</param>
/// <param name="Attributes">Which: <c>ref</c>, <c>src</c>, <c>dest</c>, <c>mode</c>, …</param>
sealed record CacheReference(string Type, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>The image, of the type <c>registry</c>; empty where there is none.</summary>
    public string Image => Attributes.GetValueOrDefault("ref", "");
}
