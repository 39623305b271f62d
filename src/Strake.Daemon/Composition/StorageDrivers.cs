using Strake.Layers;

namespace Strake.Daemon.Composition;

/// <summary>All storage drivers there are, by name, and which of them a daemon tries.</summary>
static class StorageDrivers
{
    // The list. The order is that of preference where the user names none.
    static readonly (string Name, Func<string, IStorageDriver> Make)[] s_all =
    [
        ("overlay2", dataRoot => new Overlay2Driver(dataRoot)),
        ("vfs", dataRoot => new VfsDriver(dataRoot)),
    ];

    /// <summary>The drivers that come into question, best first. None has been tried yet: opening the layer store does that.</summary>
    /// <param name="dataRoot">The data root; exists.</param>
    /// <param name="name">What the user named; null: nothing.</param>
    /// <param name="options">The driver's options, <c>key=value</c>.</param>
    /// <returns>One, where the user or the data root says which; else all.</returns>
    /// <exception cref="StrakeException">Invalid: no driver of that name. NotSupported: an option.</exception>
    public static IReadOnlyList<StorageDriverChoice> Candidates(string dataRoot, string? name, IReadOnlyList<string> options)
    {
        if (options.Count > 0) throw StrakeException.NotSupported($"storage option {options[0].Split('=')[0]} is not supported yet by any storage driver");
        var found = new List<StorageDriverChoice>();
        foreach ((string candidate, Func<string, IStorageDriver> make) in s_all)
        {
            if (string.Equals(candidate, name, StringComparison.Ordinal)) return [new(make(dataRoot), "named by the user")];
            // A driver that has layers already is kept to: with another one they would seem to be gone.
            if (name is null && HasLayers(Path.Combine(dataRoot, candidate))) return [new(make(dataRoot), "has layers in the data root")];
            found.Add(new(make(dataRoot), found.Count == 0 ? "the first choice, and it works" : $"{found[^1].Driver.Name} does not work here"));
        }

        if (name is null) return found;
        throw StrakeException.Invalid($"storage driver {name} is not known: there are {string.Join(", ", found.Select(choice => choice.Driver.Name))}");
    }

    static bool HasLayers(string directory) => Directory.Exists(directory) && Directory.EnumerateDirectories(directory).Any();
}
