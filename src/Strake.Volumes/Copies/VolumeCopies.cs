using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>
/// Snapshots of volumes, and volumes made from others. What a copy takes is told beforehand, see <see cref="CostAsync"/>; where it is not of
/// one moment by itself, whoever has the volume mounted has to be held meanwhile.
/// </summary>
/// <example>
/// <code>
/// await volumes.Copies.SnapshotAsync("data", "before", held: [], ct);
/// await volumes.Copies.RollBackAsync("data", "before", ct);
/// await volumes.Copies.CloneAsync(new("data", "before", "copy"), held: [], ct);
/// </code>
/// </example>
public sealed class VolumeCopies
{
    readonly VolumeContext context;

    internal VolumeCopies(VolumeContext context) => this.context = context;

    /// <summary>What a snapshot or clone of a volume takes. Walks the volume where only that tells.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <exception cref="StrakeException">NotFound. NotSupported: it cannot be copied; says why.</exception>
    public async Task<VolumeCopyCost> CostAsync(string name, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeRecords.NameOf(name);
        Versioned<VolumeRecord> record = await GetAsync(parsed, cancellationToken);
        return await context.Lifecycle.CopierOf(record.Value.Driver).CopyCostAsync(parsed, cancellationToken);
    }

    /// <summary>Whether a copy of a volume is of one moment while somebody writes to it. Cheap.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <exception cref="StrakeException">NotFound. NotSupported: it cannot be copied; says why.</exception>
    public async Task<bool> AreOfOneMomentAsync(string name, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeRecords.NameOf(name);
        Versioned<VolumeRecord> record = await GetAsync(parsed, cancellationToken);
        return context.Lifecycle.CopierOf(record.Value.Driver).CopiesOneMoment(parsed);
    }

    /// <summary>A volume's snapshots, the oldest first.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <exception cref="StrakeException">NotFound. NotSupported: its driver keeps none.</exception>
    public async Task<IReadOnlyList<VolumeSnapshot>> ListAsync(string name, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeRecords.NameOf(name);
        Versioned<VolumeRecord> record = await GetAsync(parsed, cancellationToken);
        return context.Lifecycle.CopierOf(record.Value.Driver).SnapshotsOf(parsed);
    }

    /// <summary>Makes a snapshot.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="snapshot">The snapshot's name; null: after the moment.</param>
    /// <param name="held">Holders that do not write until this returns.</param>
    /// <param name="cancellationToken">Honoured until the snapshot is whole.</param>
    /// <exception cref="StrakeException">
    /// NotFound. Conflict: there is a snapshot of that name. InUse: somebody who is not held has it mounted, and a copy would not be of one
    /// moment. Exhausted: no space left. NotSupported.
    /// </exception>
    public async Task<VolumeSnapshot> SnapshotAsync(string name, string? snapshot, IReadOnlySet<string> held, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeRecords.NameOf(name);
        SnapshotName made = snapshot is null ? SnapshotName.At(context.Time.GetUtcNow()) : SnapshotName.Parse(snapshot);
        using IDisposable turn = await context.Names.EnterAsync(parsed, cancellationToken);
        Versioned<VolumeRecord> record = await ReadyAsync(parsed, cancellationToken);
        ICopyingVolumeDriver driver = context.Lifecycle.CopierOf(record.Value.Driver);
        if (Find(driver, parsed, made) is not null)
            throw StrakeException.Conflict($"snapshot {name}: it has a snapshot {made} already");
        await RequireOneMomentAsync("snapshot", driver, parsed, held, cancellationToken);
        await context.Lifecycle.CopyAsync(parsed, record, cancellationToken, copier => copier.SnapshotAsync(parsed, made, cancellationToken));
        context.Tell("snapshot", parsed, [new("snapshot", made.ToString())]);
        return Get(driver, parsed, made);
    }

    /// <summary>
    /// Holds all writes to a volume until what is returned is disposed; null where that cannot be, for it is no file system of its own, or not
    /// mounted. Copies can be made meanwhile.
    /// </summary>
    /// <param name="name">The volume.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <exception cref="StrakeException">NotFound. NotSupported: it cannot be copied; says why.</exception>
    public async Task<IDisposable?> FreezeAsync(string name, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeName.Parse(name);
        using IDisposable turn = await context.Names.EnterAsync(parsed, cancellationToken);
        Versioned<VolumeRecord> record = await ReadyAsync(parsed, cancellationToken);
        return context.Lifecycle.CopierOf(record.Value.Driver).Freeze(parsed);
    }

