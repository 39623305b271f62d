using System.Globalization;
using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>
/// All volumes of the engine: what they are called and which driver has them. Every operation on a volume is written down
/// before its effect, so that a restart finishes or takes back what a kill cut short.
/// </summary>
/// <example>
/// <code>
/// var volumes = await VolumeStore.OpenAsync(new(state, [new LocalDriver("/var/lib/strake/volumes")], TimeProvider.System), ct);
/// await volumes.CreateAsync(new VolumeRequest("data") { Attachment = new("container/4f2a", "/var/lib/mysql", false) }, ct);
/// string path = await volumes.Uses.MountAsync("data", "container/4f2a", ct);
/// </code>
/// </example>
public sealed class VolumeStore
{
    readonly VolumeContext context;
    readonly VolumeCatalog catalog;
    readonly VolumeCreation creation;
    readonly VolumeReconciliation reconciliation;

    VolumeStore(VolumeContext context, IReadOnlyList<string> findings, IReadOnlyList<VolumeName> unsettled)
    {
        this.context = context;
        OpenFindings = findings;
        catalog = new VolumeCatalog(context);
        Uses = new VolumeUses(context);
        Copies = new VolumeCopies(context);
        Trash = new VolumeTrash(context);
        Measures = new VolumeMeasures(context, catalog);
        creation = new VolumeCreation(context, catalog, Copies);
        reconciliation = new VolumeReconciliation(this, context, unsettled);
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
        VolumeContext parts = VolumeContext.Of(options);
        var recovery = new VolumeRecovery(parts);
        IReadOnlyList<string> findings = await recovery.RunAsync(cancellationToken);
        return new VolumeStore(parts, findings, recovery.Later);
    }

    /// <summary>Who has volumes, and what they do with them.</summary>
    public VolumeUses Uses { get; }

    /// <summary>Snapshots, rollbacks and clones.</summary>
    public VolumeCopies Copies { get; }

    /// <summary>Volumes that were removed and can be had again.</summary>
    public VolumeTrash Trash { get; }

    /// <summary>What volumes hold.</summary>
    public VolumeMeasures Measures { get; }

    /// <summary>
    /// What <see cref="OpenAsync"/> and <see cref="ReconcileAsync"/> found amiss and could not mend, a sentence each; empty in a sound store.
    /// </summary>
    public IReadOnlyList<string> OpenFindings { get; private set; }

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
    public Task<Volume> CreateAsync(VolumeRequest request, CancellationToken cancellationToken) => creation.RunAsync(request, cancellationToken);

    /// <summary>The volume of that name; null when there is none.</summary>
    /// <param name="name">A name; one that cannot be a volume's finds none.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public ValueTask<Volume?> FindAsync(string name, CancellationToken cancellationToken) => catalog.FindAsync(name, cancellationToken);

    /// <summary>
    /// As <see cref="FindAsync"/>, with what the volume's driver says of it; finds volumes too that only a plugin knows.
    /// </summary>
    /// <param name="name">A name; one that cannot be a volume's finds none.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <exception cref="StrakeException">Internal: the volume's plugin cannot be asked.</exception>
    public Task<Volume?> InspectAsync(string name, CancellationToken cancellationToken) => catalog.InspectAsync(name, cancellationToken);

    /// <summary>All volumes that this engine has made or used, in the order of their names. Asks no driver.</summary>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public ValueTask<IReadOnlyList<Volume>> ListAsync(CancellationToken cancellationToken) => catalog.ListAsync(cancellationToken);

    /// <summary>
    /// All volumes in the order of their names, those too that only plugins know. A plugin that does not answer within a second is named in
    /// a warning, and its volumes are listed as far as they are known.
    /// </summary>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public Task<VolumeListing> ListAllAsync(CancellationToken cancellationToken) => catalog.ListAllAsync(cancellationToken);

