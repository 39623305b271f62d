using Strake.Layers;

namespace Strake.Daemon.Composition;

/// <summary>A storage driver that can be chosen.</summary>
/// <param name="Name">What users write behind <c>-s</c>.</param>
/// <param name="Options">The options that it knows.</param>
/// <param name="Make">Makes one.</param>
sealed record StorageDriverKind(string Name, IReadOnlyList<string> Options, Func<StorageSettings, IStorageDriver> Make)
{
    /// <summary>Whether it is tried where the user names none. Others come by name alone, or where their layers lie already.</summary>
    public bool IsTriedUnasked { get; init; } = true;

    /// <summary>Whether it knows all of some options.</summary>
    public bool Knows(IEnumerable<string> options) => options.All(option => Options.Contains(option, StringComparer.Ordinal));
}
