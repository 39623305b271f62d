using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>Which volumes there are, as their users see them: those that records name, and those that only plugins know.</summary>
sealed class VolumeCatalog(VolumeContext context)
{
    /// <summary>What a record says, with what its driver adds without being asked.</summary>
    public Volume View(VolumeName name, VolumeRecord record)
    {
        // A volume whose driver is no more is listed, and whoever wants its content is told why there is none.
        IVolumeDriver? driver = context.Drivers.Find(record.Driver);
        return new Volume(
            name.ToString(), record.Driver, driver?.PathOf(name) ?? "", record.Labels, record.Options, record.CreatedAt, driver?.Scope ?? "local");
    }

    /// <summary>See <see cref="VolumeStore.FindAsync"/>.</summary>
    public async ValueTask<Volume?> FindAsync(string name, CancellationToken cancellationToken) =>
        VolumeName.TryParse(name, out VolumeName parsed) && await context.Records.FindAsync(parsed, cancellationToken) is { } record && IsVisible(record.Value)
            ? View(parsed, record.Value)
            : null;

    /// <summary>See <see cref="VolumeStore.InspectAsync"/>.</summary>
    public async Task<Volume?> InspectAsync(string name, CancellationToken cancellationToken)
    {
        if (!VolumeName.TryParse(name, out VolumeName parsed))
            return null;
        if (await FindAsync(name, cancellationToken) is { } volume)
        {
            if (context.Drivers.Find(volume.Driver) is not ISharedVolumeDriver shared)
                return volume;
            return await shared.FindAsync(parsed, cancellationToken) is { } detail ? With(volume with { Scope = shared.Scope }, detail) : null;
        }

        return await context.Drivers.FindOwnerAsync(parsed, cancellationToken) is (var driver, { } found) ? View(driver, found) : null;
    }

    /// <summary>See <see cref="VolumeStore.ListAsync"/>.</summary>
    public async ValueTask<IReadOnlyList<Volume>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<Volume>();
        // A record that cannot be read is the check's to report; here it must not hide the others.
        foreach (Versioned<VolumeRecord> record in await context.Records.ListAsync(static (_, _) => { }, cancellationToken))
        {
            if (IsVisible(record.Value) && VolumeName.TryParse(record.Id, out VolumeName name))
                found.Add(View(name, record.Value));
        }

        return found;
    }

    /// <summary>See <see cref="VolumeStore.ListAllAsync"/>.</summary>
    public async Task<VolumeListing> ListAllAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Volume> known = await ListAsync(cancellationToken);
        if (context.Drivers.Plugins?.All() is not { Count: > 0 } drivers)
            return new VolumeListing(known, []);
        var all = new SortedDictionary<string, Volume>(known.ToDictionary(static volume => volume.Name, StringComparer.Ordinal), StringComparer.Ordinal);
        var warnings = new List<string>();
        SharedListing[] listings = await Task.WhenAll(drivers.Select(driver => driver.ListSoonAsync(cancellationToken)));
        foreach ((PluginDriver driver, SharedListing listing) in drivers.Zip(listings))
        {
            if (listing.Warning is { } warning)
                warnings.Add(warning);
            foreach (SharedVolume volume in listing.Volumes)
            {
                // As Docker: of two drivers with one name, the one that has it here counts.
                if (all.TryGetValue(volume.Name, out Volume? recorded))
                    all[volume.Name] = recorded.Driver == driver.Name ? recorded with { Mountpoint = volume.Mountpoint } : recorded;
                else
                    all[volume.Name] = View(driver, volume);
            }
        }

        return new VolumeListing([.. all.Values], warnings);
    }

    static bool IsVisible(VolumeRecord record) => record.State is not (VolumeState.Removing or VolumeState.Trashed);

    static Volume View(PluginDriver driver, SharedVolume volume)
    {
        var none = new Dictionary<string, string>();
        return With(new Volume(volume.Name, driver.Name, "", none, none, default, driver.Scope), volume);
    }

    static Volume With(Volume volume, SharedVolume detail) => volume with
    {
        Mountpoint = detail.Mountpoint,
        CreatedAt = detail.CreatedAt ?? volume.CreatedAt,
        Status = detail.Status,
    };
}