    /// <summary>Gives a volume another name.</summary>
    /// <param name="name">A volume that nobody uses: containers know their volumes by name.</param>
    /// <param name="newName">The name.</param>
    /// <param name="cancellationToken">Honoured until the intent is written.</param>
    /// <returns>The volume under its new name.</returns>
    /// <exception cref="StrakeException">
    /// NotFound. Conflict: there is a volume of the new name. InUse: names the users. NotSupported: its driver gives no other names.
    /// </exception>
    public async Task<Volume> RenameAsync(string name, string newName, CancellationToken cancellationToken)
    {
        VolumeName from = VolumeRecords.NameOf(name);
        VolumeName to = VolumeName.Parse(newName, "rename");
        if (from == to)
            throw StrakeException.Conflict($"rename {name}: that is its name");
        using IDisposable turn = await context.Names.EnterBothAsync(from, to, cancellationToken);
        Versioned<VolumeRecord> record = await context.ReadyAsync(from, cancellationToken);
        if (await context.Records.FindAsync(to, cancellationToken) is not null)
            throw StrakeException.Conflict($"rename {name}: there is a volume {to} already");
        await context.Ledger.RequireNoneAsync("rename", from, cancellationToken);
        // Somebody names it now.
        Dictionary<string, string> labels = record.Value.Labels.Where(static label => label.Key != Volume.AnonymousLabel).ToDictionary(StringComparer.Ordinal);
        record = record with { Value = record.Value with { Labels = labels } };
        record = await context.Lifecycle.RenameAsync(from, record, to, trash: null, cancellationToken);
        context.Tell("rename", to, [new("driver", record.Value.Driver), new("oldName", name)]);
        return catalog.View(to, record.Value);
    }

    /// <summary>Gives a volume another size; one that grows may be in use.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="size">The size as the user wrote it, such as <c>200m</c>.</param>
    /// <param name="cancellationToken">Honoured until the intent is written.</param>
    /// <returns>The volume with its new size.</returns>
    /// <exception cref="StrakeException">
    /// NotFound. NotSupported: it has no size. Invalid: the size is none. InUse: it can shrink only while nobody has it. Exhausted: it holds
    /// more than that.
    /// </exception>
    public async Task<Volume> ResizeAsync(string name, string size, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeRecords.NameOf(name);
        using IDisposable turn = await context.Names.EnterAsync(parsed, cancellationToken);
        Versioned<VolumeRecord> record = await context.ReadyAsync(parsed, cancellationToken);
        try
        {
            record = await context.Lifecycle.ResizeAsync(parsed, record, size, cancellationToken);
        }
        catch (StrakeException refused) when (!refused.Message.StartsWith($"resize {parsed}: ", StringComparison.Ordinal))
        {
            // A backend says what is wrong; a driver of its own, also of what.
            throw new StrakeException(refused.Kind, $"resize {parsed}: {refused.Message}", refused);
        }

        context.Tell("resize", parsed, [new("driver", record.Value.Driver), new("size", size)]);
        return catalog.View(parsed, record.Value);
    }

    /// <summary>Changes parameters of a volume that its driver can change.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="parameters">Names and values, as the driver knows them.</param>
    /// <param name="cancellationToken">Passed to the driver.</param>
    /// <exception cref="StrakeException">NotFound. NotSupported: its driver changes none.</exception>
    public async Task ModifyAsync(string name, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeName.Parse(name);
        using IDisposable turn = await context.Names.EnterAsync(parsed, cancellationToken);
        Versioned<VolumeRecord> record = await context.ReadyAsync(parsed, cancellationToken);
        if (context.Drivers.Get(record.Value.Driver) is not IModifiableVolumeDriver driver)
            throw StrakeException.NotSupported($"modify {name}: the driver {record.Value.Driver} changes no parameters of its volumes");
        await driver.ModifyAsync(parsed, parameters, cancellationToken);
        await context.Records.WriteAsync(parsed, record.Value with { Options = driver.OptionsOf(parsed) }, record.Revision, Durability.Synced, CancellationToken.None);
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

        using IDisposable turn = await context.Names.EnterAsync(parsed, cancellationToken);
        if ((await context.Records.FindAsync(parsed, cancellationToken) ?? await AdoptSharedAsync(parsed, cancellationToken)) is not { } record)
        {
            if (force)
                return;
            throw VolumeRecords.NoSuchVolume(name);
        }

        await context.Ledger.RequireNoneAsync("remove", parsed, cancellationToken);
        try
        {
            await context.Lifecycle.RemoveAsync(parsed, record, cancellationToken);
        }
        catch (StrakeException refused) when (force && refused.Kind is not ErrorKind.InUse && context.Drivers.Get(record.Value.Driver) is IDistantVolumeDriver distant)
        {
            // As Docker: who insists is rid of the name; what the plugin has is the plugin's.
            await distant.ForgetAsync(parsed);
            if (await context.Records.FindAsync(parsed, CancellationToken.None) is { } left)
                await context.Records.DeleteAsync(parsed, left.Revision, CancellationToken.None);
        }

        context.Tell("destroy", parsed, [new("driver", record.Value.Driver)]);
    }

