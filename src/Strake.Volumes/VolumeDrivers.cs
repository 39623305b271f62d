namespace Strake.Volumes;

/// <summary>The volume drivers by their names: those of the engine itself, and those that are programs of others.</summary>
/// <param name="own">The engine's own.</param>
/// <param name="plugins">Those of others; null: none.</param>
/// <param name="csi">Those of the Container Storage Interface; null: none.</param>
sealed class VolumeDrivers(IReadOnlyList<IVolumeDriver> own, PluginDrivers? plugins, CsiDrivers? csi)
{
    const string DefaultName = "local";

    /// <summary>The engine's own, each of which knows all of its volumes without asking anybody.</summary>
    public IReadOnlyList<IVolumeDriver> Own => own;

    /// <summary>Those of others; null: none.</summary>
    public PluginDrivers? Plugins => plugins;

    /// <summary>Those of the Container Storage Interface; null: none.</summary>
    public CsiDrivers? Csi => csi;

    /// <summary>The driver of a volume for which nobody asked for one.</summary>
    public IVolumeDriver Default => Get(DefaultName);

    /// <summary>The driver of that name; null when there can be none. Asks nobody.</summary>
    public IVolumeDriver? Find(string name) => own.FirstOrDefault(driver => driver.Name == name) ?? csi?.Find(name) ?? (IVolumeDriver?)plugins?[name];

    /// <summary>As <see cref="Find"/>, where there has to be one.</summary>
    /// <exception cref="StrakeException">NotFound.</exception>
    public IVolumeDriver Get(string name) => Find(name) ?? throw NotFound(name);

    /// <summary>Refuses a driver that a user asks for and that there is not, in Docker's words.</summary>
    /// <param name="name">What the user wrote.</param>
    /// <param name="cancellationToken">Gives the question up.</param>
    /// <exception cref="StrakeException">NotFound: neither the engine nor any plugin has that name. Conflict: a plugin that is off. Unavailable: one that does not run.</exception>
    public async Task RequireAsync(string name, CancellationToken cancellationToken)
    {
        if (own.Any(driver => driver.Name == name) || csi?.Find(name) is not null)
            return;
        bool isThere;
        try
        {
            isThere = (plugins is not null && await plugins.FindAsync(name, cancellationToken) is not null)
                || (csi is not null && await csi.FindAsync(name, cancellationToken) is not null);
        }
        catch (StrakeException unusable)
        {
            throw new StrakeException(unusable.Kind, $"error looking up volume plugin {name}: {unusable.Message}", unusable);
        }

        if (!isThere)
            throw NotFound(name);
    }

    /// <summary>The plugin that has a volume which no record names; the first in the order of names, where several have.</summary>
    public async Task<(PluginDriver Driver, SharedVolume Volume)?> FindOwnerAsync(VolumeName volume, CancellationToken cancellationToken)
    {
        if (plugins?.All() is not { Count: > 0 } candidates)
            return null;
        SharedVolume?[] answers = await Task.WhenAll(candidates.Select(driver => driver.FindSoonAsync(volume, cancellationToken)));
        foreach ((PluginDriver driver, SharedVolume? answer) in candidates.Zip(answers))
        {
            if (answer is not null)
                return (driver, answer);
        }

        return null;
    }

    static StrakeException NotFound(string name) => StrakeException.NotFound($"error looking up volume plugin {name}: plugin \"{name}\" not found");
}
