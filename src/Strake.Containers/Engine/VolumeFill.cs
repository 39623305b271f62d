using Microsoft.Win32.SafeHandles;
using Strake.Layers;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>Copies what an image has at a volume's place into the volume, if that is empty. The image is mounted for the first that needs it, and seen by nobody else.</summary>
sealed class VolumeFill(EngineContext context, string id, WritableLayer layer) : IDisposable
{
    RootedDirectory? root;

    /// <summary>Fills one volume.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="destination">Where the container sees it.</param>
    /// <param name="cancellationToken">Honoured before the copy begins.</param>
    public async Task FillAsync(string volume, string destination, CancellationToken cancellationToken)
    {
        root ??= await RootView.OpenAsync(context, layer, LayerAccess.ReadOnly, id);
        // Resolved by the kernel below the container's root: a VOLUME that is a link, or names one, leads nowhere else.
        using SafeFileHandle? source = root.TryOpenDirectory(PathBytes.Encode(destination));
        if (source is not null)
            await context.Volumes.Uses.FillAsync(volume, source, cancellationToken);
    }

    /// <summary>Lets go of the image.</summary>
    public void Dispose() => root?.Dispose();
}
