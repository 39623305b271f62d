using Strake.Layers;

namespace Strake.Daemon.Composition;

/// <summary>All storage drivers there are, by name, and the choice among them.</summary>
static class StorageDrivers
{
    // The list. The order is that of preference where the user names none.
    static readonly (string Name, Func<string, IStorageDriver> Make)[] s_all =
    [
        ("overlay2", dataRoot => new Overlay2Driver(dataRoot)),
        ("vfs", dataRoot => new VfsDriver(dataRoot)),
    ];

    /// <summary>Chooses a driver.</summary>
    /// <param name="dataRoot">The data root; exists.</param>
    /// <param name="name">What the user named; null: nothing.</param>
    /// <param name="options">The driver's options, <c>key=value</c>.</param>
    /// <exception cref="StrakeException">
    /// Invalid: no driver of that name. NotSupported: an option. Unavailable: none works here; says why for each.
    /// </exception>
    public static StorageDriverChoice Choose(string dataRoot, string? name, IReadOnlyList<string> options)
    {
        StorageDriverChoice choice = name is null ? ChooseFreely(dataRoot) : ChooseNamed(dataRoot, name);
        if (options.Count > 0)
            throw StrakeException.NotSupported($"storage option {options[0].Split('=')[0]} is not supported by the storage driver {choice.Driver.Name}");
        return choice;
    }

    static StorageDriverChoice ChooseNamed(string dataRoot, string name)
    {
        foreach ((string candidate, Func<string, IStorageDriver> make) in s_all)
            if (string.Equals(candidate, name, StringComparison.Ordinal)) return new(make(dataRoot), "named by the user");
        throw StrakeException.Invalid($"storage driver {name} is not known: there are {string.Join(", ", s_all.Select(driver => driver.Name))}");
    }

    // A driver that has layers already is kept to: with another one they would seem to be gone.
    static StorageDriverChoice ChooseFreely(string dataRoot)
    {
        foreach ((string name, Func<string, IStorageDriver> make) in s_all)
            if (HasLayers(Path.Combine(dataRoot, name))) return new(make(dataRoot), "has layers in the data root");
        var reasons = new List<string>();
        foreach ((string name, Func<string, IStorageDriver> make) in s_all)
        {
            IStorageDriver driver = make(dataRoot);
            try
            {
                driver.Probe();
                return new(driver, reasons.Count == 0 ? "the first choice, and it works" : string.Join("; ", reasons));
            }
            catch (StrakeException e) when (e.Kind is ErrorKind.Unavailable or ErrorKind.NotSupported)
            {
                reasons.Add($"{name} does not work here: {e.Message}");
            }
        }

        throw StrakeException.Unavailable($"no storage driver works on {dataRoot}: {string.Join("; ", reasons)}");
    }

    static bool HasLayers(string directory) => Directory.Exists(directory) && Directory.EnumerateDirectories(directory).Any();
}
