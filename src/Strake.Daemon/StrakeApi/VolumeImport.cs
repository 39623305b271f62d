using Strake.Volumes;

namespace Strake.Daemon.StrakeApi;

/// <summary>What becomes of tars that are sent.</summary>
/// <param name="Name">The new volume.</param>
sealed record VolumeImport(string Name)
{
    /// <summary>Options of the driver local; none where the volume begins as another one.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>The volume that it begins as, so that the first tar tells changes already; null: an empty one.</summary>
    public VolumeCloneRequest? Onto { get; init; }

    /// <summary>The tars, one behind the other; none named: what is sent is one.</summary>
    public IReadOnlyList<ImportPart> Parts { get; init; } = [];
}
