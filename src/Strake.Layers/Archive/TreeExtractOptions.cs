using Strake.Images;
using Strake.Images.Tar;

namespace Strake.Layers.Archive;

/// <summary>How a user's tar is extracted.</summary>
public sealed record TreeExtractOptions
{
    /// <summary>The owner that all entries get; null: what each entry says.</summary>
    public FileOwner? Owner { get; init; }

    /// <summary>
    /// Whether a directory may take the place of something else, and something else that of a directory; Docker's noOverwriteDirNonDir is
    /// the opposite.
    /// </summary>
    public bool ReplaceDirectories { get; init; } = true;

    /// <summary>Whether an entry for the root gives the directory itself its mode, owner and attributes: what is extracted is a whole tree.</summary>
    public bool SetsRoot { get; init; }

    /// <summary>How far the tar may expand.</summary>
    public ExpansionLimit Limit { get; init; } = ExpansionLimit.None;

    /// <summary>What of each entry may be taken into memory.</summary>
    public TarLimits TarLimits { get; init; } = TarLimits.Default;
}