    async Task<Versioned<VolumeRecord>?> AdoptSharedAsync(VolumeName name, CancellationToken cancellationToken)
    {
        if (await context.Drivers.FindOwnerAsync(name, cancellationToken) is not (var driver, { } volume))
            return null;
        var none = new Dictionary<string, string>();
        var record = new VolumeRecord(driver.Name, none, none, volume.CreatedAt ?? context.Time.GetUtcNow(), VolumeState.Ready);
        return await context.Records.WriteAsync(name, record, revision: 0, Durability.Eventual, cancellationToken);
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
            // As Docker: what a plugin has is not this engine's to tidy up.
            if (context.Drivers.Find(volume.Driver) is null or ISharedVolumeDriver || !which(volume) || (await Uses.OfAsync(volume.Name, cancellationToken)).Count > 0)
                continue;
            try
            {
                long size = await Measures.WalkAsync(volume.Name, cancellationToken);
                await RemoveAsync(volume.Name, force: true, cancellationToken);
                deleted.Add(volume.Name);
                reclaimed += Math.Max(size, 0);
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

        context.Tell("prune", "", [new("reclaimed", reclaimed.ToString(CultureInfo.InvariantCulture))]);
        return new VolumePruneReport(deleted, reclaimed, failures);
    }

    /// <summary>
    /// After a restart: drops the uses of holders that are no more, unmounts what those that do not run had mounted, and removes anonymous volumes that so lost their
    /// last user, for nobody knows their names. A volume with which that does not work is told of in <see cref="OpenFindings"/>.
    /// </summary>
    /// <param name="holders">All holders that there are.</param>
    /// <param name="running">Those that can have volumes mounted.</param>
    /// <param name="cancellationToken">Honoured between two volumes.</param>
    public async Task ReconcileAsync(IReadOnlySet<string> holders, IReadOnlySet<string> running, CancellationToken cancellationToken) =>
        OpenFindings = [.. OpenFindings, .. await reconciliation.RunAsync(holders, running, cancellationToken)];

    /// <summary>
    /// After a restart, when the engine is up: finishes with the volumes and mounts of plugins what the last run left. Waits for plugins, and so is
    /// not waited for; what fails stays for the next start, or the volume's next use.
    /// </summary>
    /// <param name="cancellationToken">Honoured between two volumes.</param>
    /// <returns>What could not be finished, a sentence each.</returns>
    public Task<IReadOnlyList<string>> SettleSharedAsync(CancellationToken cancellationToken) => reconciliation.SettleSharedAsync(cancellationToken);

    /// <summary>As the second half of <see cref="SettleSharedAsync(CancellationToken)"/>, when a driver has come that was away.</summary>
    /// <param name="cancellationToken">Honoured between two volumes.</param>
    /// <returns>What could not be finished, a sentence each.</returns>
    public Task<IReadOnlyList<string>> SettleLeftAsync(CancellationToken cancellationToken) => reconciliation.SettleLeftAsync(cancellationToken);

    /// <summary>Compares records, users and storage. Changes nothing.</summary>
    /// <param name="holders">All holders that there are.</param>
    /// <param name="cancellationToken">Honoured between two volumes.</param>
    /// <returns>What is wrong, one sentence each; empty when all is well.</returns>
    public async Task<IReadOnlyList<string>> CheckAsync(IReadOnlySet<string> holders, CancellationToken cancellationToken)
    {
        await context.Records.Removed.SettleAsync();
        CsiDrivers? csi = context.Drivers.Csi;
        if (csi is not null)
        {
            // What is being settled is no finding.
            await csi.QuietAsync(cancellationToken);
            await reconciliation.QuietAsync(cancellationToken);
        }

        IReadOnlyList<string> findings = await new VolumeCheck(context.Records, context.Ledger, [.. context.Drivers.Own, .. csi?.All ?? []]).RunAsync(holders, cancellationToken);
        return csi is null ? findings : [.. findings, .. await csi.CheckAsync(cancellationToken)];
    }
}
