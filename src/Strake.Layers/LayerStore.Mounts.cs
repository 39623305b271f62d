using Strake.Images;
using Strake.Linux;

namespace Strake.Layers;

public sealed partial class LayerStore
{
    /// <summary>Mounts a writable layer on its image.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="access">Whether it may be written; one mount at a time may.</param>
    /// <param name="target">An existing directory.</param>
    /// <returns>The mount, to be disposed or released.</returns>
    /// <exception cref="StrakeException">It cannot be mounted; nothing is.</exception>
    public LayerMount Mount(WritableLayer layer, LayerAccess access, string target) => Attach(layer.Id, layer.Parents, access, target, hold: null);

    /// <summary>Mounts an image's file system to look at; the image's layers are kept while the mount's scope is open.</summary>
    /// <param name="chain">The image's chain.</param>
    /// <param name="target">An existing directory.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <exception cref="StrakeException">NotFound: the chain is not in the store. Otherwise: it cannot be mounted; nothing is.</exception>
    public async Task<LayerMount> MountAsync(ChainId chain, string target, CancellationToken cancellationToken = default)
    {
        var hold = await holds.HoldAsync(chain, cancellationToken);
        try
        {
            var layer = await GetAsync(chain, cancellationToken);
            return Attach(layer.Id, layer.Entry.Parents, LayerAccess.ReadOnly, target, hold);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes off what is mounted at a directory; nothing is fine. It is out of the tree on return. That its file system is let go of,
    /// which for overlay means to write back all that is dirty on the disk, happens in the background: see <see cref="DetachedMount"/>.
    /// </summary>
    /// <param name="target">Where the layer is mounted.</param>
    /// <exception cref="StrakeException">It cannot be unmounted.</exception>
    public void Unmount(string target) => mounts.Detach(target);

    LayerMount Attach(LayerId id, IReadOnlyList<LayerId> parents, LayerAccess access, string target, IDisposable? hold)
    {
        if (access == LayerAccess.ReadWrite) mounts.Attaching(id, target);
        try
        {
            using var active = (Driver as ILayerActivation)?.Activate(id);
            Attach(Driver.Mounts(id, parents, access, target));
        }
        catch (LinuxException e)
        {
            throw StorageFailure.From(e, $"{Driver.Name}: mount layer {id} at {target}");
        }

        return new(target, mounts, hold);
    }

    // Scaffolding of two mounts may lie on one another at one place, and the kernel refuses (ENOENT) to mount on what is just being taken off there.
    void Attach(IReadOnlyList<Mount> list)
    {
        if (list.Count == 1)
        {
            list[0].Attach().Release();
            return;
        }

        lock (scaffolding)
        {
            var scopes = new Stack<MountScope>();
            try
            {
                foreach (var mount in list) scopes.Push(mount.Attach());
                scopes.Pop().Release();
            }
            finally
            {
                while (scopes.TryPop(out var scope)) scope.Dispose();
            }
        }
    }
}
