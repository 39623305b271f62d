using Microsoft.Win32.SafeHandles;
using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>
/// All volumes of the engine: what they are called, which driver has them, who uses them. Every operation on a volume
/// is written down before its effect, so that a restart finishes or takes back what a kill cut short.
/// </summary>
/// <example>
/// <code>
/// var volumes = await VolumeStore.OpenAsync(new(state, [new LocalDriver("/var/lib/strake/volumes")], TimeProvider.System), ct);
/// await volumes.CreateAsync(new VolumeRequest("data") { Attachment = new("container/4f2a", "/var/lib/mysql", false) }, ct);
/// string path = await volumes.MountAsync("data", "container/4f2a", ct);
/// </code>
/// </example>
public sealed class VolumeStore
{
    readonly VolumeStoreOptions options;
    readonly AttachmentLedger ledger;
    readonly VolumeRecords records;
    readonly VolumeLifecycle lifecycle;
    readonly NameQueue names = new();

    VolumeStore(VolumeStoreOptions options)
    {
        this.options = options;
        ledger = new AttachmentLedger(options.State, options.Time);
        records = new VolumeRecords(options.State, ledger);
        lifecycle = new VolumeLifecycle(records, ledger, DriverOf);
    }

    /// <summary>
    /// Opens the store: finishes removals, takes back half-made volumes, settles half-filled ones, and adopts
    /// directories that no record names, for they may hold somebody's data. A volume with which that does not work stays
    /// as it is, for the next start: see <see cref="OpenFindings"/>.
    /// </summary>
    /// <param name="options">State, drivers, clock.</param>
    /// <param name="cancellationToken">Honoured between two volumes.</param>
    public static async Task<VolumeStore> OpenAsync(VolumeStoreOptions options, CancellationToken cancellationToken)
    {
        var store = new VolumeStore(options);
        store.OpenFindings = await new VolumeRecovery(store.records, store.lifecycle, options.Drivers, options.Time).RunAsync(cancellationToken);
        return store;
    }

    /// <summary>
    /// What <see cref="OpenAsync"/> and <see cref="ReconcileAsync"/> found amiss and could not mend, a sentence each; empty in a sound store.
    /// </summary>
    public IReadOnlyList<string> OpenFindings { get; private set; } = [];

    /// <summary>
    /// Makes a volume, or finds the one of that name and driver; either way writes down the request's attachment.
    /// The volume survives a power cut once the task has completed.
    /// </summary>
    /// <param name="request">Name, driver, options, labels, and who will use it.</param>
    /// <param name="cancellationToken">Honoured until the record is written; afterwards the work finishes.</param>
    /// <returns>The volume.</returns>
    /// <exception cref="StrakeException">
    /// Invalid: the name or an option. NotFound: no such driver. Conflict: a volume of that name has another driver.
    /// Exhausted: no space left.
    /// </exception>
    public async Task<Volume> CreateAsync(VolumeRequest request, CancellationToken cancellationToken)
    {
        VolumeName name = string.IsNullOrEmpty(request.Name) ? VolumeName.Anonymous() : VolumeName.Parse(request.Name);
        IVolumeDriver driver = DriverOf(request.Driver);
        driver.Validate(request.DriverOptions);

        using IDisposable turn = await names.EnterAsync(name, cancellationToken);
        if (await records.FindAsync(name, cancellationToken) is { } existing)
            return await ReuseAsync(name, existing, driver, request.Attachment, cancellationToken);

        var record = new VolumeRecord(driver.Name, request.DriverOptions, LabelsOf(request), options.Time.GetUtcNow(), VolumeState.Creating);
        await lifecycle.MakeAsync(
            name, await records.WriteAsync(name, record, revision: 0, Durability.Eventual, cancellationToken, request.Attachment));
        Tell("create", name, [new("driver", driver.Name)]);
        return View(name, record);
    }

    /// <summary>The volume of that name; null when there is none.</summary>
    /// <param name="name">A name; one that cannot be a volume's finds none.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public async ValueTask<Volume?> FindAsync(string name, CancellationToken cancellationToken) =>
        VolumeName.TryParse(name, out VolumeName parsed)
            && await records.FindAsync(parsed, cancellationToken) is { Value: { State: not VolumeState.Removing } record }
                ? View(parsed, record)
                : null;

