using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>What volumes hold.</summary>
/// <example>
/// <code>
/// VolumeSpace? space = await volumes.Measures.SpaceOfAsync("data", ct);    // at once, where its file system knows
/// long bytes = await volumes.Measures.WalkAsync("data", ct);
/// </code>
/// </example>
public sealed class VolumeMeasures
{
    readonly VolumeContext context;
    readonly VolumeCatalog catalog;

    internal VolumeMeasures(VolumeContext context, VolumeCatalog catalog)
    {
        this.context = context;
        this.catalog = catalog;
    }

    /// <summary>How much a volume holds and may hold, without walking it; null where only walking tells.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="cancellationToken">Cancels the question.</param>
    /// <exception cref="StrakeException">NotFound.</exception>
    public async Task<VolumeSpace?> SpaceOfAsync(string name, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeRecords.NameOf(name);
        return await (await DriverOfAsync(parsed, cancellationToken)).SpaceAsync(parsed, cancellationToken);
    }

    /// <summary>All volumes of <see cref="VolumeStore.ListAsync"/> with what each holds, as <see cref="SpaceOfAsync"/>, and who uses it; in one look-up.</summary>
    /// <param name="cancellationToken">Honoured between two volumes.</param>
    public async Task<IReadOnlyList<MeasuredVolume>> AllAsync(CancellationToken cancellationToken)
    {
        ILookup<string, VolumeUse> uses =
            (await context.Ledger.AllAsync(static _ => { }, cancellationToken)).ToLookup(static use => use.Volume, StringComparer.Ordinal);
        var measured = new List<MeasuredVolume>();
        foreach (Volume volume in await catalog.ListAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            VolumeSpace? space = context.Drivers.Find(volume.Driver) is { } driver
                ? await driver.SpaceAsync(VolumeName.Parse(volume.Name), cancellationToken)
                : null;
            measured.Add(new MeasuredVolume(volume, space, [.. uses[volume.Name]]));
        }

        return measured;
    }

    /// <summary>What a volume's files occupy, in bytes; -1 where its driver does not know. Walks the volume.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <exception cref="StrakeException">NotFound.</exception>
    public async Task<long> WalkAsync(string name, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeRecords.NameOf(name);
        return await (await DriverOfAsync(parsed, cancellationToken)).MeasureAsync(parsed, cancellationToken);
    }

    /// <summary>All volumes of <see cref="VolumeStore.ListAsync"/> with what their files occupy, as <see cref="WalkAsync"/>. Walks all of them.</summary>
    /// <param name="cancellationToken">Stops the walk.</param>
    public async Task<IReadOnlyList<(Volume Volume, long Bytes)>> WalkAllAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Volume> volumes = await catalog.ListAsync(cancellationToken);
        long?[] bytes = new long?[volumes.Count];
        foreach (IGrouping<string, int> ofOne in Enumerable.Range(0, volumes.Count).GroupBy(index => volumes[index].Driver, StringComparer.Ordinal))
        {
            // One whose driver is no more holds nothing that anybody could see.
            if (context.Drivers.Find(ofOne.Key) is not { } driver)
                continue;
            long?[] measured = await driver.MeasureAllAsync([.. ofOne.Select(index => VolumeName.Parse(volumes[index].Name))], cancellationToken);
            foreach ((int index, long? held) in ofOne.Zip(measured))
                bytes[index] = held;
        }

        return [.. from measured in volumes.Zip(bytes) where measured.Second is not null select (measured.First, measured.Second.GetValueOrDefault())];
    }

    async Task<IVolumeDriver> DriverOfAsync(VolumeName name, CancellationToken cancellationToken) =>
        context.Drivers.Get((await context.Records.GetAsync(name, cancellationToken)).Value.Driver);
}
