namespace Strake.Volumes;

/// <summary>Everybody who writes to some volumes, stopped until this is disposed: containers are frozen, and so is a file system of a volume's own.</summary>
/// <param name="options">The volumes, and who freezes containers.</param>
sealed class StoppedWriters(StrakeCsiOptions options) : IAsyncDisposable
{
    readonly Stack<IAsyncDisposable> held = [];
    readonly Stack<IDisposable> frozen = [];

    /// <summary>Stops the writers of one more volume.</summary>
    /// <exception cref="StrakeException">InUse: there are some that cannot be stopped; names them.</exception>
    public async Task AddAsync(string volume)
    {
        IReadOnlySet<string> holders = new HashSet<string>();
        if (options.Hold is { } hold)
        {
            IHeldWriters writers = await hold(volume, CancellationToken.None);
            held.Push(writers);
            holders = writers.Holders;
        }

        List<string> others =
        [
            .. from use in await options.Volumes.Uses.OfAsync(volume, CancellationToken.None)
               where use is { Mounted: true, Attachment.ReadOnly: false } && !holders.Contains(use.Attachment.Holder)
               select use.Attachment.Destination,
        ];
        if (others.Count == 0)
            return;
        frozen.Push(await options.Volumes.Copies.FreezeAsync(volume, CancellationToken.None)
            ?? throw StrakeException.InUse($"snapshot {volume}: it is written to at {string.Join(", ", others)}, and only a volume of backend=image can be held still meanwhile; stop those first"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (frozen.TryPop(out IDisposable? one))
            one.Dispose();
        while (held.TryPop(out IAsyncDisposable? one))
            await one.DisposeAsync();
    }
}
