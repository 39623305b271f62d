using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>
/// Volumes that were removed and can be had again until their time is over. A volume in the trash is a volume under a name that nobody gave it,
/// which no list shows and nobody can use; its old name is free at once, what it holds takes its space until it is gone.
/// </summary>
/// <example>
/// <code>
/// await volumes.Trash.PutAsync("data", TimeSpan.FromDays(7), ct);
/// await volumes.Trash.RestoreAsync("data", name: null, ct);
/// await volumes.Trash.EmptyAsync(all: false, ct);     // those whose time is over
/// </code>
/// </example>
public sealed class VolumeTrash
{
    /// <summary>How much of an id people are shown, and have to write at least.</summary>
    public const int ShownIdLength = 12;

    readonly VolumeContext context;

    internal VolumeTrash(VolumeContext context) => this.context = context;

    /// <summary>Puts a volume into the trash.</summary>
    /// <param name="name">A volume that nobody uses.</param>
    /// <param name="keep">How long it can be had again; more than nothing.</param>
    /// <param name="cancellationToken">Honoured until the intent is written.</param>
    /// <exception cref="StrakeException">NotFound. InUse: names the users. NotSupported: its driver cannot; <c>docker volume rm</c> removes it at once.</exception>
    public async Task<TrashedVolume> PutAsync(string name, TimeSpan keep, CancellationToken cancellationToken)
    {
        VolumeName from = VolumeRecords.NameOf(name);
        var id = VolumeName.Anonymous();
        using IDisposable turn = await context.Names.EnterBothAsync(from, id, cancellationToken);
        Versioned<VolumeRecord> record = await context.Records.GetAsync(from, cancellationToken);
        if (record.Value.State is VolumeState.Trashed or VolumeState.Removing)
            throw VolumeRecords.NoSuchVolume(name);
        record = await context.Lifecycle.ReadyAsync(from, record, cancellationToken);
        await context.Ledger.RequireNoneAsync("remove", from, cancellationToken);
        DateTimeOffset now = context.Time.GetUtcNow();
        var trash = new TrashRecord(name, now, now + keep);
        await context.Lifecycle.RenameAsync(from, record, id, trash, cancellationToken);
        context.Tell("trash", from, [new("name", id.ToString())]);
        return View(id.ToString(), trash);
    }

    /// <summary>What is in the trash, the newest first.</summary>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public async Task<IReadOnlyList<TrashedVolume>> ListAsync(CancellationToken cancellationToken) =>
    [
        .. (await context.Records.ListAsync(static (_, _) => { }, cancellationToken))
            .Select(static record => record.Value is { State: VolumeState.Trashed, Trash: { } trash } ? View(record.Id, trash) : null)
            .OfType<TrashedVolume>()
            .OrderByDescending(static trashed => trashed.Since),
    ];

    /// <summary>Takes a volume out of the trash.</summary>
    /// <param name="reference">What it was called, where the newest of that name is meant; or its id, or the beginning of that.</param>
    /// <param name="name">What it is to be called; null: as it was.</param>
    /// <param name="cancellationToken">Honoured until the intent is written.</param>
    /// <returns>What it is called.</returns>
    /// <exception cref="StrakeException">NotFound: none is there of that name. Conflict: there is a volume of the name that it is to have.</exception>
    public async Task<string> RestoreAsync(string reference, string? name, CancellationToken cancellationToken)
    {
        TrashedVolume trashed = (await ListAsync(cancellationToken)).FirstOrDefault(IsMeant)
            ?? throw StrakeException.NotFound($"restore {reference}: there is no such volume in the trash");
        VolumeName id = VolumeName.Parse(trashed.Id);
        VolumeName to = VolumeName.Parse(name ?? trashed.Name, "restore");
        using IDisposable turn = await context.Names.EnterBothAsync(id, to, cancellationToken);
        if (await context.Records.FindAsync(id, cancellationToken) is not { Value.State: VolumeState.Trashed } record)
            throw StrakeException.NotFound($"restore {reference}: it is not in the trash any more");
        if (await context.Records.FindAsync(to, cancellationToken) is not null)
            throw StrakeException.Conflict($"restore {reference}: there is a volume {to} already; restore it under another name (strake volume restore {reference} NAME)");
        await context.Lifecycle.RenameAsync(id, record, to, trash: null, cancellationToken);
        context.Tell("restore", to, [new("name", trashed.Id)]);
        return to.ToString();

        bool IsMeant(TrashedVolume found) =>
            found.Name == reference || (reference.Length >= ShownIdLength && found.Id.StartsWith(reference, StringComparison.Ordinal));
    }

    /// <summary>Removes for good what is in the trash.</summary>
    /// <param name="all">All of it; else that whose time is over.</param>
    /// <param name="cancellationToken">Honoured between two volumes.</param>
    /// <returns>What was removed, by the names that it had, and why the rest could not be, a sentence each.</returns>
    public async Task<TrashReport> EmptyAsync(bool all, CancellationToken cancellationToken)
    {
        var removed = new List<string>();
        var failures = new List<string>();
        foreach (TrashedVolume trashed in await ListAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!all && trashed.Until > context.Time.GetUtcNow())
                continue;
            try
            {
                if (await TryRemoveAsync(VolumeName.Parse(trashed.Id), cancellationToken))
                    removed.Add(trashed.Name);
            }
            catch (Exception failed) when (failed is StrakeException or IOException)
            {
                failures.Add($"volume {trashed.Name} stays in the trash: {failed.Message}");
            }
        }

        return new TrashReport(removed, failures);
    }

    // Somebody may have restored it since the list was made.
    async Task<bool> TryRemoveAsync(VolumeName id, CancellationToken cancellationToken)
    {
        using IDisposable turn = await context.Names.EnterAsync(id, cancellationToken);
        if (await context.Records.FindAsync(id, cancellationToken) is not { Value: { State: VolumeState.Trashed, Trash: { } trash } } record)
            return false;
        await context.Lifecycle.RemoveAsync(id, record, cancellationToken);
        context.Tell("destroy", id, [new("name", trash.Name)]);
        return true;
    }

    static TrashedVolume View(string id, TrashRecord trash) => new(id, trash.Name, trash.Since, trash.Until);
}
