using System.Text.Json.Serialization;

namespace Strake.Build;

/// <summary>What is kept of a step's result.</summary>
sealed record CacheEntry
{
    /// <summary>The file system after it; empty: an empty one.</summary>
    public string Chain { get; init; } = "";

    /// <summary>The layer that it added; empty: none.</summary>
    public string Layer { get; init; } = "";

    /// <summary>The file system before it; empty: an empty one.</summary>
    public string Parent { get; init; } = "";

    /// <summary>The sizes of the files in its layer.</summary>
    public long SizeBytes { get; init; }

    /// <summary>The instruction.</summary>
    public string Description { get; init; } = "";

    /// <summary>What kind of thing it is, in BuildKit's words: <c>regular</c>, <c>exec.cachemount</c>.</summary>
    public string Kind { get; init; } = CacheKinds.Regular;

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When it was last of use.</summary>
    public DateTimeOffset LastUsed { get; init; }

    /// <summary>How often it was of use since it was made.</summary>
    public int Uses { get; init; }
}
