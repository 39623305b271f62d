using Strake.Layers;

namespace Strake.Daemon.Composition;

/// <summary>All storage drivers there are, by name, and which of them a daemon tries.</summary>
static class StorageDrivers
{
    const string OldNameOfOverlay2 = "overlay";

    // The list. The order is that of preference where the user names none.
    static readonly StorageDriverKind[] s_all =
    [
        new(
            "overlay2", ["overlay2.size", "overlay2.mount_program"],
            settings => new Overlay2Driver(settings.DataRoot, settings.Text("overlay2.mount_program"))),
        new("btrfs", ["btrfs.min_space"], settings => new BtrfsDriver(settings.DataRoot, settings.Size("btrfs.min_space") ?? 0)),
        new("zfs", ["zfs.fsname"], settings => new ZfsDriver(settings.DataRoot, settings.Text("zfs.fsname"))),
        new("devicemapper", DeviceMapperSettings.Names, settings => new DeviceMapperDriver(settings.DataRoot, DeviceMapperSettings.Of(settings))),
        new("vfs", [], settings => new VfsDriver(settings.DataRoot)),
        new("composefs", ["composefs.size"], settings => new ComposefsDriver(settings.DataRoot)) { IsTriedUnasked = false },
        new("aufs", [], settings => new AufsDriver(settings.DataRoot)) { IsTriedUnasked = false },
    ];

    /// <summary>The drivers that come into question, best first. None has been tried yet: opening the layer store does that.</summary>
    /// <param name="dataRoot">The data root; exists.</param>
    /// <param name="name">What the user named; null: nothing.</param>
    /// <param name="options">The driver's options, <c>key=value</c>.</param>
    /// <param name="recorded">The one that keeps layers by the records; null: there are none.</param>
    /// <returns>One, where the user or the data root says which; else all that know the options.</returns>
    /// <exception cref="StrakeException">Invalid: no driver of that name, an option that it does not know, or a value that is none.</exception>
    public static IReadOnlyList<StorageDriverChoice> Candidates(string dataRoot, string? name, IReadOnlyList<string> options, string? recorded = null)
    {
        StorageSettings settings = StorageSettings.Parse(dataRoot, options);
        if (name is not null) return [Choose(Named(name), settings, ReasonOf(name))];

        // A driver that has layers already is kept to: with another one they would seem to be gone.
        if (recorded is not null) return [Choose(Named(recorded), settings, "has layers in the data root")];
        if (s_all.FirstOrDefault(kind => HasLayers(kind, dataRoot)) is { } kept) return [Choose(kept, settings, "has layers in the data root")];

        var found = new List<StorageDriverChoice>();
        string? last = null;
        foreach (StorageDriverKind kind in s_all.Where(kind => kind.IsTriedUnasked))
        {
            if (kind.Knows(settings.Options.Keys))
                found.Add(Choose(kind, settings, last is null ? "the first choice, and it works" : last));
            last = kind.Knows(settings.Options.Keys) ? $"{kind.Name} does not work here" : $"{kind.Name} does not know the storage options";
        }

        return found.Count > 0 ? found : throw Unknown(settings, s_all);
    }

    /// <summary>One of each kind, for whoever looks for what is there.</summary>
    /// <param name="dataRoot">The data root; exists.</param>
    public static IReadOnlyList<IStorageDriver> All(string dataRoot) => [.. s_all.Select(kind => kind.Make(new(dataRoot, new Dictionary<string, string>())))];

    static StorageDriverChoice Choose(StorageDriverKind kind, StorageSettings settings, string reason) =>
        kind.Knows(settings.Options.Keys)
            ? new(kind.Make(settings), reason) { SizeLimitBytes = settings.Size($"{kind.Name}.size") }
            : throw Unknown(settings, [kind]);

    static StorageDriverKind Named(string name)
    {
        string meant = name is OldNameOfOverlay2 ? "overlay2" : name;
        return s_all.FirstOrDefault(kind => string.Equals(kind.Name, meant, StringComparison.Ordinal))
            ?? throw StrakeException.Invalid($"storage driver {name} is not known: there are {string.Join(", ", s_all.Select(kind => kind.Name))}");
    }

    static string ReasonOf(string name) =>
        name is OldNameOfOverlay2 ? "named by the user as overlay, which is its old name: write overlay2" : "named by the user";

    static StrakeException Unknown(StorageSettings settings, IReadOnlyList<StorageDriverKind> kinds)
    {
        string option = settings.Options.Keys.First(option => !kinds.Any(kind => kind.Knows([option])));
        string known = string.Join(", ", kinds.SelectMany(kind => kind.Options));
        return StrakeException.Invalid(
            $"storage option {option} is not known to {string.Join(", ", kinds.Select(kind => kind.Name))}: there are {(known.Length == 0 ? "none" : known)}");
    }

    // By its layers, not by its directory: a driver that was tried and does not work may have left that.
    static bool HasLayers(StorageDriverKind kind, string dataRoot) => kind.Make(new(dataRoot, new Dictionary<string, string>())).List().Count > 0;
}