    /// <summary>All volumes, in the order of their names.</summary>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public async ValueTask<IReadOnlyList<Volume>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<Volume>();
        // A record that cannot be read is the check's to report; here it must not hide the others.
        foreach (Versioned<VolumeRecord> record in await records.ListAsync(static (_, _) => { }, cancellationToken))
        {
            if (record.Value.State is not VolumeState.Removing && VolumeName.TryParse(record.Id, out VolumeName name))
                found.Add(View(name, record.Value));
        }

        return found;
    }

    /// <summary>Removes a volume and its content.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="force">A volume that does not exist is no error. Does not overrule users.</param>
    /// <param name="cancellationToken">Honoured until the intent is written; afterwards the removal finishes.</param>
    /// <exception cref="StrakeException">NotFound. InUse: names the users, or the mount that lies below the content.</exception>
    public async Task RemoveAsync(string name, bool force, CancellationToken cancellationToken)
    {
        if (!VolumeName.TryParse(name, out VolumeName parsed))
        {
            if (force)
                return;
            throw VolumeRecords.NoSuchVolume(name);
        }

        using IDisposable turn = await names.EnterAsync(parsed, cancellationToken);
        if (await records.FindAsync(parsed, cancellationToken) is not { } record)
        {
            if (force)
                return;
            throw VolumeRecords.NoSuchVolume(name);
        }

        IReadOnlyList<VolumeUse> uses = await ledger.OfAsync(parsed, cancellationToken);
        if (uses.Count > 0)
            throw StrakeException.InUse($"remove {name}: volume is in use - [{string.Join(", ", uses.Select(use => HolderId(use.Attachment.Holder)))}]");
        await lifecycle.RemoveAsync(parsed, record, cancellationToken);
        Tell("destroy", parsed, [new("driver", record.Value.Driver)]);
    }

    /// <summary>Removes all volumes that nobody uses and that the caller picks.</summary>
    /// <param name="which">Which of the unused volumes go.</param>
    /// <param name="cancellationToken">Honoured between two volumes.</param>
    /// <returns>What was removed, what it occupied, and why the others could not be: one of them does not keep the rest.</returns>
    public async Task<VolumePruneReport> PruneAsync(Predicate<Volume> which, CancellationToken cancellationToken)
    {
        var deleted = new List<string>();
        var failures = new List<string>();
        long reclaimed = 0;
        foreach (Volume volume in await ListAsync(cancellationToken))
        {
            VolumeName name = VolumeName.Parse(volume.Name);
            if (!which(volume) || (await ledger.OfAsync(name, cancellationToken)).Count > 0)
                continue;
            try
            {
                long size = await MeasureAsync(volume.Name, cancellationToken);
                await RemoveAsync(volume.Name, force: true, cancellationToken);
                deleted.Add(volume.Name);
                reclaimed += size;
            }
            catch (StrakeException busy) when (busy.Kind is ErrorKind.InUse)
            {
                // Somebody began to use it since the list was made: that is what attachments are for.
                continue;
            }
            catch (Exception failed) when (failed is StrakeException or IOException)
            {
                failures.Add($"volume {volume.Name} was not removed: {failed.Message}");
            }
        }

        Tell("prune", "", [new("reclaimed", reclaimed.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        return new VolumePruneReport(deleted, reclaimed, failures);
    }

    /// <summary>Writes down that somebody uses a volume. Repeated for one holder, the later one stands.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="attachment">Who, where, in which mode.</param>
    /// <param name="cancellationToken">Honoured until the record is written.</param>
    /// <remarks>
    /// Not waited for on disk: the holder's own record, which is committed after it, takes it along (a store never makes
    /// a later commit durable before an earlier one).
    /// </remarks>
    /// <exception cref="StrakeException">NotFound. Conflict: an earlier removal of it did not finish.</exception>
    public async Task AttachAsync(string name, Attachment attachment, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeName.Parse(name);
        using IDisposable turn = await names.EnterAsync(parsed, cancellationToken);
        Versioned<VolumeRecord> record = await lifecycle.ReadyAsync(parsed, await records.GetAsync(parsed, cancellationToken), cancellationToken);
        await records.WriteAsync(parsed, record.Value, record.Revision, Durability.Eventual, cancellationToken, attachment);
    }

    /// <summary>Ends a use. A holder or volume that is not there is done already.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="holder">Who used it.</param>
    /// <param name="cancellationToken">Honoured until the record is written.</param>
    public async Task DetachAsync(string name, string holder, CancellationToken cancellationToken)
    {
        if (!VolumeName.TryParse(name, out VolumeName parsed))
            return;
        using IDisposable turn = await names.EnterAsync(parsed, cancellationToken);
        if (await records.FindAsync(parsed, cancellationToken) is { } record)
            await records.DetachAsync(parsed, record, holder, cancellationToken);
    }

    /// <summary>Makes the content available to a holder that is attached.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="holder">Who will use it.</param>
    /// <param name="cancellationToken">Passed to the driver.</param>
    /// <returns>Absolute path of the content on the host.</returns>
    /// <exception cref="StrakeException">NotFound. DataLoss: the content is gone.</exception>
    public async Task<string> MountAsync(string name, string holder, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeName.Parse(name);
        using IDisposable turn = await names.EnterAsync(parsed, cancellationToken);
        Versioned<VolumeRecord> record = await lifecycle.ReadyAsync(parsed, await records.GetAsync(parsed, cancellationToken), cancellationToken);
        string path = await DriverOf(record.Value.Driver).MountAsync(parsed, holder, cancellationToken);
        Tell("mount", parsed, [new("driver", record.Value.Driver), new("container", HolderId(holder))]);
        return path;
    }

    /// <summary>Ends a holder's use of the mount; its attachment stays. A volume that is not there is done already.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="holder">Who used it.</param>
    /// <param name="cancellationToken">Passed to the driver.</param>
    public async Task UnmountAsync(string name, string holder, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeName.Parse(name);
        using IDisposable turn = await names.EnterAsync(parsed, cancellationToken);
        if (await records.FindAsync(parsed, cancellationToken) is not { } record)
            return;
        await DriverOf(record.Value.Driver).UnmountAsync(parsed, holder, cancellationToken);
        Tell("unmount", parsed, [new("driver", record.Value.Driver), new("container", HolderId(holder))]);
    }

    /// <summary>
    /// Copies a directory's content, owner and mode into a volume that is empty; does nothing to one that is not. Killed
    /// in the middle, the volume has all of it or nothing after a restart. What others write to it meanwhile stays as it is.
    /// </summary>
    /// <param name="name">The volume.</param>
    /// <param name="sourceDirectory">The directory, opened below the container's root; stays the caller's.</param>
    /// <param name="cancellationToken">Honoured before the copy begins.</param>
    /// <returns>Whether anything was copied.</returns>
    /// <exception cref="StrakeException">NotFound. Exhausted: no space left; nothing was copied.</exception>
    public async Task<bool> FillAsync(string name, SafeFileHandle sourceDirectory, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeName.Parse(name);
        using IDisposable turn = await names.EnterAsync(parsed, cancellationToken);
        Versioned<VolumeRecord> record = await lifecycle.ReadyAsync(parsed, await records.GetAsync(parsed, cancellationToken), cancellationToken);
        return await lifecycle.FillAsync(parsed, record, sourceDirectory, cancellationToken);
    }

    /// <summary>Who uses a volume.</summary>
    /// <param name="name">The volume; one that does not exist has no users.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public async ValueTask<IReadOnlyList<VolumeUse>> UsersOfAsync(string name, CancellationToken cancellationToken) =>
        VolumeName.TryParse(name, out VolumeName parsed) ? await ledger.OfAsync(parsed, cancellationToken) : [];

    /// <summary>What a volume's files occupy, in bytes. Walks the volume.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <exception cref="StrakeException">NotFound.</exception>
    public async Task<long> MeasureAsync(string name, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeName.Parse(name);
        Versioned<VolumeRecord> record = await records.GetAsync(parsed, cancellationToken);
        return await DriverOf(record.Value.Driver).MeasureAsync(parsed, cancellationToken);
    }

    /// <summary>
    /// After a restart: drops the uses of holders that are no more, and removes anonymous volumes that so lost their
    /// last user, for nobody knows their names. A volume with which that does not work is told of in <see cref="OpenFindings"/>.
    /// </summary>
    /// <param name="holders">All holders that there are.</param>
    /// <param name="cancellationToken">Honoured between two volumes.</param>
    public async Task ReconcileAsync(IReadOnlySet<string> holders, CancellationToken cancellationToken)
    {
        var findings = new List<string>(OpenFindings);
        foreach (VolumeUse use in await ledger.AllAsync(why => findings.Add(why.Message), cancellationToken))
        {
            if (holders.Contains(use.Attachment.Holder))
                continue;
            try
            {
                await DropAsync(use, cancellationToken);
            }
            catch (Exception failed) when (failed is StrakeException or IOException)
            {
                findings.Add($"volume {use.Volume}: {use.Attachment.Holder} is no more, and its use of it stays: {failed.Message}");
            }
        }

        OpenFindings = findings;
    }

    async Task DropAsync(VolumeUse use, CancellationToken cancellationToken)
    {
        await DetachAsync(use.Volume, use.Attachment.Holder, cancellationToken);
        bool orphaned = await FindAsync(use.Volume, cancellationToken) is { IsAnonymous: true }
            && (await UsersOfAsync(use.Volume, cancellationToken)).Count == 0;
        if (orphaned)
            await RemoveAsync(use.Volume, force: true, cancellationToken);
    }

    /// <summary>Compares records, users and storage. Changes nothing.</summary>
    /// <param name="holders">All holders that there are.</param>
    /// <param name="cancellationToken">Honoured between two volumes.</param>
    /// <returns>What is wrong, one sentence each; empty when all is well.</returns>
    public Task<IReadOnlyList<string>> CheckAsync(IReadOnlySet<string> holders, CancellationToken cancellationToken) =>
        new VolumeCheck(records, ledger, options.Drivers).RunAsync(holders, cancellationToken);

    async Task<Volume> ReuseAsync(
        VolumeName name, Versioned<VolumeRecord> existing, IVolumeDriver driver, Attachment? attachment, CancellationToken cancellationToken)
    {
        if (existing.Value.Driver != driver.Name)
            throw StrakeException.Conflict($"create {name}: conflict: volume name must be unique: it exists with the driver {existing.Value.Driver}");
        existing = await lifecycle.ReadyAsync(name, existing, cancellationToken);
        if (attachment is not null)
            await records.WriteAsync(name, existing.Value, existing.Revision, Durability.Eventual, cancellationToken, attachment);
        return View(name, existing.Value);
    }

    IVolumeDriver? FindDriver(string driver) => options.Drivers.FirstOrDefault(candidate => candidate.Name == driver);

    IVolumeDriver DriverOf(string driver) => FindDriver(driver)
        ?? throw StrakeException.NotFound($"error looking up volume plugin {driver}: plugin \"{driver}\" not found");

    Volume View(VolumeName name, VolumeRecord record)
    {
        // A volume whose driver is no more is listed, and whoever wants its content is told why there is none.
        IVolumeDriver? driver = FindDriver(record.Driver);
        return new Volume(
            name.ToString(), record.Driver, driver?.PathOf(name) ?? "", record.Labels, record.Options, record.CreatedAt, driver?.Scope ?? "local");
    }

    void Tell(string action, VolumeName name, ReadOnlySpan<KeyValuePair<string, string>> attributes) => Tell(action, name.ToString(), attributes);

    void Tell(string action, string name, ReadOnlySpan<KeyValuePair<string, string>> attributes) => options.OnEvent?.Invoke(
        new EngineEvent("volume", action, name, new Dictionary<string, string>(attributes.ToArray()), options.Time.GetUtcNow()));

    static IReadOnlyDictionary<string, string> LabelsOf(VolumeRequest request) => string.IsNullOrEmpty(request.Name)
        ? new Dictionary<string, string>(request.Labels) { [Volume.AnonymousLabel] = "" }
        : request.Labels;

    static string HolderId(string holder) => holder[(holder.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