    /// <summary>Makes a snapshot of each of several volumes, all of one moment.</summary>
    /// <param name="volumes">The volumes, of one driver that can do that.</param>
    /// <param name="snapshot">The snapshots' name; null: after the moment.</param>
    /// <param name="cancellationToken">Honoured until the intent is written.</param>
    /// <exception cref="StrakeException">
    /// NotFound. Invalid: they are of several drivers, or there is none. NotSupported. Conflict: one has a snapshot of that name. Exhausted: no
    /// space left.
    /// </exception>
    public async Task<IReadOnlyList<VolumeSnapshot>> SnapshotGroupAsync(IReadOnlyList<string> volumes, string? snapshot, CancellationToken cancellationToken)
    {
        SnapshotName made = snapshot is null ? SnapshotName.At(context.Time.GetUtcNow()) : SnapshotName.Parse(snapshot);
        // In one order, so that nobody waits in a circle.
        VolumeName[] parsed = [.. volumes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(static name => VolumeName.Parse(name))];
        var taken = new Stack<IDisposable>();
        try
        {
            var found = new List<Versioned<VolumeRecord>>();
            foreach (VolumeName name in parsed)
            {
                taken.Push(await context.Names.EnterAsync(name, cancellationToken));
                found.Add(await ReadyAsync(name, cancellationToken));
            }

            if (found.Select(static record => record.Value.Driver).Distinct(StringComparer.Ordinal).Count() != 1)
                throw StrakeException.Invalid("snapshots of one moment are made of volumes of one driver");
            if (context.Lifecycle.CopierOf(found[0].Value.Driver) is not IGroupingVolumeDriver driver)
                throw StrakeException.NotSupported($"the driver {found[0].Value.Driver} makes no snapshots of several volumes at once");
            if (parsed.Any(name => Find(driver, name, made) is not null))
                throw StrakeException.Conflict($"snapshot {string.Join(", ", volumes)}: one of them has a snapshot {made} already");
            await InAllAsync(0, driver);
            foreach (VolumeName name in parsed)
                context.Tell("snapshot", name, [new("snapshot", made.ToString())]);
            return [.. parsed.Select(name => Get(driver, name, made))];

            // Each is written down as being copied before the first is, and settled after the last.
            Task InAllAsync(int index, IGroupingVolumeDriver grouping) => index == parsed.Length
                ? grouping.SnapshotGroupAsync(parsed, made, cancellationToken)
                : context.Lifecycle.CopyAsync(parsed[index], found[index], cancellationToken, _ => InAllAsync(index + 1, grouping));
        }
        finally
        {
            while (taken.TryPop(out IDisposable? turn))
                turn.Dispose();
        }
    }

    /// <summary>Removes a snapshot.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="cancellationToken">Honoured until the intent is written.</param>
    /// <exception cref="StrakeException">NotFound: the volume, or the snapshot.</exception>
    public async Task RemoveAsync(string name, string snapshot, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeRecords.NameOf(name);
        using IDisposable turn = await context.Names.EnterAsync(parsed, cancellationToken);
        Versioned<VolumeRecord> record = await ReadyAsync(parsed, cancellationToken);
        VolumeSnapshot found = Get(context.Lifecycle.CopierOf(record.Value.Driver), parsed, SnapshotName.Parse(snapshot));
        await context.Lifecycle.CopyAsync(parsed, record, cancellationToken, copier => copier.RemoveSnapshotAsync(parsed, found.Name, CancellationToken.None));
        context.Tell("snapshot-destroy", parsed, [new("snapshot", snapshot)]);
    }

    /// <summary>Gives a volume the content and the size that it had; the snapshot stays, what was written since is gone.</summary>
    /// <param name="name">A volume that nobody has mounted.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="cancellationToken">Honoured until the volume has its old content.</param>
    /// <exception cref="StrakeException">NotFound: the volume, or the snapshot. InUse: names who has it mounted. Exhausted: no space left.</exception>
    public async Task RollBackAsync(string name, string snapshot, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeRecords.NameOf(name);
        using IDisposable turn = await context.Names.EnterAsync(parsed, cancellationToken);
        Versioned<VolumeRecord> record = await ReadyAsync(parsed, cancellationToken);
        VolumeSnapshot found = Get(context.Lifecycle.CopierOf(record.Value.Driver), parsed, SnapshotName.Parse(snapshot));
        if (await MountedAsync(parsed, cancellationToken) is { Count: > 0 } mounted)
            throw StrakeException.InUse($"roll back {name}: it is mounted - [{string.Join(", ", mounted)}]; stop those first");
        await context.Lifecycle.CopyAsync(parsed, record, cancellationToken, copier => copier.RollBackAsync(parsed, found.Name, cancellationToken));
        context.Tell("rollback", parsed, [new("snapshot", snapshot)]);
    }

