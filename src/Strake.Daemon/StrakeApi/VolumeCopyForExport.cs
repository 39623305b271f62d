using Strake.Volumes;

namespace Strake.Daemon.StrakeApi;

/// <summary>
/// A copy of a volume that is there for as long as it is read: nobody's name, and a holder that no restart knows, so that what a kill leaves of it goes.
/// </summary>
/// <param name="volumes">The volumes.</param>
/// <param name="name">The copy.</param>
/// <param name="holder">Who reads it.</param>
sealed class VolumeCopyForExport(VolumeStore volumes, string name, string holder) : IAsyncDisposable
{
    /// <summary>The copy's name.</summary>
    public string Name => name;

    /// <summary>Who reads it.</summary>
    public string Holder => holder;

    /// <summary>Removes it.</summary>
    public async ValueTask DisposeAsync()
    {
        await volumes.Uses.UnmountAsync(name, holder, CancellationToken.None);
        await volumes.Uses.DetachAsync(name, holder, CancellationToken.None);
        await volumes.RemoveAsync(name, force: true, CancellationToken.None);
    }
}