    /// <summary>Makes a volume with the content of another, and with its options and labels where the request says no others.</summary>
    /// <param name="request">Which, of which, for whom.</param>
    /// <param name="held">As in <see cref="SnapshotAsync"/>; not looked at where a snapshot is given.</param>
    /// <param name="cancellationToken">Honoured until the clone is whole.</param>
    /// <returns>The new volume's name.</returns>
    /// <exception cref="StrakeException">As <see cref="SnapshotAsync"/>. Conflict: there is a volume of the new name.</exception>
    public async Task<string> CloneAsync(VolumeCloneRequest request, IReadOnlySet<string> held, CancellationToken cancellationToken)
    {
        VolumeName source = VolumeRecords.NameOf(request.Source);
        VolumeName made = request.Target is null ? request.DrawnName ?? VolumeName.Anonymous() : VolumeName.Parse(request.Target, "clone");
        if (source == made)
            throw StrakeException.Conflict($"clone {source}: a volume cannot be its own clone");
        using IDisposable turn = await context.Names.EnterBothAsync(source, made, cancellationToken);
        Versioned<VolumeRecord> record = await ReadyAsync(source, cancellationToken);
        ICopyingVolumeDriver driver = context.Lifecycle.CopierOf(record.Value.Driver);
        if (request.Driver.Length > 0 && request.Driver != driver.Name)
            throw StrakeException.Conflict($"clone {source}: its driver is {driver.Name}, and a clone has the driver of its original");
        if (await context.Records.FindAsync(made, cancellationToken) is not null)
            throw StrakeException.Conflict($"clone {source}: there is a volume {made} already");
        SnapshotName? old = request.Snapshot is null ? null : Get(driver, source, SnapshotName.Parse(request.Snapshot)).Name;
        if (old is null)
            await RequireOneMomentAsync("clone", driver, source, held, cancellationToken);
        var clone = new VolumeRecord(driver.Name, request.Options ?? record.Value.Options, LabelsOf(record.Value, request), context.Time.GetUtcNow(), VolumeState.Creating);
        await context.Lifecycle.MakeAsync(
            made,
            await context.Records.WriteAsync(made, clone, revision: 0, Durability.Eventual, cancellationToken, request.Attachment),
            () => driver.CloneAsync(source, old, made, request.Options, cancellationToken));
        context.Tell("create", made, [new("driver", driver.Name)]);
        return made.ToString();
    }

    // A clone is anonymous where it has no name, whatever its original is.
    static Dictionary<string, string> LabelsOf(VolumeRecord original, VolumeCloneRequest request)
    {
        var labels = (request.Labels ?? original.Labels).Where(static label => label.Key != Volume.AnonymousLabel).ToDictionary(StringComparer.Ordinal);
        if (request.Target is null)
            labels[Volume.AnonymousLabel] = "";
        return labels;
    }

    async Task<Versioned<VolumeRecord>> GetAsync(VolumeName name, CancellationToken cancellationToken)
    {
        Versioned<VolumeRecord> record = await context.Records.GetAsync(name, cancellationToken);
        return record.Value.State is VolumeState.Trashed or VolumeState.Removing ? throw VolumeRecords.NoSuchVolume(name.ToString()) : record;
    }

    async Task<Versioned<VolumeRecord>> ReadyAsync(VolumeName name, CancellationToken cancellationToken) =>
        await context.Lifecycle.ReadyAsync(name, await GetAsync(name, cancellationToken), cancellationToken);

    async Task RequireOneMomentAsync(
        string operation, ICopyingVolumeDriver driver, VolumeName name, IReadOnlySet<string> held, CancellationToken cancellationToken)
    {
        List<string> writers =
        [
            .. from use in await context.Ledger.OfAsync(name, cancellationToken)
               where use is { Mounted: true, Attachment.ReadOnly: false } && !held.Contains(use.Attachment.Holder)
               select use.Attachment.Holder,
        ];
        if (!driver.CopiesOneMoment(name) && writers.Count > 0)
            throw StrakeException.InUse($"{operation} {name}: it is mounted - [{string.Join(", ", writers)}], and its copy would not be of one moment; stop those first, or freeze them meanwhile (strake volume {operation} does)");
    }

    async Task<List<string>> MountedAsync(VolumeName name, CancellationToken cancellationToken) =>
        [.. from use in await context.Ledger.OfAsync(name, cancellationToken) where use.Mounted select use.Attachment.Holder];

    static VolumeSnapshot? Find(ICopyingVolumeDriver driver, VolumeName name, SnapshotName snapshot) =>
        driver.SnapshotsOf(name).FirstOrDefault(found => found.Name == snapshot);

    static VolumeSnapshot Get(ICopyingVolumeDriver driver, VolumeName name, SnapshotName snapshot) =>
        Find(driver, name, snapshot) ?? throw StrakeException.NotFound($"volume {name} has no snapshot {snapshot}");
}
